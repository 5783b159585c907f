"""What `hipgonio doctor` looks at: versions, packages, radio, database, disk, environment."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from collector.cli import radio
from schemas.errors import HipgonioError

Status = Literal["ok", "warn", "bad"]

OURS: Final = ("collector", "devices", "schemas")
"""Names that other distributions use too."""
PYTHONS: Final = ((3, 11), (3, 14))
OLDEST_SQLITE: Final = (3, 37)
LOW_BYTES, NO_BYTES = 1_000_000_000, 100_000_000
VARIABLES: Final = (
    "HIPGONIO_CONFIG",
    "HIPGONIO_DB",
    "HIPGONIO_ADAPTER",
    "HIPGONIO_DEBUG",
    "HIPGONIO_DATA",
    "HIPGONIO_RESCUE",
)
_SCAN_S: Final = 0.3
_LIBRARIES: Final = ("hipgonio", "bleak", "bumble", "numpy", "scipy", "vqf", "SQLAlchemy")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at.

    `found` and `advice` are for the screen and may hold paths; `reason` and `facts` hold codes,
    versions and counts alone, so that they can be given away.
    """

    topic: str
    status: Status
    found: str
    advice: str = ""
    reason: str = ""
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def versions() -> Iterator[Line]:
    """Look at Python, the operating system and the libraries."""
    running = sys.version_info[:2]
    fits = PYTHONS[0] <= running < PYTHONS[1]
    yield Line(
        "python",
        "ok" if fits else "warn",
        platform.python_version(),
        "" if fits else "Python 3.11 to 3.13 is tested: install one of these.",
        "" if fits else "python_version",
        {"version": platform.python_version()},
    )
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield Line("system", "ok", system, facts={"system": system})
    found = {name: version_of(name) for name in _LIBRARIES}
    missing = [name for name, number in found.items() if not number and name != "bumble"]
    yield Line(
        "libraries",
        "bad" if missing else "ok",
        ", ".join(f"{name} {number or 'missing'}" for name, number in found.items()),
        f"Install hipgonio anew: {', '.join(missing)} is missing." if missing else "",
        "library_missing" if missing else "",
        {"versions": found, "virtual": bool(found["bumble"])},
    )
    old = sqlite3.sqlite_version_info < OLDEST_SQLITE
    yield Line(
        "sqlite",
        "warn" if old else "ok",
        sqlite3.sqlite_version,
        "A newer SQLite is tested: use a newer Python build." if old else "",
        "sqlite_old" if old else "",
        {"version": sqlite3.sqlite_version},
    )


def version_of(name: str) -> str | None:
    """Return the version of an installed distribution."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def packages() -> Line:
    """Look for other distributions that bring packages of our names: one hides the other."""
    owners = packages_distributions()
    others = {o for name in OURS for o in owners.get(name, []) if o.lower() != "hipgonio"}
    home = Path(__file__).resolve().parents[2]
    strays = {
        place.resolve()
        for entry in sys.path
        for name in OURS
        for place in (Path(entry or ".") / name, Path(entry or ".") / f"{name}.py")
        if place.resolve().parent != home and (place.is_file() or (place / "__init__.py").is_file())
    }
    facts = {"others": len(others), "strays": len(strays)}
    if not others and not strays:
        return Line("packages", "ok", f"{', '.join(OURS)} are hipgonio's", facts=facts)
    named = ", ".join([*sorted(others), *sorted(map(str, strays))])
    return Line(
        "packages",
        "bad",
        f"packages of the same names are there too: {named}",
        "Install hipgonio in an environment of its own: python -m venv.",
        "package_names",
        facts,
    )


def adapter(virtual: str | None, name: str | None) -> Line:
    """Listen for a moment: is there an adapter, is it on, may we use it."""

    async def listen(setup: radio.LiveSetup) -> int:
        return len(await setup.radio.scan(_SCAN_S))

    try:
        heard = radio.run_live(listen, virtual=virtual, adapter=name)
    except HipgonioError as error:
        found, advice = _split(error.message)
        return Line("radio", "bad", found, advice, error.reason, {"virtual": virtual is not None})
    facts = {"heard": heard, "virtual": virtual is not None}
    return Line("radio", "ok", f"works; {heard} devices heard in {_SCAN_S:g} s", facts=facts)


def bluez() -> Iterator[Line]:
    """Look for the Bluetooth service's version; nothing where there is none to ask."""
    program = shutil.which("bluetoothctl")
    if platform.system() != "Linux" or program is None:
        return
    with suppress(OSError, subprocess.TimeoutExpired):
        ran = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=2, check=False
        )
        number = ran.stdout.strip().rpartition(" ")[2]
        if number:
            old = tuple(int(p) for p in number.split(".") if p.isdigit()) < (5, 55)
            yield Line(
                "bluez",
                "warn" if old else "ok",
                number,
                "BlueZ 5.55 or later is needed: update the system." if old else "",
                "bluez_old" if old else "",
                {"version": number},
            )


def disk(database: Path) -> Line:
    """Look at the space that is left for the database."""
    folder = next(
        p for p in (database.absolute().parent, *database.absolute().parents) if p.exists()
    )
    free = shutil.disk_usage(folder).free
    status: Status = "bad" if free < NO_BYTES else "warn" if free < LOW_BYTES else "ok"
    return Line(
        "disk",
        status,
        f"{free / 1e9:.1f} GB free",
        "" if status == "ok" else "Free some space: a full disk ends a recording.",
        "" if status == "ok" else "disk_low",
        {"free_gb": round(free / 1e9, 1)},
    )


def environment() -> Line:
    """Look at our variables; one with a typing error would be without effect in silence."""
    named = sorted(name for name in os.environ if name.startswith("HIPGONIO_"))
    unknown = [name for name in named if name not in VARIABLES]
    facts = {"set": [name for name in named if name in VARIABLES], "unknown": len(unknown)}
    shown = ", ".join(f"{name}={os.environ[name]}" for name in named) or "no HIPGONIO_ variables"
    return Line(
        "environment",
        "warn" if unknown else "ok",
        shown,
        f"{', '.join(unknown)} has no effect: there are {', '.join(VARIABLES)}." if unknown else "",
        "unknown_variable" if unknown else "",
        facts,
    )


def _split(message: str) -> tuple[str, str]:
    """Split a message into what came and what to try."""
    came, dot, advice = message.partition(". ")
    return came + dot.strip(), advice
