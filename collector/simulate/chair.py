"""Sitting down: lean forward while the knees bend, touch the seat, sit up; then stand again."""

from __future__ import annotations

import numpy as np

from collector.simulate.acts import Act
from collector.simulate.course import Course, Part, Steps
from collector.simulate.person import Phase
from collector.simulate.script import Drawn, Performance, Rows, duration_of, wobble
from schemas.recording import Window
from schemas.segments import Role


def sat(drawn: Drawn, how: Performance, rng: np.random.Generator, first_s: float) -> Act:
    """Sit down leaning, pause there (the plateau), sit upright, and stand up with a lesser lean."""
    rows: dict[Role, Rows] = {"thigh": [], "trunk": [], "pelvis": []}
    phases = []
    lean, upright, slumped = rng.uniform((42.0, 3.0, -24.0), (48.0, 7.0, -16.0)).tolist()
    t = first_s
    for _ in range(how.repetitions or 0):
        seat = drawn.reach + wobble(how, rng)
        leaned: dict[Role, float] = {"trunk": lean, "pelvis": lean - drawn.share * (seat + lean)}
        seated: dict[Role, float] = {
            "trunk": upright,
            "pelvis": slumped if drawn.share else upright,
        }
        down_s, lean_s = duration_of(seat, how), duration_of(lean - upright, how)
        hold = Window(t + down_s, t + down_s + how.hold_s)
        rise_s = hold.end_s + lean_s + how.seated_s
        rows["thigh"] += [(t, down_s, seat), (rise_s + 0.3 * lean_s, down_s, -seat)]
        for role, there in leaned.items():
            up, half = seated[role], 0.5 * (there - seated[role])
            rows[role] += [
                (t, down_s, there),
                (hold.end_s, lean_s, up - there),
                (rise_s, 0.6 * lean_s, half),
                (rise_s + 0.6 * lean_s, down_s, -up - half),
            ]
        phases.append(Phase(t, hold, rise_s + 0.6 * lean_s + down_s))
        t = phases[-1].end_s + how.rest_s
    rows["thigh_other"] = rows["thigh"]
    sagittal = {role: Course(parts=(Part(Steps.of(r)),)) for role, r in rows.items()}
    return Act(tuple(phases), sagittal)
