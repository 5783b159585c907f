from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from collector.cli.main import app
from devices.registry import PROFILES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
PROTOCOLS = sorted(path.stem for path in (ROOT / "schemas" / "protocols").glob("*.toml"))


def verbs(group: typer.Typer, prefix: str = "") -> list[str]:
    names = [f"{prefix}{c.name or c.callback.__name__}" for c in group.registered_commands]
    for sub in group.registered_groups:
        names += verbs(sub.typer_instance, f"{prefix}{sub.name} ")
    return names


@pytest.mark.parametrize("verb", verbs(app))
def test_every_verb_is_in_the_docs(verb):
    assert f"hipgonio {verb}" in TEXT


@pytest.mark.parametrize("profile", [p for p in PROFILES if p != "table"])
def test_every_device_is_in_the_docs(profile):
    assert f"`{profile}`" in TEXT


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_protocol_is_in_the_docs(protocol):
    assert f"`{protocol}`" in TEXT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_two_commands_stand_at_the_top_of_the_readme():
    top = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:8]
    assert any(line.startswith("make demo") for line in top)
    assert any(line.startswith("make test") for line in top)
