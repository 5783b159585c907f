"""What the site remembers of its sensors, read from the database before a radio is touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collector.links.virtual.world import World
    from collector.live.sensors.known import Known, Memory
    from collector.store import Store
    from schemas.segments import Segment

Say = Callable[[str], None]


def remembered(db: Path | None, say: Say) -> Memory:
    """Return what the database remembers; make it, and its salt, where there is none yet.

    An alias must be the same at every visit, so that the salt is kept as soon as one is shown;
    `say` hears what was mended in the database.
    """
    from collector.salvage import opened_store

    with opened_store(db, say) as store:
        return memory_of(store)


def memory_of(store: Store) -> Memory:
    """Return what an open database remembers."""
    from collector.live.sensors.known import Memory
    from collector.store.site import new_salt
    from schemas.calibration import AccelerometerCalibration

    salt = store.salt()
    if salt is None:
        salt = new_salt()
        store.keep_salt(salt)
    rows = store.list_calibrations()
    return Memory(
        salt,
        {row.alias: row.segment for row in store.assignments()},
        {r.alias: r.content for r in rows if isinstance(r.content, AccelerometerCalibration)},
    )


def with_world(memory: Memory, world: World | None) -> Memory:
    """Add where the virtual person wears what the site has not assigned itself."""
    if world is None:
        return memory
    from schemas.alias import alias_of

    there = {alias_of(address, memory.salt): s for s, address in world.addresses.items()}
    # another world's sensors, from another seed, are in nobody's way
    taken = {memory.segments[alias] for alias in there if alias in memory.segments}
    worn = {alias: segment for alias, segment in there.items() if segment not in taken}
    return replace(memory, segments={**worn, **memory.segments})


def keep_assignments(db: Path | None, found: Mapping[Segment, Known]) -> None:
    """Remember which sensor is worn where."""
    from collector.store import open_store

    with open_store(db) as store:
        for segment, sensor in found.items():
            store.assign(sensor.alias, segment, sensor.profile.id, sensor.advert.name)


def note_seen(db: Path | None, known: Sequence[Known]) -> None:
    """Note that sensors were there; a database that may only be read goes without."""
    from collector.store import open_store
    from schemas.errors import StoreError

    try:
        with open_store(db, create=False) as store:
            store.saw_sensors([sensor.alias for sensor in known])
    except StoreError as error:
        if error.reason not in ("not_writable", "locked"):
            raise
