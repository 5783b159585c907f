from __future__ import annotations

from xml.etree import ElementTree

import pytest
from api_kit import refused

from schemas.protocol_file import packaged_ids, packaged_protocol


def own_test(monkeypatch, tmp_path, **files: str) -> None:
    folder = tmp_path / "config" / "protocols"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("HIPGONIO_CONFIG", str(folder.parent))


def shipped_text(test: str, name: str) -> str:
    from importlib.resources import files

    text = (files("schemas") / "protocols" / f"{test}.toml").read_text(encoding="utf-8")
    return text.replace(f'id = "{test}"', f'id = "{name}"', 1)


def test_every_test_that_ships_is_listed(api):
    tests = {test["id"]: test for test in api.get("/tests")["tests"]}
    assert tuple(tests) == packaged_ids()
    pslr = tests["pslr"]
    assert (pslr["title"], pslr["position"]) == ("Passive straight leg raise", "supine")
    assert (pslr["sided"], pslr["condition"], pslr["simulated"]) == (True, "passive", True)
    assert pslr["required"] == ["pelvis", "thigh"]


@pytest.mark.parametrize("test", packaged_ids())
def test_a_test_is_shown_as_its_file_says(api, test):
    protocol, body = packaged_protocol(test), api.get(f"/tests/{test}?side=right")
    assert body["title"] == protocol.title
    assert body["procedure"] == list(protocol.procedure)
    assert body["safety"] == list(protocol.safety)
    assert body["repetitions"]["least"] == protocol.repetitions.least
    assert len(body["placements"]) == len(protocol.required) + len(protocol.optional)
    drawn = ElementTree.fromstring(api("GET", f"/tests/{test}/drawing.svg").text)
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"


def test_the_side_names_the_segments(api):
    for side in ("left", "right"):
        placements = api.get(f"/tests/pslr?side={side}")["placements"]
        assert [p["segment"] for p in placements][:2] == ["pelvis", f"thigh_{side}"]
    assert placements[0]["required"] is True
    assert placements[1]["sites"] == ["lateral_thigh", "anterior_thigh"]
    assert "side" in refused(api("GET", "/tests/pslr?side=up"), 422)["fields"]


def test_the_sites_own_tests_are_listed_shown_and_drawn(api, monkeypatch, tmp_path):
    own_test(monkeypatch, tmp_path, mine=shipped_text("pslr", "my_lift"))
    mine = api.get("/tests")["tests"][-1]
    assert (mine["id"], mine["simulated"]) == ("my_lift", False)
    assert api.get("/tests/my_lift")["title"] == "Passive straight leg raise"
    assert api("GET", "/tests/my_lift/drawing.svg").status_code == 200


def test_an_own_file_that_cannot_be_used_is_told_without_its_folder(api, monkeypatch, tmp_path):
    taken = shipped_text("pslr", "pslr")
    own_test(monkeypatch, tmp_path, broken='id = "broken"\n', taken=taken)
    body = api.get("/tests")
    assert [test["id"] for test in body["tests"]] == list(packaged_ids())
    assert len(body["unusable"]) == 2
    assert "broken.toml" in body["unusable"][0]
    assert str(tmp_path) not in str(body)
    error = refused(api("GET", "/tests/broken"), 404)
    assert error["reason"] == "no_such_test"
    assert str(tmp_path) not in str(error)


@pytest.mark.parametrize("ending", ["", "/drawing.svg"])
@pytest.mark.parametrize(
    "name",
    ["nope", "..%2F..%2Fetc%2Fpasswd", "mine.toml", "%2Fetc%2Fpasswd", "..", "PSLR", "a" * 65],
)
def test_no_name_leads_to_a_file(api, name, ending, tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text(shipped_text("pslr", "mine"))
    monkeypatch.chdir(tmp_path)
    response = api("GET", f"/tests/{name}{ending}")
    assert response.status_code in (404, 422)
    refused(response, response.status_code)


def test_a_language_comes_with_its_texts_and_another_is_said(api):
    body = api.get("/texts/de")
    assert body["lang"] == "de"
    assert isinstance(body["messages"], dict)
    assert api.get("/texts/en") == {"schema": 1, "lang": "en", "messages": {}, "patterns": []}
    assert refused(api("GET", "/texts/xx"), 404)["reason"] == "no_such_language"
    refused(api("GET", "/texts/..%2Fde"), 404)
