from __future__ import annotations

from pathlib import Path

import pytest
from protocol_folder import EXAMPLE, own_folder

from collector.own_files import config_folder, find_test, own_files, own_path
from schemas.errors import InputError, UsageError

BROKEN = EXAMPLE.replace("sd = 6", "sd = -6", 1)


def named(test):
    return EXAMPLE.replace("step_up", test)


def test_the_config_folder_is_the_one_that_the_environment_names(monkeypatch, tmp_path):
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path))
    assert config_folder() == tmp_path
    monkeypatch.delenv("HIPGONIO_CONFIG")
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_: Path("home") / "config")
    assert config_folder() == Path("home") / "config"


def test_an_own_test_is_found_by_its_id_with_the_text_that_stays_with_the_trial(
    monkeypatch, tmp_path
):
    folder = own_folder(monkeypatch, tmp_path, {"any name.toml": EXAMPLE})
    protocol, text = find_test("step_up")
    assert (protocol.title, text) == ("Step up", EXAMPLE)
    assert own_path("step_up") == folder / "any name.toml"


def test_a_test_that_ships_is_found_without_a_text_whatever_is_in_the_folder(monkeypatch, tmp_path):
    own_folder(monkeypatch, tmp_path, {"bad.toml": "id = "})
    protocol, text = find_test("pslr")
    assert (protocol.id, text, own_path("pslr")) == ("pslr", "", None)


def test_a_path_is_read_wherever_it_is(tmp_path):
    (tmp_path / "mine.toml").write_text(EXAMPLE)
    protocol, text = find_test(str(tmp_path / "mine.toml"))
    assert (protocol.id, text) == ("step_up", EXAMPLE)


def test_an_own_file_never_takes_the_place_of_a_test_that_ships_and_this_is_told(
    monkeypatch, tmp_path
):
    folder = own_folder(monkeypatch, tmp_path, {"mine.toml": named("pslr")})
    told = []
    protocol, text = find_test("pslr", told.append)
    assert (protocol.title, text) == ("Passive straight leg raise", "")
    assert "mine.toml has the id 'pslr' of a test that ships" in told[0]
    assert find_test(str(folder / "mine.toml"))[0].title == "Step up"


def test_of_two_own_files_of_one_id_none_is_guessed(monkeypatch, tmp_path):
    own_folder(monkeypatch, tmp_path, {"a.toml": EXAMPLE, "b.toml": EXAMPLE})
    with pytest.raises(
        UsageError, match=r"a\.toml has the id 'step_up', and so has b\.toml"
    ) as caught:
        find_test("step_up")
    assert caught.value.reason == "two_protocols"


def test_a_broken_file_keeps_no_other_away(monkeypatch, tmp_path):
    files = {"a.toml": BROKEN.replace("step_up", "one"), "b.toml": named("two"), "c.toml": "id = "}
    own_folder(monkeypatch, tmp_path, files)
    assert find_test("two")[0].id == "two"
    assert [file.error is None for file in own_files()] == [False, True, False]


@pytest.mark.parametrize("name", ["step_up", "my-test", "my_test"])
def test_a_broken_file_is_told_by_its_id_or_its_name(monkeypatch, tmp_path, name):
    own_folder(monkeypatch, tmp_path, {"my-test.toml": BROKEN})
    with pytest.raises(InputError, match=r"my-test\.toml, line \d+: key `references\[1\]\.sd`"):
        find_test(name)


def test_a_file_that_is_no_text_is_broken_and_nothing_more(monkeypatch, tmp_path):
    folder = own_folder(monkeypatch, tmp_path, {"a.toml": EXAMPLE})
    (folder / "latin.toml").write_bytes(b'id = "\xe9"')
    assert find_test("step_up")[0].id == "step_up"
    with pytest.raises(InputError, match="not UTF-8"):
        find_test("latin")


def test_an_unknown_id_names_own_and_shipped_ones_and_the_folder(monkeypatch, tmp_path):
    folder = own_folder(monkeypatch, tmp_path, {"a.toml": EXAMPLE})
    with pytest.raises(UsageError, match=r"pslr, .*, step_up, or the path") as caught:
        find_test("slr")
    assert str(folder) in caught.value.message
    assert caught.value.reason == "unknown_protocol"


def test_a_folder_that_is_not_there_holds_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path / "nowhere"))
    assert own_files() == ()


def test_a_folder_that_cannot_be_read_is_told_and_keeps_no_shipped_test_away(monkeypatch, tmp_path):
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path))
    (tmp_path / "protocols").write_text("a file")
    told = []
    assert find_test("pslr", told.append)[0].id == "pslr"
    assert "HIPGONIO_CONFIG" in told[0]
    with pytest.raises(UsageError, match="cannot be read") as caught:
        find_test("step_up")
    assert caught.value.reason == "unreadable_folder"


def test_only_toml_files_are_read(monkeypatch, tmp_path):
    own_folder(monkeypatch, tmp_path, {"mine.toml": EXAMPLE, "notes.txt": "?", "old.toml~": "?"})
    assert [file.path.name for file in own_files()] == ["mine.toml"]
