from __future__ import annotations

import json
from pathlib import Path

import pytest
from api_kit import FIRST, Api, application, refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OURS = 200, 201
FROM_STAGES = {"SetResult", "SensorCertificate", "Versions", "Gap"}
"""Values of the pipeline: their own names carry the unit."""
POSTS = ("/subjects", f"/trials/{FIRST}/void", f"/trials/{FIRST}/remarks")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
names = st.sampled_from(
    ["code", "sex", "birth_year", "reason", "note", "pain_nrs", "examiner", "end_point"]
)
bodies = anything | st.dictionaries(names, anything, max_size=4)


def described(app):
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


@pytest.fixture(scope="module")
def openapi(tmp_path_factory):
    return application(tmp_path_factory.mktemp("api") / "unused.db")


def test_every_endpoint_is_summed_up_and_named_for_scripts(openapi):
    found = dict(described(openapi))
    assert len(found) >= 15
    for name, operation in found.items():
        assert operation["summary"], name
        assert operation["description"].endswith("."), name
        assert operation["operationId"].isalnum(), name
    ids = [operation["operationId"] for operation in found.values()]
    assert len(ids) == len(set(ids))


def test_every_endpoint_says_what_it_returns_and_how_it_fails(openapi):
    for name, operation in described(openapi):
        responses = operation["responses"]
        good = next(responses[str(code)] for code in OURS if str(code) in responses)
        assert all(one["schema"] for one in good["content"].values()), name
        for code in ("401", "422", "500"):
            (shape,) = responses[code]["content"].values()
            assert shape["schema"] == {"$ref": "#/components/schemas/ErrorBody"}, f"{name} {code}"


def test_every_field_and_every_parameter_is_described(openapi):
    for name, schema in openapi.openapi()["components"]["schemas"].items():
        if name in FROM_STAGES:
            continue
        for field, about in schema.get("properties", {}).items():
            assert about.get("description"), f"{name}.{field}"
    for name, operation in described(openapi):
        assert all(p.get("description") for p in operation.get("parameters", ())), name


def test_every_whole_answer_carries_the_version_of_its_shape(openapi):
    schemas = openapi.openapi()["components"]["schemas"]
    bodies_ = [s for name, s in schemas.items() if name.endswith(("Body", "List"))]
    assert len(bodies_) >= 8
    assert all(s["properties"]["schema"]["const"] == 1 for s in bodies_)


def test_the_docs_name_every_address(openapi):
    text = (Path(__file__).parents[3] / "docs" / "http-api.md").read_text(encoding="utf-8")
    for name, _ in described(openapi):
        method, path = name.split()
        shown = path.replace("{trial}", "{id}").replace("{test}", "{id}")
        assert f"`{method} {shown}`" in text, name


@pytest.mark.parametrize("path", POSTS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=bodies)
def test_no_json_whatever_is_a_defect(api, path, body):
    content = json.dumps(body).encode()  # NaN and lone surrogates too
    headers = {"Content-Type": "application/json"}
    response = api("POST", path, content=content, headers=headers)
    assert response.status_code in (200, 201, 409, 422), (body, response.text)
    if response.status_code >= 400:
        assert refused(response, response.status_code)["message"]


@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe", b"[" * 100_000, b"", b'{"birth_year": ' + b"9" * 5000 + b"}"]
)
def test_what_is_no_json_is_said_in_the_same_shape(api, content):
    headers = {"Content-Type": "application/json"}
    response = api("POST", "/subjects", content=content, headers=headers)
    assert response.status_code in (400, 422)
    refused(response, response.status_code)


def test_a_body_that_does_not_say_it_is_json_is_not_read_as_json(api):
    headers = {"Content-Type": "text/plain"}
    refused(api("POST", "/subjects", content=b'{"code": "K7"}', headers=headers), 422)
    assert len(api.get("/subjects")["subjects"]) == 2


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/nothing", 404, "no_such_path"),
        ("DELETE", "/subjects", 405, "method_not_allowed"),
        ("DELETE", f"/trials/{FIRST}", 405, "method_not_allowed"),
    ],
)
def test_what_is_not_there_is_said_in_the_same_shape(api, method, path, status, reason):
    assert refused(api(method, path), status)["reason"] == reason


def test_a_database_that_is_none_is_said_in_one_sentence(tmp_path):
    (tmp_path / "x.db").write_text("not a database\n" * 50)
    error = refused(Api(application(tmp_path / "x.db"))("GET", "/subjects"), 500)
    assert (error["code"], error["reason"]) == (7, "not_a_database")


def test_a_defect_shows_nothing_of_the_inside(api, monkeypatch):
    def broken(_self):
        raise RuntimeError("the inside: /home/somebody/secret")

    monkeypatch.setattr("collector.store.store.Store.list_subjects", broken)
    response = api("GET", "/subjects")
    error = refused(response, 500)
    assert (error["code"], error["reason"]) == (1, "defect")
    assert "inside" not in response.text
    assert "Traceback" not in response.text
