"""Six still poses, guided: which side is still wanted, is it held, was it a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from collector.motion.accelerometer import (
    MIN_POSES,
    POSES_APART_RAD,
    STILL_ACC_M_S2,
    STILL_RATE_RAD_S,
    STILL_S,
    calibrate_accelerometer,
)
from devices.registry import profile
from schemas.calibration import AccelerometerCalibration
from schemas.chunk import Chunk
from schemas.errors import InputError
from schemas.recording import SensorUse
from schemas.samples import Samples
from schemas.units import G_M_S2, RAD_PER_DEG, US_PER_S, FloatArray

FACES: Final = ("+z", "-z", "+x", "-x", "+y", "-y")
"""Which axis of the sensor points up; the large sides first, they are the easy ones."""
HOLD_BLOCKS: Final = 2
"""So many still seconds make a pose."""
FACE_RAD: Final = 40.0 * RAD_PER_DEG
"""A side lies up if its axis is closer to the vertical than this."""
MOST_BIAS_M_S2: Final = 0.1 * G_M_S2
MOST_SCALE_ERROR: Final = 0.05

Doing = Literal["moving", "holding", "held", "known_side", "slanted"]
_AXES: Final = {
    face: np.eye(3)["xyz".index(face[1])] * (1 - 2 * (face[0] == "-")) for face in FACES
}


@dataclass(frozen=True, slots=True)
class PoseState:
    """Where the guide is: poses `done`, faces still `wanted`, what the sensor is `doing`.

    `up` is the side that lies up, None while it is slanted; `held_s` counts the seconds of the pose
    under way; `moved` how often one was broken off before it was held long enough.
    """

    done: tuple[str, ...]
    wanted: tuple[str, ...]
    doing: Doing
    up: str | None
    held_s: float
    moved: int

    @property
    def complete(self) -> bool:
        """Whether all six sides were held."""
        return not self.wanted


class PoseGuide:
    """Is fed one sensor's samples and gathers a still stretch of each of its six sides.

    Parameters
    ----------
    rate_hz
        Sampling rate; a still second is that many samples.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._width = max(2, round(STILL_S * rate_hz))
        self._acc, self._gyr = np.zeros((0, 3)), np.zeros((0, 3))
        self._has_gyr = True
        self._still: list[tuple[FloatArray, FloatArray]] = []
        self._poses: dict[str, list[tuple[FloatArray, FloatArray]]] = {}
        self._moved = 0
        self._state = PoseState((), FACES, "moving", None, 0.0, 0)

    @property
    def state(self) -> PoseState:
        """What is known by now."""
        return self._state

    def feed(self, samples: Samples) -> PoseState:
        """Take in samples; return where the guide is then."""
        if samples.acc_m_s2 is None:
            raise InputError(
                "This sensor sends no acceleration in its mode: an accelerometer cannot be"
                " calibrated without; choose a mode that has it.",
                reason="no_acceleration",
            )
        self._has_gyr = self._has_gyr and samples.gyr_rad_s is not None
        gyr = np.zeros((len(samples), 3)) if samples.gyr_rad_s is None else samples.gyr_rad_s
        self._acc = np.concatenate((self._acc, samples.acc_m_s2))
        self._gyr = np.concatenate((self._gyr, gyr))
        while len(self._acc) >= self._width and not self._state.complete:
            self._second()
        return self._state

    def calibration(self, utc: str) -> AccelerometerCalibration:
        """Return what the poses tell of the accelerometer.

        Raises
        ------
        InputError
            `too_few_poses`, `poses_too_alike`, `accelerometer_misfit`, `calibration_implausible`.
        """
        held = [block for blocks in self._poses.values() for block in blocks]
        acc = np.concatenate([np.zeros((0, 3)), *(acc for acc, _ in held)])
        gyr = np.concatenate([np.zeros((0, 3)), *(gyr for _, gyr in held)])
        found = calibrate_accelerometer(acc, gyr if self._has_gyr else None, self._rate_hz, utc=utc)
        return plausible(found)

    def _second(self) -> None:
        """Judge one second; after movement begin a quarter later, so that no rest is missed."""
        acc, gyr = self._acc[: self._width], self._gyr[: self._width]
        if not is_still(acc, gyr if self._has_gyr else None):
            if self._still:
                self._moved += 1
            self._still = []
            self._drop(max(1, self._width // 4))
            self._show("moving", None)
            return
        self._drop(self._width)
        self._rest(acc, gyr)

    def _rest(self, acc: FloatArray, gyr: FloatArray) -> None:
        up = face_up(acc.mean(axis=0))
        if up is None or up in self._poses:
            self._still = []
            self._show("slanted" if up is None else "known_side", up)
            return
        if self._still and _angle(self._still[0][0], acc) > POSES_APART_RAD:
            self._still = []
        self._still.append((acc, gyr))
        if len(self._still) < HOLD_BLOCKS:
            self._show("holding", up)
            return
        self._poses[up], self._still = self._still, []
        self._show("held", up)

    def _drop(self, samples: int) -> None:
        self._acc, self._gyr = self._acc[samples:], self._gyr[samples:]

    def _show(self, doing: Doing, up: str | None) -> None:
        done = tuple(self._poses)
        wanted = tuple(face for face in FACES if face not in self._poses)
        held_s = len(self._still) * STILL_S
        self._state = PoseState(done, wanted, doing, up, held_s, self._moved)


def is_still(acc_m_s2: FloatArray, gyr_rad_s: FloatArray | None) -> bool:
    """Whether a second (N, 3) was still enough for a pose."""
    still = bool((acc_m_s2.std(axis=0) < STILL_ACC_M_S2).all())
    if still and gyr_rad_s is not None:
        still = bool(np.linalg.norm(gyr_rad_s.std(axis=0)) < STILL_RATE_RAD_S)
    return still


def face_up(acc_m_s2: FloatArray) -> str | None:
    """Return the axis (3,) that points up, None where none nearly does."""
    size = float(np.linalg.norm(acc_m_s2))
    if size == 0.0:
        return None
    best = max(FACES, key=lambda face: float(_AXES[face] @ acc_m_s2))
    return best if float(_AXES[best] @ acc_m_s2) > size * np.cos(FACE_RAD) else None


def calibration_of(samples: Samples, rate_hz: float, utc: str) -> AccelerometerCalibration:
    """Return what the still poses of a whole recording tell of its accelerometer.

    Raises
    ------
    InputError
        `no_acceleration`, and as `PoseGuide.calibration`.
    """
    if samples.acc_m_s2 is None:
        raise InputError(
            "The recording holds no acceleration of this sensor: expected one made in a mode that"
            " sends it.",
            reason="no_acceleration",
        )
    found = calibrate_accelerometer(samples.acc_m_s2, samples.gyr_rad_s, rate_hz, utc=utc)
    return plausible(found)


def recorded_samples(use: SensorUse, chunk: Chunk) -> tuple[Samples, float]:
    """Return what a recorded sensor measured, uncorrected, and its rate."""
    decoder = profile(use.profile_id).decoder(use.mode)
    samples = Samples.joined([decoder.feed(chunk).samples, decoder.finish().samples])
    if use.nominal_rate_hz:
        return samples, use.nominal_rate_hz
    span_us = int(samples.arrival_us[-1] - samples.arrival_us[0]) if len(samples) > 1 else 0
    return samples, (len(samples) - 1) * US_PER_S / span_us if span_us else 1.0


def plausible(found: AccelerometerCalibration) -> AccelerometerCalibration:
    """Return a calibration that a sound sensor may have; `InputError` for any other."""
    bias = max(abs(value) for value in found.bias_m_s2)
    scale = max(abs(value - 1.0) for value in found.scale)
    if bias > MOST_BIAS_M_S2 or scale > MOST_SCALE_ERROR:
        raise InputError(
            f"A bias of {1000 * bias / G_M_S2:.0f} mg and a scale that is {100 * scale:.1f} % off"
            f" came out, where at most {1000 * MOST_BIAS_M_S2 / G_M_S2:.0f} mg and"
            f" {100 * MOST_SCALE_ERROR:.0f} % are plausible: keep the sensor still on every side"
            f" and try again; if it stays so, the sensor is damaged.",
            reason="calibration_implausible",
        )
    return found


def too_few(state: PoseState) -> InputError:
    """Return the error of a guide that ended early."""
    moved = f"; it was moved {state.moved} times while a side was held" if state.moved else ""
    return InputError(
        f"{MIN_POSES} still poses were expected, {len(state.done)} came"
        f" ({', '.join(state.done) or 'none'}){moved}: lay the sensor on every side and leave it"
        f" alone for {HOLD_BLOCKS * STILL_S:.0f} s.",
        reason="too_few_poses",
    )


def _angle(first: FloatArray, second: FloatArray) -> float:
    a, b = first.mean(axis=0), second.mean(axis=0)
    return float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))
