"""Vendor angles that cannot be true: frozen while the sensor turns, or off gravity while it rests.

Some sensors send such angles for seconds after the start, beside raw data that are right.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.motion.quaternion import normalized, up_of_euler, up_of_quat
from collector.motion.rows import block_means, differ, dot, size
from schemas.samples import Samples
from schemas.units import G_M_S2, RAD_PER_DEG, BoolArray, FloatArray, IntArray

FROZEN: Final = "vendor_angles_frozen"
OFF_GRAVITY: Final = "vendor_angles_off_gravity"

FROZEN_MIN_SAMPLES: Final = 10
FROZEN_RATE_RAD_S: Final = 3.0 * RAD_PER_DEG
"""Mean rate over a run of equal angles that no quantization explains (bias stays below it)."""
FROZEN_TURN_RAD: Final = 3.0 * RAD_PER_DEG
"""The same without a gyroscope: how far the acceleration's direction wanders."""
OFF_GRAVITY_RAD: Final = 10.0 * RAD_PER_DEG
QUIET_RATE_RAD_S: Final = 20.0 * RAD_PER_DEG
QUIET_ACC_M_S2: Final = 0.05 * G_M_S2
QUIET_STEP_M_S2: Final = 0.5
"""Change between blocks: shaking passes 1 g by chance, and does not stay there."""
BLOCK: Final = 10
"""Samples per block of the comparison with gravity."""


def frozen_angles(vendor: FloatArray, samples: Samples) -> BoolArray:
    """Mark runs of unchanged `vendor` angles (N, k) during which the sensor turned."""
    half = FROZEN_MIN_SAMPLES // 2
    if differ(vendor[half::half], vendor[:-half:half]).all():
        return np.zeros(len(vendor), dtype=np.bool_)
    changed = np.flatnonzero(differ(vendor[1:], vendor[:-1])) + 1
    starts = np.concatenate(([0], changed))
    lengths = np.concatenate((changed, [len(vendor)])) - starts
    frozen = np.zeros(len(lengths), dtype=np.bool_)
    for i in np.flatnonzero(lengths >= FROZEN_MIN_SAMPLES).tolist():
        frozen[i] = _turned(samples, slice(int(starts[i]), int(starts[i] + lengths[i])))
    return np.repeat(frozen, lengths)


def off_gravity(
    vendor: FloatArray, acc_m_s2: FloatArray, gyr_rad_s: FloatArray | None
) -> BoolArray:
    """Mark samples whose `vendor` angles (N, 3) or quaternion (N, 4) contradict gravity.

    Judged on blocks that are quiet (about 1 g, steady, little rotation); what lies between keeps
    the verdict of the last quiet block, what lies before the first one takes that one's.
    """
    n = len(vendor) // BLOCK
    if n == 0:
        return np.zeros(len(vendor), dtype=np.bool_)
    acc = block_means(acc_m_s2, BLOCK)
    middle = vendor[BLOCK // 2 : n * BLOCK : BLOCK]
    up = up_of_euler(middle) if vendor.shape[1] == 3 else up_of_quat(normalized(middle))
    g_m_s2 = size(acc)
    apart = dot(acc, up) < np.cos(OFF_GRAVITY_RAD) * g_m_s2
    if not apart.any():
        return np.zeros(len(vendor), dtype=np.bool_)
    quiet = np.abs(g_m_s2 - G_M_S2) < QUIET_ACC_M_S2
    steady = size(acc[1:] - acc[:-1]) < QUIET_STEP_M_S2
    quiet[1:] &= steady
    quiet[:-1] &= steady
    if gyr_rad_s is not None:
        quiet &= size(block_means(gyr_rad_s, BLOCK)) < QUIET_RATE_RAD_S
    verdict = _carried(apart, np.flatnonzero(quiet))
    whole = np.repeat(verdict, BLOCK)
    return np.concatenate((whole, np.full(len(vendor) - len(whole), verdict[-1])))


def _carried(verdict: BoolArray, judged: IntArray) -> BoolArray:
    """Carry the verdict of the judged blocks forward, and of the first one backward."""
    if not verdict[judged].any():
        return np.zeros(len(verdict), dtype=np.bool_)
    at = np.searchsorted(judged, np.arange(len(verdict)), side="right") - 1
    return verdict[judged[np.maximum(at, 0)]]


def _turned(samples: Samples, run: slice) -> bool:
    if samples.gyr_rad_s is not None:
        return bool(size(samples.gyr_rad_s[run]).mean() > FROZEN_RATE_RAD_S)
    if samples.acc_m_s2 is None:
        return False
    acc = samples.acc_m_s2[run]
    calm = acc[np.abs(size(acc) - G_M_S2) < QUIET_ACC_M_S2]
    if len(calm) < FROZEN_MIN_SAMPLES:
        return False
    direction = normalized(calm)
    spread = direction - direction.mean(axis=0)
    return bool(np.sqrt((spread**2).sum(axis=1).mean()) > FROZEN_TURN_RAD)
