"""The few constants that turn what sensors send into SI units, and radians into degrees."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

G_M_S2: Final = 9.80665
"""Standard gravity, m/s2 to the g (exact by definition, CGPM 1901)."""

RAD_PER_DEG: Final = np.pi / 180.0
DEG_PER_RAD: Final = 180.0 / np.pi
US_PER_S: Final = 1_000_000


def frozen(array: FloatArray) -> FloatArray:
    """Return `array` as contiguous float64 that nobody can write into (a view where possible)."""
    out = np.ascontiguousarray(array, dtype=np.float64)
    if out is array and out.flags.writeable:
        out = out.view()
    out.flags.writeable = False
    return out
