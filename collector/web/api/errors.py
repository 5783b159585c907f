"""Every error that leaves over HTTP, in one shape: code, reason, one sentence, fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from collector.web.api.bodies.common import FieldError
from collector.web.api.refusals import sentence_of
from schemas.errors import (
    HipgonioError,
    InputError,
    QualityError,
    RadioError,
    SensorMissingError,
    StoreError,
    UsageError,
)

SCHEMA: Final = 1
"""Version of every body."""

_CONFLICTS: Final = frozenset({"subject_exists", "trial_open"})
_MISSING: Final = frozenset({"no_result", "nothing_to_report", "unknown_protocol"})
_FIELD_OF: Final = {
    "bad_subject_code": "code",
    "subject_exists": "code",
    "bad_examiner_code": "examiner",
    "bad_pain": "pain_nrs",
}
"""Reasons that are about one field of a form, whoever found them."""

_STATUS: Final[Sequence[tuple[type[HipgonioError], int]]] = (
    (UsageError, 422),
    (RadioError, 503),
    (SensorMissingError, 503),
    (QualityError, 409),
    (InputError, 422),
    (StoreError, 500),
)
_HTTP: Final = {
    401: ("not_signed_in", "You are not signed in: open the address that hipgonio printed."),
    403: ("forbidden", "This request came from somewhere else and is refused."),
    404: ("no_such_path", "There is nothing at this address: see /api/openapi.json for all."),
    405: ("method_not_allowed", "This address does not take such a request."),
    413: ("too_large", "The body is too large: expected at most 1 MB."),
}
_DEFECT: Final = (
    "This is a defect of hipgonio; nothing that was stored is lost. Try again, and report it if it"
    " stays."
)


class RequestError(UsageError):
    """A request that cannot be done, with its HTTP status and a sentence for every bad field."""

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        status: int = 422,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, reason=reason)
        self.status = status
        self.fields = dict(fields or {})


def install(app: FastAPI) -> None:
    """Let every error of an application leave in the agreed shape."""
    app.add_exception_handler(HipgonioError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _defect)


def error_response(
    status: int, *, code: int, reason: str, message: str, fields: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return one error as a response; `code` is the exit code of the command line."""
    error = {
        "code": code,
        "reason": reason,
        "message": _writable(message),
        "fields": {_writable(name): _writable(said) for name, said in (fields or {}).items()},
    }
    return JSONResponse({"schema": SCHEMA, "error": error}, status_code=status)


def status_of(error: HipgonioError) -> int:
    """Return the HTTP status of an error of ours."""
    if isinstance(error, RequestError):
        return error.status
    if error.reason.startswith("no_such_") or error.reason in _MISSING:
        return 404
    if error.reason in _CONFLICTS:
        return 409
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


async def _known(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HipgonioError) or error.exit_code == HipgonioError.exit_code:
        return await _defect(_request, error)
    named = _FIELD_OF.get(error.reason)
    fields = {named: error.message} if named else {}
    if isinstance(error, RequestError):
        fields = error.fields
    return error_response(
        status_of(error),
        code=error.exit_code,
        reason=error.reason,
        message=error.message,
        fields=fields,
    )


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    fields: dict[str, str] = {}
    for one in found:
        fields.setdefault(_field(one["loc"]), sentence_of(one))
    whole = fields.pop("", "")
    message = whole or " ".join(fields.values())
    code, reason = UsageError.exit_code, _reason(found)
    return error_response(422, code=code, reason=reason, message=message, fields=fields)


def _reason(found: Sequence[Any]) -> str:
    """Return the reason of the one thing that is wrong, if that has its own."""
    own = found[0].get("ctx", {}).get("error") if len(found) == 1 else None
    return own.reason if isinstance(own, FieldError) else "bad_request"


def _field(where: Sequence[object]) -> str:
    """Return the name of a field; empty for the body as a whole."""
    return ".".join(str(part) for part in where[1:] if not isinstance(part, int))


async def _http(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    reason, message = _HTTP.get(
        status, ("bad_request", "The request cannot be read: expected a JSON object.")
    )
    return error_response(status, code=UsageError.exit_code, reason=reason, message=message)


async def _defect(_request: Request, _error: Exception) -> JSONResponse:
    code = HipgonioError.exit_code
    return error_response(500, code=code, reason="defect", message=_DEFECT)


def _writable(text: str) -> str:
    """Return a text that UTF-8 can write: a lone half of a surrogate pair cannot be."""
    return text.encode("utf-8", "replace").decode()
