"""A simulated sensor as an endless source: its samples block by block, on demand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.simulate.handling import TAP_S, Turning, joined, tapped
from collector.simulate.placement import placement_of
from collector.simulate.sensor import Sensor, SensorErrors, rotation_of
from collector.simulate.six_poses import upward
from collector.simulate.vendor import vendor_rotation
from collector.simulate.wearer import Wearer
from collector.simulate.wire import Stream, TrialConfig, measured, rate_of, sensor_of, stream_of
from collector.simulate.worn import Felt, felt_by
from schemas.samples import Samples
from schemas.segments import Role, Side
from schemas.units import G_M_S2, RAD_PER_DEG, US_PER_S, FloatArray

POSES: Final = 6


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """N consecutive samples: when each was truly taken, and the running number of the first."""

    t_s: FloatArray
    samples: Samples
    first: int


@dataclass(frozen=True, slots=True)
class OwnClock:
    """Seconds as a sensor counts them, and the true ones."""

    factor: float
    drift_per_min: float
    start_s: float

    def true_s(self, own_s: FloatArray) -> FloatArray:
        """Return when the sensor's clock shows `own_s` (N,)."""
        tau = own_s / self.factor
        return self.start_s + tau * (1.0 + self.drift_per_min * tau / 120.0)

    def own_s(self, true_s: float) -> float:
        """Return what the sensor's clock shows at `true_s`."""
        tau = true_s - self.start_s
        root = np.sqrt(max(0.0, 1.0 + self.drift_per_min * tau / 30.0))
        return float(self.factor * 2.0 * tau / (1.0 + root))


class SensorStream:
    """One worn sensor that measures for as long as it is asked.

    Biases, noise, clock and the errors of its own angles are those of the same seed offline. The
    values do not depend on how the samples are cut into blocks. A change (`rate`, `tap`, `pose`)
    holds for what is taken afterwards: `skip_to` first if samples were taken in advance.

    Attributes
    ----------
    sensor
        What was drawn for it.
    heading_rad
        Its own zero of heading, taken off every orientation it sends.
    clock_offset_s
        What its clock showed when the simulated time began.
    columns
        Which columns of `Samples` it sends.
    """

    def __init__(
        self,
        wearer: Wearer,
        role: Role,
        side: Side,
        *,
        seed: int,
        config: TrialConfig,
        sensor: Sensor | None = None,
    ) -> None:
        self.sensor = sensor or sensor_of(seed, role, config)
        self.heading_rad = 0.0
        self.clock_offset_s = 0.0
        self.columns: tuple[str, ...] = ("acc_m_s2", "gyr_rad_s", "euler_rad")
        self._wearer, self._role = wearer, role
        self._placement = placement_of(role, side, wearer.posture)
        self._errors: SensorErrors = config.errors
        self._noise = stream_of(seed, Stream.NOISE, role)
        self._ups = upward(POSES, stream_of(seed, Stream.POSES, role))
        self.clock = OwnClock(
            self.sensor.rate_factor, self.sensor.drift_per_min, self.sensor.start_s
        )
        self.rate_hz = rate_of(config)
        self._zero_own_s, self._before, self._next = 0.0, 0, 0
        self._thaws_at: int | None = None
        self._thawed_s: float | None = None
        self._turnings: tuple[Turning, ...] = ()
        self._taps: list[float] = []

    @property
    def period_s(self) -> float:
        """Its sampling period by its own clock, in whole microseconds as such clocks count."""
        return round(US_PER_S / self.rate_hz) / US_PER_S

    def set_rate(self, rate_hz: float, at_s: float) -> None:
        """Sample at another rate from `at_s` on."""
        self.skip_to(at_s)
        self._before += self._next
        self._next = 0
        self._zero_own_s = self.clock.own_s(at_s)
        self.rate_hz = rate_hz

    def skip_to(self, at_s: float) -> None:
        """Go on with the first sample after `at_s`, ahead or back."""
        passed_s = self.clock.own_s(at_s) - self._zero_own_s
        self._next = max(0, int(np.floor(passed_s / self.period_s + 1e-9)))

    def tap(self, at_s: float) -> None:
        """Have somebody tap it."""
        self._taps = [*(t for t in self._taps if t > at_s - TAP_S), at_s]

    def pose(self, index: int, at_s: float) -> None:
        """Lay it on side `index` (0 to 5), where it stays."""
        start = self._felt(np.array([at_s])).rotation[0]
        turning = Turning.upward(at_s, start, self._ups[index % POSES])
        self._turnings = (*self._turnings[-1:], turning)

    def restart(self) -> None:
        """Begin again as after a power cycle: whatever is wrong at start-up is wrong again."""
        self._thaws_at, self._thawed_s = None, None
        self.heading_rad = 0.0

    def take(self, count: int) -> Block:
        """Return the next `count` samples."""
        numbers = np.arange(self._next + 1, self._next + count + 1, dtype=np.float64)
        own_s: FloatArray = self._zero_own_s + numbers * self.period_s
        felt = self._felt(self.clock.true_s(own_s))
        frozen = self._still_frozen(felt)
        samples = measured(
            self.sensor,
            felt,
            self.columns,
            noise=self._drawn_noise(count),
            vendor=self._vendor(felt),
            device_time_s=own_s + self.clock_offset_s,
            frozen_frames=min(frozen, count),
        )
        block = Block(felt.t_s, samples, self._before + self._next)
        self._next += count
        return block

    def _still_frozen(self, felt: Felt) -> int:
        """Return how many frames from the next one on are frozen, by number: some come twice."""
        first = self._before + self._next
        if self._thaws_at is None:
            self._thaws_at = first + self._errors.frozen_frames
        left = max(0, self._thaws_at - first)
        if self._errors.frozen_frames and left < len(felt.t_s) and self._thawed_s is None:
            self._thawed_s = float(felt.t_s[left])
        return left

    def _felt(self, t_s: FloatArray) -> Felt:
        felt = self._carried(t_s, self._turnings)
        for at_s in self._taps:
            felt = tapped(felt, at_s)
        return felt

    def _carried(self, t_s: FloatArray, turnings: tuple[Turning, ...]) -> Felt:
        """Return what it feels where it is: worn until the first turning, then as each one says."""
        if not turnings:
            return felt_by(
                self._wearer.person,
                self._role,
                self._placement,
                self._wearer.posture,
                mounting=self.sensor.mounting,
                t_s=t_s,
            )
        *earlier, latest = turnings
        cut = int(np.searchsorted(t_s, latest.at_s))
        if cut == 0:
            return latest.felt(t_s)
        before = self._carried(t_s[:cut], tuple(earlier))
        return before if cut == len(t_s) else joined(before, latest.felt(t_s[cut:]))

    def _vendor(self, felt: Felt) -> FloatArray:
        errors = replace(self._errors, frozen_frames=0)
        turned = vendor_rotation(
            felt.rotation, felt.t_s, self.sensor, errors, thawed_s=self._thawed_s
        )
        if not self.heading_rad:
            return turned
        back: FloatArray = rotation_of(np.array((0.0, 0.0, -self.heading_rad))) @ turned
        return back

    def _drawn_noise(self, count: int) -> tuple[FloatArray, FloatArray]:
        white = self._noise.standard_normal((count, 6))
        return (
            white[:, :3] * (self._errors.acc_noise_mg * G_M_S2 / 1000.0),
            white[:, 3:] * (self._errors.gyr_noise_deg_s * RAD_PER_DEG),
        )
