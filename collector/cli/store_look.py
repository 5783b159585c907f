"""The database looked at without touching it: what `hipgonio doctor` says of it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from collector.cli.checkup import Line
from schemas.errors import StoreError


def database(path: Path) -> Line:
    """Look at the database file: there, ours, of this version, writable, nothing left open."""
    from collector.store import opening
    from collector.store.migrate import needs_upgrade

    if not path.exists():
        return _absent(path)
    try:
        opening.prepare(path, create=False)
        with closing(read_only(path)) as connection:
            schema = str(
                connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            )
            states = dict(connection.execute("SELECT state, count(*) FROM trial GROUP BY state"))
        older = needs_upgrade(schema, path)
    except StoreError as error:
        return Line("database", "bad", f"{path}", error.message, error.reason)
    except (sqlite3.Error, TypeError) as error:
        advice = "It cannot be read: run `hipgonio db check`, then `hipgonio db recover`."
        return Line("database", "bad", f"{path}: {error}", advice, "damaged_database")
    return _sound(path, schema, states, older=older)


def _absent(path: Path) -> Line:
    folder = next(p for p in path.absolute().parents if p.exists())
    if os.access(folder, os.W_OK):
        return Line("database", "ok", f"{path} is not there yet", "", "", {"exists": False})
    advice = "Change the folder's permission, or name another file with --db."
    return Line("database", "bad", f"{folder} cannot be written", advice, "not_writable")


def _sound(path: Path, schema: str, states: Mapping[str, int], *, older: bool) -> Line:
    size = sum(p.stat().st_size for p in (path, path.with_name(f"{path.name}-wal")) if p.exists())
    writable = os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)
    left = states.get("open", 0)
    advice, reason = "", ""
    if not writable:
        advice = "It may only be read: change the permission of the file and its folder."
        reason = "not_writable"
    elif left:
        advice = "A trial is being recorded, or was left open: `hipgonio trials list` salvages it."
        reason = "trial_open"
    elif older:
        advice, reason = "The next verb that uses it upgrades it, after a copy.", "older_schema"
    trials = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "no trials"
    facts = {
        "exists": True,
        "schema": schema,
        "size_mb": round(size / 1e6, 1),
        "trials": dict(states),
        "writable": writable,
    }
    found = f"{path}: schema {schema}, {size / 1e6:.1f} MB, {trials}"
    return Line("database", "warn" if advice else "ok", found, advice, reason, facts)


def backups(path: Path) -> Iterator[Line]:
    """Look for copies beside the database; those kept elsewhere cannot be seen."""
    if not path.exists():
        return
    beside = [p for p in path.parent.glob(f"{path.name}.*backup*") if p.is_file()]
    if beside:
        newest = max(beside, key=lambda p: p.stat().st_mtime)
        yield Line("backup", "ok", f"newest copy beside it: {newest.name}", facts={"beside": True})
        return
    yield Line(
        "backup",
        "ok",
        "no copy lies beside the database (one kept elsewhere cannot be seen from here)",
        "Make one with `hipgonio db backup FILE`.",
        facts={"beside": False},
    )


def read_only(path: Path) -> sqlite3.Connection:
    """Open a database for reading; without its log where nothing may be written beside it."""
    place = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(place, uri=True, timeout=2.0)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        return sqlite3.connect(f"{place}&immutable=1", uri=True)
    return connection


def statistics(path: Path) -> dict[str, object]:
    """Return counts of what is kept: no code, no alias, no address, no byte of a recording."""
    if not path.exists():
        return {}
    try:
        with closing(read_only(path)) as connection:
            return {
                "trials": _counted(connection, "SELECT state FROM trial"),
                "grades": _counted(connection, "SELECT grade FROM result"),
                "reasons": _reasons(connection),
                "audit": _counted(connection, "SELECT action FROM audit"),
                "sensors": _counted(connection, "SELECT profile FROM sensor_use"),
                "streams": _streams(connection),
            }
    except (sqlite3.Error, ValueError) as error:
        return {"unreadable": type(error).__name__}


def _counted(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    return dict(Counter(str(value) for (value,) in connection.execute(query)))


def _reasons(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the reasons that are ours: others come from files and may say anything."""
    from collector.scoring.reasons import effect_of

    rows = connection.execute("SELECT reasons FROM result")
    codes = [code for (text,) in rows for code in str(text).split()]
    return dict(Counter(code if effect_of(code) else "other" for code in codes))


def _streams(connection: sqlite3.Connection) -> dict[str, int | float]:
    """Add up what the certificates say of all sensors."""
    total: Counter[str] = Counter()
    for (body,) in connection.execute("SELECT body FROM result"):
        for sensor in json.loads(body).get("certificate", {}).get("sensors", {}).values():
            total["sensors"] += 1
            for name in ("expected", "received", "lost", "duplicated", "out_of_order", "damaged"):
                total[name] += int(sensor.get(name) or 0)
    return dict(total)
