"""/api/trials/{id}/export: a trial as a file, byte for byte what `trials export` writes."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Response

from collector.export.series import SERIES, series_lines, trace_of
from collector.export.trial_json import stored_body
from collector.store import Store
from collector.web.api.bodies.common import errors
from collector.web.api.errors import SCHEMA
from collector.web.api.here import AtDesk, TrialNumber

routes: Final = APIRouter(prefix="/api/trials", tags=["trials"])

Format = Literal["angles", "relative", "results", "trace", "json"]

_TYPES: Final = {"csv": "text/csv; charset=utf-8", "gz": "application/gzip"}
_JSON: Final = "application/json"
_CONTENT: Final[dict[str, Any]] = {
    "text/csv": {"schema": {"type": "string"}},
    "application/gzip": {"schema": {"type": "string", "format": "binary"}},
    _JSON: {"schema": {"type": "object"}},
}


@routes.get(
    "/{trial}/export",
    summary="Export a trial",
    operation_id="exportTrial",
    response_class=Response,
    responses={
        200: {"description": "The file, as attachment.", "content": _CONTENT},
        **errors(404),
    },
)
def export_trial(
    trial: TrialNumber,
    desk: AtDesk,
    format_: Annotated[
        Format,
        Query(
            alias="format",
            description="Series as CSV (`angles`, `relative`, `results`), the raw notifications"
            " (`trace`), or the result as `trials show --json` prints it (`json`).",
        ),
    ] = "angles",
) -> Response:
    """Return a trial as a file; series are computed anew from the raw bytes."""
    with desk.store() as store:
        store.trial(trial)
        content = _content(store, trial, format_)
    if format_ == "json":
        return _file(content, f"hipgonio-trial-{trial}.json", _JSON)
    if format_ == "trace":
        return _file(content, f"hipgonio-trial-{trial}.jsonl.gz", _TYPES["gz"])
    return _file(content, f"hipgonio-trial-{trial}-{format_}.csv", _TYPES["csv"])


def _content(store: Store, trial: int, format_: Format) -> bytes:
    if format_ == "json":
        body = {"schema": SCHEMA, **stored_body(store, trial)}
        return json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
    if format_ in SERIES:
        lines = series_lines(store, trial, format_)
        return "".join(f"{line}\n" for line in lines).encode()
    return trace_of(store, trial)


def _file(content: bytes, name: str, media_type: str) -> Response:
    """Return a download; its name is made of our own words and a number alone."""
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=attached)
