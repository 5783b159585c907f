from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("bleak", "bumble", "dbus_fast", "scipy", "sqlalchemy", "vqf", "alembic", "rich")
EVERY_VERB = """
import contextlib, io
import typer
from collector.cli.main import app, main

def verbs(group, words=()):
    for name, command in getattr(group, "commands", {}).items():
        yield (*words, name)
        yield from verbs(command, (*words, name))

found = list(verbs(typer.main.get_command(app)))
assert ("devices", "check") in found and ("measure",) in found, found
with contextlib.redirect_stdout(io.StringIO()):
    assert all(main([*words, "--help"]) == 0 for words in found)
"""


def modules_after(code: str) -> set[str]:
    probe = f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in ran.stderr.split()}


@pytest.mark.parametrize(
    "code",
    [
        "import schemas, devices, collector",
        "import devices.registry",
        "import collector.cli.main",
    ],
)
def test_importing_the_package_drags_in_nothing_heavy(code):
    assert not modules_after(code) & set(HEAVY)


@pytest.mark.parametrize("words", [["--help"], ["import", "--help"], ["trials", "--help"]])
def test_asking_for_help_drags_in_nothing_heavy(words):
    loaded = modules_after(f"from collector.cli.main import main\nmain({words!r})")
    assert not loaded & (set(HEAVY) - {"rich"})


def test_no_verbs_help_drags_in_the_radio_or_a_heavy_library():
    assert not modules_after(EVERY_VERB) & (set(HEAVY) - {"rich"})
