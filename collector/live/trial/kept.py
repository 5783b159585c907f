"""`--calibration last|TRIAL`: sensors that still sit as they did in an earlier trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from schemas.errors import UsageError

if TYPE_CHECKING:
    from collector.store import Store
    from schemas.calibration import KeptMounting
    from schemas.segments import Segment

LAST: Final = "last"


def check_calibration(text: str) -> str:
    """Return what names an earlier trial: `last` or a number, empty for none."""
    if text in ("", LAST) or (text.isdecimal() and int(text) > 0):
        return text
    raise UsageError(
        f"--calibration takes {LAST}, or the number of the trial whose calibration still holds, not"
        f" {text!r}.",
        reason="bad_calibration",
    )


def kept_mountings(
    calibration: str,
    opened: Callable[[], AbstractContextManager[Store]],
    aliases: Mapping[Segment, str],
) -> Mapping[Segment, KeptMounting]:
    """Return how these sensors sat; nothing where no trial was named.

    Raises
    ------
    UsageError
        `nothing_kept`, naming the segments of which nothing is known.
    """
    if not calibration:
        return {}
    trial = None if calibration == LAST else int(calibration)
    with opened() as store:
        found = {s: store.kept_mounting(alias, s, trial=trial) for s, alias in aliases.items()}
    missing = [segment for segment, kept in found.items() if kept is None]
    if missing:
        where = "no trial here tells" if trial is None else f"trial {trial} does not tell"
        raise UsageError(
            f"The calibration of {' and '.join(missing)} was to be used again, and {where}"
            " how that sensor sits: measure once without --calibration, then use it again.",
            reason="nothing_kept",
        )
    return {segment: kept for segment, kept in found.items() if kept is not None}
