"""/api/trials/{id}/curves: the angles of a trial, computed anew from its raw bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import numpy as np
from fastapi import APIRouter, Query

from collector.pipeline import Processed, process
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.curves import CurveEvent, CurvesBody, RepetitionSpan
from collector.web.api.here import AtDesk, TrialNumber
from collector.web.api.thinning import kept_rows
from schemas.errors import InputError
from schemas.recording import Recording
from schemas.units import US_PER_S, FloatArray

routes: Final = APIRouter(prefix="/api/trials", tags=["trials"])

NAMES: Final = {
    "hip_deg": "hip",
    "pelvis_deg": "pelvis",
    "trunk_deg": "trunk",
    "thigh_deg": "thigh",
    "lumbar_deg": "low back",
    "knee_deg": "knee",
}
"""The channels that a screen draws, in this order, and what people call them."""

_DIGITS: Final = 3


@routes.get(
    "/{trial}/curves",
    summary="Show a trial's curves",
    operation_id="showCurves",
    responses=errors(404),
)
def show_curves(
    trial: TrialNumber,
    desk: AtDesk,
    points: Annotated[int, Query(ge=50, le=50_000, description="How many samples at most.")] = 1500,
) -> CurvesBody:
    """Return the angles by channel, thinned so that extremes and gaps stay."""
    with desk.store() as store:
        recording = store.load_recording(trial)
    processed = process(recording)
    series = _series(processed)
    if not series:
        raise InputError(
            f"Trial {trial} has no angle to draw: expected a sensor on pelvis, trunk or leg.",
            reason="no_curves",
        )
    kept = kept_rows(list(series.values()), points)
    times = processed.angles.t_s + recording.info.origin_s
    return CurvesBody(
        t_s=[round(float(t), _DIGITS) for t in times[kept]],
        series={name: _listed(values[kept]) for name, values in series.items()},
        repetitions=[*_spans(processed)],
        events=[*_events(recording)],
        names={name: NAMES[name] for name in series},
    )


def _series(processed: Processed) -> dict[str, FloatArray]:
    """Return what is drawn; a low back that is only the pelvis turned round is not."""
    angles = processed.angles
    left_out = {"lumbar_deg"} if angles.lumbar_is_proxy else set()
    return {
        name: angles.deg[name]
        for name in NAMES
        if name in angles.deg and name not in left_out and len(angles.t_s)
    }


def _listed(values: FloatArray) -> list[float | None]:
    rounded = np.round(values, _DIGITS) + 0.0  # adding nought leaves no -0.0
    return [None if np.isnan(value) else float(value) for value in rounded]


def _spans(processed: Processed) -> Iterator[RepetitionSpan]:
    for rep in processed.result.repetitions:
        held = rep.plateau_start_s, rep.plateau_end_s
        yield RepetitionSpan(
            n=rep.n,
            start_s=rep.start_s,
            end_s=rep.end_s,
            plateau=(held[0], held[1]) if held[0] is not None and held[1] is not None else None,
            grade=rep.grade,
        )


def _events(recording: Recording) -> Iterator[CurveEvent]:
    origin_s = recording.info.origin_s
    for event in recording.events:
        at_s = event.t_us / US_PER_S + origin_s
        yield CurveEvent(t_s=round(at_s, _DIGITS), kind=event.kind, text=event.text)
