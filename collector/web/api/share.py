"""/api/share: how a tablet joins; told to the computer itself alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request

from collector.web.api.bodies.common import Body, errors
from collector.web.api.errors import RequestError
from collector.web.safety.entry import Entry
from collector.web.safety.share import qr_svg

routes: Final = APIRouter(prefix="/api/share", tags=["status"])


@dataclass(frozen=True, slots=True)
class Sharing:
    """Where tablets find this screen, and what they compare the certificate with.

    `is_new`: the certificate was made just now, so that tablets ask again whether to trust it.
    """

    address: str
    fingerprint: str
    entry: Entry
    is_new: bool = False


class ShareBody(Body):
    """`GET /api/share`."""

    address: str
    fingerprint: str
    code: str
    qr_svg: str


@routes.get("", summary="Show how a tablet joins", operation_id="share", responses=errors(404))
def share(request: Request) -> ShareBody:
    """Return address, fingerprint and code; a tablet is not told, so that it lets nobody in."""
    sharing: Sharing | None = request.app.state.share
    session = getattr(request.state, "session", None)
    if sharing is None or getattr(session, "tablet", True) or sharing.entry.code is None:
        raise RequestError(
            "This screen is not shared from here: start it with `hipgonio serve --share`, and look"
            " at it on the computer itself.",
            reason="not_shared",
            status=404,
        )
    return ShareBody(
        address=sharing.address,
        fingerprint=sharing.fingerprint,
        code=sharing.entry.code,
        qr_svg=qr_svg(sharing.address),
    )
