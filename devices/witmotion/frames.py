"""The WitMotion byte stream: where its frames lie, and what the calendar in them says.

A data frame is ``55 61`` and nine int16 (20 bytes), on some models followed by a calendar
(28 bytes); a register reply is ``55 71``, the start register and eight words (20 bytes). Nothing
carries a checksum, a counter or a length, so frames are followed header to header and a header is
searched only where one is missing. What comes out depends on the bytes and on where notifications
begin, never on how they are grouped into calls.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.units import BoolArray, FloatArray, IntArray

SHORT: Final = 20
"""Bytes of a data frame without a calendar, and of a register reply."""
LONG: Final = 28
"""Bytes of a data frame with a calendar."""

DATA: Final = b"\x55\x61"
REPLY: Final = b"\x55\x71"
DATA_WORD: Final = 0x6155
REPLY_WORD: Final = 0x7155
_HEADER = re.compile(rb"\x55[\x61\x71]")

CALENDAR = np.dtype(
    [
        ("year", "u1"),
        ("month", "u1"),
        ("day", "u1"),
        ("hour", "u1"),
        ("minute", "u1"),
        ("second", "u1"),
        ("ms", "<u2"),
    ]
)
"""Bytes 20 to 27 of a long frame, and registers 0x30 to 0x33 of a reply."""

_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Days of the months 1 to 12, February without its leap day (every fourth year until 2099)."""

OLDEST_YEAR: Final = 15
"""A chip that was never set begins in 2015; earlier years are no clock."""


Words = npt.NDArray[np.int16]
HeaderWords = npt.NDArray[np.uint16]
Calendars = npt.NDArray[np.void]


class Run(NamedTuple):
    """So many data `frames` of `size` bytes behind each other from byte `start`."""

    start: int
    frames: int
    size: int


def is_header(data: bytes, offset: int) -> bool:
    """Whether a data frame or a reply can begin at `offset`."""
    return data[offset : offset + 2] in (DATA, REPLY)


def find_header(data: bytes, start: int) -> int:
    """Return where the next header begins; a last byte 55 may be half of one."""
    found = _HEADER.search(data, start)
    if found:
        return found.start()
    return len(data) - 1 if len(data) > start and data[-1] == DATA[0] else len(data)


def headers_at(data: bytes, offsets: IntArray) -> BoolArray:
    """Mark the offsets, each with a byte behind it, at which a frame or a reply can begin."""
    octets = np.frombuffer(data, dtype=np.uint8)
    kind = octets[offsets + 1]
    good = (octets[offsets] == DATA[0]) & ((kind == DATA[1]) | (kind == REPLY[1]))
    return np.asarray(good, dtype=np.bool_)


def headers_in_step(data: bytes, start: int, size: int, most: int) -> HeaderWords:
    """Return the first words of the frames that follow each other in steps of `size`.

    Only complete frames count, at most `most`. In steps of 20 register replies are among them.
    """
    count = min(most, (len(data) - start) // size)
    if count < 1:
        return np.zeros(0, dtype=np.uint16)
    words: HeaderWords = np.ndarray((count,), "<u2", data, start, (size,))
    good = words == DATA_WORD
    if not good.all():
        good |= (words == REPLY_WORD) & (size == SHORT)
    if size == LONG:
        good &= valid(calendars(data, start, len(words)))
    return words if good.all() else words[: int(np.argmin(good))]


def words_of(data: bytes, run: Run) -> Words:
    """Return acceleration, rate and angles of a run as raw counts, shape (3, frames, 3)."""
    rows = np.frombuffer(data, "<i2", run.frames * run.size // 2, run.start)
    rows = rows.reshape(run.frames, run.size // 2)
    out = np.empty((3, run.frames, 3), dtype="<i2")
    for kind in range(3):
        for axis in range(3):  # column by column: far faster than rows of three
            out[kind, :, axis] = rows[:, 1 + 3 * kind + axis]
    return out


def calendars(data: bytes, start: int, count: int = 1) -> Calendars:
    """Return the calendars of `count` long frames from `start` on."""
    return np.ndarray((count,), CALENDAR, data, start + SHORT, (LONG,))


def valid(calendar: Calendars, oldest_year: int = 0) -> BoolArray:
    """Mark the calendars that name an instant that exists."""
    in_range = (
        (calendar["year"] >= oldest_year)
        & (calendar["year"] <= 99)
        & (calendar["month"] >= 1)
        & (calendar["month"] <= 12)
        & (calendar["day"] >= 1)
        & (calendar["hour"] < 24)
        & (calendar["minute"] < 60)
        & (calendar["second"] < 60)
        & (calendar["ms"] < 1000)
    )
    days = _DAYS[np.minimum(calendar["month"], 12)]
    leap_day = (calendar["year"] % 4 == 0) & (calendar["month"] == 2)
    return np.asarray(in_range & (calendar["day"] <= days + leap_day), dtype=np.bool_)


def unix_s(calendar: Calendars) -> FloatArray:
    """Return valid calendars, read as UTC, as seconds since 1970."""
    days = _first_of_month(calendar).astype("M8[D]").astype(np.int64) + calendar["day"] - 1
    minutes = (days * 24 + calendar["hour"]) * 60 + calendar["minute"]
    ms = (minutes * 60 + calendar["second"]) * 1000 + calendar["ms"]
    return np.asarray(ms / 1000.0, dtype=np.float64)


def calendar_of(time_s: FloatArray) -> Calendars:
    """Return seconds since 1970 (years 2000 to 2099) as calendars, to the millisecond."""
    ms: IntArray = np.rint(np.asarray(time_s) * 1000.0).astype(np.int64)
    day = (ms // 86_400_000).astype("M8[D]")
    month = day.astype("M8[M]")
    out = np.zeros(len(ms), dtype=CALENDAR)
    out["year"] = month.astype("M8[Y]").astype(np.int64) - 30
    out["month"] = month.astype(np.int64) % 12 + 1
    out["day"] = (day - month.astype("M8[D]")).astype(np.int64) + 1
    for name, step, size in (("hour", 3_600_000, 24), ("minute", 60_000, 60), ("second", 1000, 60)):
        out[name] = ms // step % size
    out["ms"] = ms % 1000
    return out


def _first_of_month(calendar: Calendars) -> npt.NDArray[np.datetime64]:
    months = 12 * (calendar["year"].astype(np.int64) + 30) + calendar["month"].astype(np.int64) - 1
    return months.astype("M8[M]")
