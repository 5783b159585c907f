"""How a person performs each test: what is drawn for the person, and when what moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.simulate.body import Posture
from collector.simulate.course import PEAK_TO_MEAN, Coupling, Steps, Sway
from collector.simulate.people import Traits, traits_of
from collector.simulate.person import Channel, Person, Phase, zeroed
from collector.simulate.variants import Variant, varied
from schemas.recording import Window
from schemas.segments import ROLES, Role, Side

Rows = list[tuple[float, float, float]]

FIRST_FOUR: Final = ("pslr", "k2c", "fb", "sts")
SETTLE_S: Final = 6.0
"""How long somebody takes to get into position from standing."""


@dataclass(frozen=True, slots=True)
class Performance:
    """How the test is done. What is None is drawn for the person from the seed.

    Attributes
    ----------
    repetitions
        How many; None is what the test asks for (five in `sts`, else three).
    peak_rate_deg_s
        Peak rate of the moving segment (thigh; trunk in `fb`); the mean rate is 1/1.875 of it.
    hold_s, rest_s, still_s
        Hold at the end, rest after each repetition, stillness before the first.
    range_deg
        Angle of the moving segment at the end.
    share
        COMP / (COMP + HIP) at the end, 0..1.
    onset_deg, lag_s
        Where in the movement the pelvis sets in, and how much later than the moving segment.
    sway_deg
        RMS of the sway (standing) or breathing (lying: a third of it).
    out_of_plane_deg
        Largest frontal and axial motion of a segment at the end.
    return_error_deg
        Largest miss of the start position after a repetition.
    repetition_sd_deg
        Spread of the end angle over repetitions (cut at two SD).
    seated_s
        `sts`: how long the person sits upright before leaning forward.
    hip_moves
        Let the hip centre travel about the planted foot (`fb`) or knee (`sts`).
    variant
        What kind of person does it (`collector.simulate.variants`).
    stand_s
        How long those stand still first who then get into position.
    return_lag_s
        How much later than the trunk the pelvis sets out on the way back (`ret`).
    knee_bend_deg
        How far the knee bends that should be straight (`pslr`, `aslr`).
    thigh_leaves_deg
        How far the thigh has sunk at the end that should stay upright (`ake`, `pke`).
    """

    repetitions: int | None = None
    peak_rate_deg_s: float = 30.0
    hold_s: float = 2.0
    rest_s: float = 2.0
    still_s: float = 3.0
    range_deg: float | None = None
    share: float | None = None
    onset_deg: float | None = None
    lag_s: float | None = None
    sway_deg: float = 0.15
    out_of_plane_deg: float = 2.0
    return_error_deg: float = 0.5
    repetition_sd_deg: float = 1.0
    seated_s: float = 1.0
    hip_moves: bool = True
    variant: Variant = "usual"
    stand_s: float = 3.0
    return_lag_s: float = 0.0
    knee_bend_deg: float = 0.0
    thigh_leaves_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn for a person: degrees, seconds, and the share 0..1."""

    protocol_id: str
    traits: Traits
    reach: float
    share: float
    onset: float
    lag_s: float

    def coupling(self, follower_deg: float) -> Coupling:
        """Return what brings a follower to `follower_deg` when the moving segment arrives."""
        return Coupling.reaching(
            self.onset, self.traits.blend_deg, driver=self.reach, follower=follower_deg
        )


@dataclass(frozen=True, slots=True)
class Timeline:
    """When somebody gets into position or leans, and begins; `reference` is the rest between."""

    settle_s: float
    first_s: float
    reference: Window


def person_for(
    protocol_id: str,
    how: Performance,
    rng: np.random.Generator,
    *,
    ready_s: float,
    side: Side = "right",
    settle_s: float | None = None,
) -> Person:
    """Draw a person and let them do the test; they are still in position from `ready_s` on.

    Those who stand or lean first begin to get into position, or to lean, at `settle_s`: None is as
    late as it can be.
    """
    traits = varied(protocol_id, traits_of(protocol_id), how.variant)
    if how.repetitions is None:
        how = replace(how, repetitions=traits.repetitions)
    drawn = Drawn(
        protocol_id,
        traits,
        reach=traits.range_deg.drawn(rng, how.range_deg),
        share=traits.share.drawn(rng, how.share),
        onset=traits.onset_deg.drawn(rng, how.onset_deg),
        lag_s=traits.lag_s.drawn(rng, how.lag_s),
    )
    early_s = max(0.0, -drawn.lag_s)
    first_s = ready_s + how.still_s + early_s + float(rng.uniform(0.0, 0.3))
    reference = Window(round(ready_s + 0.2, 3), round(ready_s + how.still_s - 0.1, 3))
    if protocol_id not in FIRST_FOUR:
        from collector.simulate.acts import acted
        from collector.simulate.position import LEAN_S

        if settle_s is None:
            settle_s = ready_s - (LEAN_S if traits.leans_first else SETTLE_S)
        when = Timeline(settle_s, first_s, reference)
        return acted(drawn, how, rng, when, side)
    return _first_four(drawn, how, rng, first_s, reference, side)


def _first_four(
    drawn: Drawn,
    how: Performance,
    rng: np.random.Generator,
    first_s: float,
    reference: Window,
    side: Side,
) -> Person:
    """Do one of the tests that were simulated first; their bytes stay as they are."""
    protocol_id, traits, reach = drawn.protocol_id, drawn.traits, drawn.reach
    coupling = None
    if protocol_id == "sts":
        rows, phases = sit_to_stand(reach, drawn.share, how, rng, first_s)
    else:
        driver, phases = reach_and_return(reach, how, rng, first_s)
        rows, end = _followed(protocol_id, driver, reach, drawn.share)
        coupling = drawn.coupling(end)
    straight = 1.0 - how.knee_bend_deg / reach
    rows["shank"] = _scaled(rows["thigh"], traits.shank_per_thigh * straight)
    if traits.posture == "standing":
        rows |= {"thigh_other": rows["thigh"], "shank_other": rows["shank"]}
    channels = _channels(rows, traits.posture, how, rng, out_of_plane=how.out_of_plane_deg / reach)
    channels["pelvis"] = replace(channels["pelvis"], coupling=coupling, lag_s=drawn.lag_s)
    return Person(
        protocol_id,
        {role: zeroed(channel, reference, side) for role, channel in channels.items()},
        tuple(phases),
        reference,
        duration_s=phases[-1].end_s + how.rest_s,
        planted_m=traits.planted_m if how.hip_moves else None,
        side=side,
    )


def _followed(
    protocol_id: str, driver: Rows, reach: float, share: float
) -> tuple[dict[Role, Rows], float]:
    """Return what each segment is driven by, and where the pelvis ends."""
    if protocol_id == "fb":
        rows: dict[Role, Rows] = {"trunk": driver, "thigh": _scaled(driver, -0.03)}
        return rows | {"pelvis": driver}, (1.0 - share) * reach
    return {"thigh": driver, "pelvis": driver}, -share * reach


def _channels(
    rows: dict[Role, Rows],
    posture: Posture,
    how: Performance,
    rng: np.random.Generator,
    *,
    out_of_plane: float,
) -> dict[Role, Channel]:
    lying = posture == "supine"
    return {
        role: Channel(
            steps=Steps.of(rows.get(role, [])),
            sway=Sway.drawn(how.sway_deg / (3.0 if lying else 1.0), rng),
            frontal=float(rng.uniform(-1.0, 1.0)) * out_of_plane,
            axial=float(rng.uniform(-1.0, 1.0)) * out_of_plane,
        )
        for role in ROLES
    }


def duration_of(amount_deg: float, how: Performance) -> float:
    """Return how long a movement takes at the rate that was asked for."""
    return PEAK_TO_MEAN * abs(amount_deg) / how.peak_rate_deg_s


def wobble(how: Performance, rng: np.random.Generator) -> float:
    """Draw by how much this repetition ends elsewhere."""
    return how.repetition_sd_deg * float(np.clip(rng.standard_normal(), -2.0, 2.0))


def reach_and_return(
    reach: float, how: Performance, rng: np.random.Generator, t: float
) -> tuple[Rows, list[Phase]]:
    """Go there, hold, come back, rest, as often as it was asked for, from `t` on."""
    rows: Rows = []
    phases = []
    here = 0.0
    for _ in range(how.repetitions or 0):
        end = reach + wobble(how, rng)
        back = how.return_error_deg * float(rng.uniform(-1.0, 1.0))
        up_s, down_s = duration_of(end - here, how), duration_of(end - back, how)
        hold = Window(t + up_s, t + up_s + how.hold_s)
        rows += [(t, up_s, end - here), (hold.end_s, down_s, back - end)]
        phases.append(Phase(t, hold, hold.end_s + down_s))
        t, here = phases[-1].end_s + how.rest_s, back
    return rows, phases


def sit_to_stand(
    reach: float, share: float, how: Performance, rng: np.random.Generator, t: float
) -> tuple[dict[Role, Rows], list[Phase]]:
    """Stand, sit down leaning, sit upright, lean forward (the hold), stand up."""
    rows: dict[Role, Rows] = {"thigh": [], "trunk": [], "pelvis": []}
    phases = []
    lean, upright, slumped = rng.uniform((42.0, 3.0, -24.0), (48.0, 7.0, -16.0)).tolist()
    for _ in range(how.repetitions or 0):
        seat = reach + wobble(how, rng)
        leaned = {"thigh": seat, "trunk": lean, "pelvis": lean - share * (seat + lean)}
        seated = {"thigh": seat, "trunk": upright, "pelvis": slumped}
        down_s, lean_s = duration_of(seat, how), duration_of(lean - upright, how)
        straighten_s = t + 0.6 * down_s
        forward_s = straighten_s + down_s + how.seated_s
        hold = Window(forward_s + lean_s, forward_s + lean_s + how.hold_s)
        rows["thigh"] += [(t, down_s, seat), (hold.end_s, down_s, -seat)]
        for role in ("trunk", "pelvis"):
            bend = leaned[role] - seated[role]
            rows[role] += [
                (t, 0.6 * down_s, leaned[role]),
                (straighten_s, down_s, -bend),
                (forward_s, lean_s, bend),
                (hold.end_s, down_s, -leaned[role]),
            ]
        phases.append(Phase(t, hold, hold.end_s + down_s))
        t = phases[-1].end_s + how.rest_s
    return rows, phases


def _scaled(rows: Rows, factor: float) -> Rows:
    return [(start, duration, factor * amount) for start, duration, amount in rows]
