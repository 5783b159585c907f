from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROTOCOLS = ROOT / "schemas" / "protocols"


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory) -> list[str]:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (wheel,) = out.glob("hipgonio-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_wheel_holds_exactly_the_three_packages(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names}
    packages = {top for top in tops if not top.endswith(".dist-info")}
    assert packages == {"schemas", "devices", "collector"}


def test_each_package_says_that_it_is_typed(wheel_names):
    for package in ("schemas", "devices", "collector"):
        assert f"{package}/py.typed" in wheel_names


def test_protocols_and_migrations_travel_in_the_wheel(wheel_names):
    tests = {name for name in wheel_names if name.startswith("schemas/protocols/")}
    assert {f"schemas/protocols/{path.name}" for path in PROTOCOLS.glob("*.toml")} <= tests
    assert any(name.startswith("collector/store/migrations/versions/") for name in wheel_names)


def test_norms_and_templates_of_the_report_travel_in_the_wheel(wheel_names):
    for folder, kind in (("schemas/norms", "*.csv"), ("collector/report/templates", "*.j2")):
        files = {f"{folder}/{path.name}" for path in (ROOT / folder).glob(kind)}
        assert files
        assert files <= set(wheel_names)
