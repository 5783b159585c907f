"""Papers to print: report and certificate as the screen serves them."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from api_kit import FIRST, UNSCORED, Api, refused

from collector.store import open_store


@pytest.mark.parametrize("path", ["/subjects/S-1/report.html", f"/trials/{FIRST}/certificate.html"])
def test_a_paper_is_a_page_without_script_that_needs_nothing_beside_it(api: Api, path):
    answer = api("GET", path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-disposition" not in answer.headers
    text = answer.text
    assert "<script" not in text
    assert not re.search(r"<[^>]*\son\w+\s*=|<[^>]*\sstyle\s*=", text)
    assert not re.search(r'(?:src|href)\s*=\s*"', text)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/subjects/S-1/report.html", r"hipgonio-S-1-\d{4}-\d\d-\d\d\.html"),
        (f"/trials/{FIRST}/certificate.html", rf"hipgonio-certificate-{FIRST}\.html"),
        ("/subjects/S-1/report.pdf", r"hipgonio-S-1-\d{4}-\d\d-\d\d\.pdf"),
    ],
)
def test_a_download_is_an_attachment_with_a_name(api: Api, path, name):
    told = api("GET", f"{path}?download=1").headers["content-disposition"]
    assert re.fullmatch(f'attachment; filename="{name}"', told)


def test_the_pdf_is_shown_in_its_place(api: Api):
    answer = api("GET", "/subjects/S-1/report.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.content.startswith(b"%PDF-")


def test_without_the_library_the_pdf_is_refused_and_says_why(api: Api, monkeypatch):
    monkeypatch.setattr("collector.report.pdf.find_spec", lambda _: None)
    error = refused(api("GET", "/subjects/S-1/report.pdf"), 501)
    assert (error["code"], error["reason"]) == (2, "no_pdf")
    assert "print the page from a browser" in error["message"]


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_a_subject_with_nothing_to_report_is_not_found(api: Api, db, suffix):
    with open_store(db) as store:
        store.add_subject("S-NEW")
    error = refused(api("GET", f"/subjects/S-NEW/report.{suffix}"), 404)
    assert error["reason"] == "nothing_to_report"
    error = refused(api("GET", f"/subjects/S-NOBODY/report.{suffix}"), 404)
    assert error["reason"] == "no_such_subject"


def test_the_certificate_has_an_origin_for_every_number(api: Api):
    body = api.get(f"/trials/{FIRST}/certificate")
    assert body["schema"] == 1
    assert len(body["numbers"]) > 30
    assert all(number["origin"] for number in body["numbers"])
    assert {sheet["segment"] for sheet in body["sensors"]} == {"pelvis", "thigh left"}
    assert len(body["raw_sha256"]) == 64


@pytest.mark.parametrize("suffix", ["", ".html"])
def test_a_trial_without_a_result_has_no_certificate(api: Api, suffix):
    error = refused(api("GET", f"/trials/{UNSCORED}/certificate{suffix}"), 404)
    assert error["reason"] == "no_result"
    error = refused(api("GET", f"/trials/999/certificate{suffix}"), 404)
    assert error["reason"] == "no_such_trial"


def test_a_script_in_a_remark_is_words_on_the_paper(api: Api):
    api.post(f"/trials/{FIRST}/remarks", {"note": "<script>alert(1)</script>"})
    text = api("GET", f"/trials/{FIRST}/certificate.html").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text


@pytest.mark.parametrize("path", ["/subjects/S-1/report.html", f"/trials/{FIRST}/certificate.html"])
def test_a_paper_may_use_its_own_style_by_its_hash_and_no_script(api: Api, path):
    states = []
    inner = api.app

    async def noting(scope, receive, send):
        scope["state"] = {}
        states.append(scope["state"])
        await inner(scope, receive, send)

    text = Api(noting)("GET", path).text
    css = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    sent = states[-1]["policy"].text("http://127.0.0.1:1")
    assert f"'sha256-{digest}'" in sent
    assert "script-src 'none'" in sent
    assert "unsafe" not in sent
