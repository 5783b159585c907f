"""Papers to print: a person's report and a trial's certificate, each a page of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from collector.own_norms import all_norms
from collector.report.certificate import (
    CertificatePage,
    certificate_body,
    certificate_html,
    certificate_page_of,
)
from collector.report.page import page
from collector.report.person import PersonReport, person_report
from collector.web.api.bodies.common import ErrorBody, errors
from collector.web.api.errors import SCHEMA, RequestError
from collector.web.api.here import AtDesk, SubjectCode, TrialNumber
from collector.web.desk import Desk
from collector.web.safety.policy import document_policy
from schemas.errors import UsageError

routes: Final = APIRouter(prefix="/api", tags=["papers"])

Download = Annotated[bool, Query(description="True: as an attachment, to be saved.")]

_PDF: Final[dict[str, Any]] = {
    "application/pdf": {"schema": {"type": "string", "format": "binary"}}
}
_NOT_IMPLEMENTED: Final = 501


@routes.get(
    "/subjects/{code}/report.html",
    summary="A person's report as a page",
    operation_id="reportPage",
    response_class=HTMLResponse,
    responses=errors(404),
)
def report_page(
    code: SubjectCode, desk: AtDesk, request: Request, download: Download = False
) -> Response:
    """Return the page that `hipgonio report` writes."""
    made = _now()
    text = page(_report(desk, code), made=made)
    return _page(request, text, f"hipgonio-{code}-{made[:10]}.html" if download else "")


@routes.get(
    "/subjects/{code}/report.pdf",
    summary="A person's report as PDF",
    operation_id="reportPdf",
    response_class=Response,
    responses={
        200: {"description": "The report.", "content": _PDF},
        _NOT_IMPLEMENTED: {"model": ErrorBody, "description": "The extra `pdf` is missing."},
        **errors(404),
    },
)
def report_pdf(code: SubjectCode, desk: AtDesk, download: Download = False) -> Response:
    """Return what `hipgonio report --pdf` writes; 501 `no_pdf` where reportlab is missing."""
    from collector.report.pdf import require_reportlab

    try:
        require_reportlab()
    except UsageError as error:
        raise RequestError(error.message, reason=error.reason, status=_NOT_IMPLEMENTED) from None
    from collector.report.pdf.person import person_pdf

    made = _now()
    content = person_pdf(_report(desk, code), made=made)
    where = "attachment" if download else "inline"
    name = f'{where}; filename="hipgonio-{code}-{made[:10]}.pdf"'
    return Response(content, media_type="application/pdf", headers={"content-disposition": name})


@routes.get(
    "/trials/{trial}/certificate",
    summary="A trial's certificate",
    operation_id="certificate",
    responses=errors(404),
)
def certificate(trial: TrialNumber, desk: AtDesk) -> dict[str, Any]:
    """Return every number of a trial with its origin."""
    return {"schema": SCHEMA, **certificate_body(_certificate(desk, trial))}


@routes.get(
    "/trials/{trial}/certificate.html",
    summary="A trial's certificate as a page",
    operation_id="certificatePage",
    response_class=HTMLResponse,
    responses=errors(404),
)
def certificate_page(
    trial: TrialNumber, desk: AtDesk, request: Request, download: Download = False
) -> Response:
    """Return the page that `hipgonio trials certificate` writes."""
    text = certificate_html(_certificate(desk, trial), made=_now())
    return _page(request, text, f"hipgonio-certificate-{trial}.html" if download else "")


def _page(request: Request, text: str, attached: str) -> Response:
    """Return a page that may use its own style and nothing else; the guard sends the policy."""
    request.state.policy = document_policy(text)
    headers = {"content-disposition": f'attachment; filename="{attached}"'} if attached else {}
    return HTMLResponse(text, headers=headers)


def _report(desk: Desk, code: str) -> PersonReport:
    with desk.store() as store:
        return person_report(store, code, norms=all_norms())


def _certificate(desk: Desk, trial: int) -> CertificatePage:
    with desk.store() as store:
        return certificate_page_of(store, trial)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
