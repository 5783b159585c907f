"""The pseudo-family `table`: imported rows without raw bytes, made to go the way of all data.

One notification per row; its characteristic names the columns (``device_time_s+acc_m_s2``), its
payload holds them as little-endian float64.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from devices.profile import Command, DeviceProfile, Recognition
from devices.stream import as_floats, on
from schemas.chunk import Chunk
from schemas.samples import SAMPLE_WIDTHS, Counters, Decoded, Samples
from schemas.units import FloatArray, IntArray

_SEPARATOR: Final = "+"


def columns_of(samples: Samples) -> tuple[str, ...]:
    """Return the columns that `samples` has, in the order in which rows hold them."""
    return tuple(name for name in SAMPLE_WIDTHS if getattr(samples, name) is not None)


def chunk_of(samples: Samples) -> Chunk:
    """Return `samples` as notifications, one each, that decode to exactly the same."""
    rows = _rows(samples)
    n, width = rows.shape
    return Chunk(
        t_us=samples.arrival_us,
        outgoing=np.zeros(n, dtype=np.bool_),
        characteristic=np.zeros(n, dtype=np.uint8),
        length=np.full(n, 8 * width, dtype=np.int64),
        payload=rows.tobytes(),
        characteristics=(_SEPARATOR.join(columns_of(samples)),),
    )


class TableDecoder:
    """Rows back to samples."""

    __slots__ = ("counters",)

    def __init__(self) -> None:
        self.counters = Counters()

    def feed(self, chunk: Chunk) -> Decoded:
        """Decode every row whose columns are known and whose length fits them."""
        groups: list[tuple[IntArray, dict[str, FloatArray]]] = []
        for characteristic in chunk.characteristics:
            rows = np.flatnonzero(on(chunk, characteristic) & ~chunk.outgoing)
            names = characteristic.split(_SEPARATOR)
            if not set(names) <= SAMPLE_WIDTHS.keys() or len(set(names)) < len(names):
                self.counters += Counters(unknown=len(rows))
                continue
            good = rows[chunk.length[rows] == 8 * sum(SAMPLE_WIDTHS[name] for name in names)]
            self.counters += Counters(received=len(good), damaged=len(rows) - len(good))
            if len(good):
                groups.append((good, _columns(chunk, good, names)))
        return Decoded(_merged(chunk, groups))

    def finish(self) -> Decoded:
        """Return nothing: no row waits for another."""
        return Decoded(_merged(Chunk.of([]), []))

    def reset(self) -> None:
        """Do nothing: there is no partial row."""


class _NothingToHide:
    def redact(self, chunk: Chunk) -> tuple[Chunk, tuple[str, ...]]:
        return chunk, ()


def _rows(samples: Samples) -> npt.NDArray[np.float64]:
    parts = [
        np.reshape(getattr(samples, name), (len(samples), SAMPLE_WIDTHS[name]))
        for name in columns_of(samples)
    ]
    return np.ascontiguousarray(np.hstack(parts or [np.zeros((len(samples), 0))]), dtype="<f8")


def _columns(chunk: Chunk, rows: IntArray, names: list[str]) -> dict[str, FloatArray]:
    length = int(chunk.length[rows[0]])
    if len(rows) == len(chunk):
        table = np.frombuffer(chunk.payload, dtype="<f8").reshape(len(rows), length // 8)
    else:
        starts = (np.cumsum(chunk.length) - chunk.length)[rows]
        table = _gather(chunk.payload, starts, length)
    widths = [SAMPLE_WIDTHS[name] for name in names]
    starts = np.cumsum([0, *widths])
    parts = [as_floats(table[:, i : i + n]) for i, n in zip(starts, widths, strict=False)]
    return {
        name: part.reshape(-1) if width == 1 else part
        for name, width, part in zip(names, widths, parts, strict=True)
    }


def _gather(payload: bytes, starts: IntArray, length: int) -> FloatArray:
    octets = np.frombuffer(payload, dtype=np.uint8)[starts[:, None] + np.arange(length)]
    return np.asarray(octets.view("<f8"), dtype=np.float64)


def _merged(chunk: Chunk, groups: list[tuple[IntArray, dict[str, FloatArray]]]) -> Samples:
    """Put rows of several column sets back in order; a column must be in all sets."""
    if not groups:
        return Samples(arrival_us=np.zeros(0, dtype=np.int64))
    rows = np.concatenate([rows for rows, _ in groups])
    order = np.argsort(rows, kind="stable")
    shared = [name for name in groups[0][1] if all(name in columns for _, columns in groups)]
    return Samples(
        arrival_us=chunk.t_us[rows[order]],
        **{name: np.concatenate([c[name] for _, c in groups])[order] for name in shared},
    )


def _nothing(_: float | None = None) -> tuple[Command, ...]:
    return ()


def _encode(samples: Samples, _mode: int | None = None) -> tuple[bytes, ...]:
    return tuple(row.tobytes() for row in _rows(samples))


PROFILE: Final = DeviceProfile(
    id="table",
    version=1,
    name="imported table (no device)",
    models=(),
    recognition=Recognition(),
    service="",
    characteristics={},
    modes=(),
    default_mode=None,
    rates_hz={},
    default_rate_hz=100.0,
    clock="shared",
    start=_nothing,
    stop=_nothing,
    set_rate=_nothing,
    decoder=lambda _mode: TableDecoder(),
    encode=_encode,
    redact=_NothingToHide().redact,
    redactor=_NothingToHide,
    confidence="document",
)
