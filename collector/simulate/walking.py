"""Walking: strides that come back, both thighs, and the pelvis between them."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.simulate.acts import Act
from collector.simulate.course import NOTHING, Course, Part, Steps, Wave
from collector.simulate.person import Body, Phase
from collector.simulate.script import Drawn, Performance
from schemas.recording import Window
from schemas.segments import Role
from schemas.units import FloatArray

STRIDE_S: Final = 1.25
RAMP_S: Final = 2.5
"""How long one stride takes, and how long getting into it and out of it."""

_THIGH: Final = np.array([(0.5, 0.0), (0.03, 0.04)])
_SHANK: Final = np.array([(0.5, 0.5), (-0.14, 0.1)])
_ONCE: Final = np.array([(0.5, 0.0)])
_TWICE: Final = np.array([(0.0, 0.0), (0.5, 0.0)])
"""Harmonics (cosine, sine) of what has a range of about one."""
_MIDDLE: Final = 0.12
"""How far forward of standing the middle of the thigh's range lies, as a share of it."""


def walked(drawn: Drawn, how: Performance, rng: np.random.Generator, first_s: float) -> Act:
    """Walk `repetitions` whole strides at full length, getting into them and out of them.

    A stride lasts from about the furthest reach backward to the next.
    """
    strides = how.repetitions or 0
    steady_s = first_s + RAMP_S
    over_s = steady_s + (strides + 1) * STRIDE_S
    on = Steps.of([(first_s, RAMP_S, 1.0), (over_s, RAMP_S, -1.0)])
    zero_s = steady_s + float(rng.uniform(0.0, 0.4)) * STRIDE_S

    def course(harmonics: FloatArray, size: float, late: float = 0.0) -> Course:
        rad_s = 2.0 * np.pi / STRIDE_S
        cosine, sine = size * harmonics.T
        return Course(parts=(Wave(rad_s, zero_s + late * STRIDE_S, cosine, sine, on),))

    reach, tilt = drawn.reach, drawn.share * drawn.reach
    forward = Course(parts=(Part(on, gain=_MIDDLE * reach),))
    sagittal: dict[Role, Course] = {
        "thigh": course(_THIGH, reach).plus(forward),
        "thigh_other": course(_THIGH, reach, 0.5).plus(forward),
        "shank": course(_SHANK, reach),
        "shank_other": course(_SHANK, reach, 0.5),
        "pelvis": course(_TWICE, tilt, 0.1),
        "trunk": course(_TWICE, 2.0, 0.2),
    }
    return Act(
        _phases(zero_s + 0.5 * STRIDE_S, strides),
        sagittal,
        aside={"pelvis": course(_ONCE, tilt, 0.2)},
        twist={"pelvis": course(_ONCE, tilt, 0.6)},
        body=_bobbing(course(_TWICE, 0.04, 0.05)),
    )


def _phases(first_s: float, strides: int) -> tuple[Phase, ...]:
    starts = first_s + STRIDE_S * np.arange(strides)
    middles = (Window(t + 0.5 * STRIDE_S, t + 0.5 * STRIDE_S) for t in starts.tolist())
    return tuple(
        Phase(t, middle, t + STRIDE_S) for t, middle in zip(starts.tolist(), middles, strict=True)
    )


def _bobbing(rise_m: Course) -> Body:
    """Return a body whose hip goes up and down 4 cm, twice a stride."""
    return Body(NOTHING, NOTHING, NOTHING, rise_m, NOTHING)
