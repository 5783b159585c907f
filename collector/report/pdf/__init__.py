"""Reports as PDF, laid out from the very pages that a browser shows (extra `pdf`)."""

from __future__ import annotations

from importlib.util import find_spec

from schemas.errors import UsageError


def require_reportlab() -> None:
    """Raise `UsageError` `no_pdf` where the library that writes PDF is not installed."""
    if find_spec("reportlab") is None:
        raise UsageError(
            "A PDF needs reportlab, and it is not installed: expected the extra pdf"
            " (pip install 'hipgonio[pdf]'); without it, print the page from a browser.",
            reason="no_pdf",
        )
