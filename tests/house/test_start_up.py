from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("bleak", "scipy", "sqlalchemy", "vqf", "alembic", "rich")


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
