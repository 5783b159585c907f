"""What every answer tells the browser: what a page may load, who may frame it, what is kept."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ContentPolicy:
    """What a page may load; the default is that of the screen itself.

    Parameters
    ----------
    scripts
        Whether the modules under ``/static/`` may run.
    styles
        SHA-256 (base64) of each inline ``<style>`` element that may apply.
    framed
        Whether our own pages may show it in a frame.
    """

    scripts: bool = True
    styles: tuple[str, ...] = ()
    framed: bool = False

    def text(self, origin: str) -> str:
        """Return the header's value for an answer that leaves `origin` (``http://host:port``)."""
        ours = " 'self'" if self.scripts else " 'none'"
        hashes = "".join(f" 'sha256-{digest}'" for digest in self.styles)
        socket = origin.replace("http", "ws", 1)  # not every browser counts it to 'self'
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src{ours}",
                f"style-src 'self'{hashes}",
                "img-src 'self' data:",
                f"connect-src 'self' {socket}" if self.scripts else "connect-src 'none'",
                f"frame-src{ours}",
                f"frame-ancestors {self.ancestors()}",
                "base-uri 'none'",
                "form-action 'self'",
                "object-src 'none'",
            )
        )

    def ancestors(self) -> str:
        """Return who may frame the page, in the words of the header."""
        return "'self'" if self.framed else "'none'"


SCREEN = ContentPolicy()


def document_policy(html: str) -> ContentPolicy:
    """Return the policy of a document of our own with inline styles: no script, framed by us."""
    digests = (hashlib.sha256(text.encode()).digest() for text in _STYLE.findall(html))
    styles = tuple(base64.b64encode(digest).decode("ascii") for digest in digests)
    return ContentPolicy(scripts=False, styles=styles, framed=True)


def safe_headers(policy: ContentPolicy, *, origin: str, path: str) -> list[tuple[bytes, bytes]]:
    """Return the headers that are on every answer, whatever the app said of them."""
    values = {
        "content-security-policy": policy.text(origin),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN" if policy.framed else "DENY",
        # A form posts `Origin: null` from a page without any referrer, so the one form has some.
        "referrer-policy": "same-origin" if path == "/enter" else "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
        "serial=(), hid=(), display-capture=()",
        "cache-control": "no-cache" if path.startswith("/static/") else "no-store",
    }
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in values.items()]
