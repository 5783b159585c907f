"""/api/trial: the one trial under way, from the sensors to the last question."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from collector.own_files import find_test
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.engine import AnswersAsked, BeginAsked, TrialAsked
from collector.web.api.engine import AtStation
from collector.web.api.errors import RequestError
from collector.web.station.state import Run, TargetView
from collector.web.station.station import Station
from collector.web.station.wishes import TrialWish
from collector.web.target import target_of

routes: Final = APIRouter(prefix="/api/trial", tags=["trial under way"])


@routes.get("", summary="Show the run", operation_id="showRun", responses=errors())
def show(station: AtStation) -> Run:
    """Return the state of the run, all that a page needs that is loaded anew."""
    return station.board.run


@routes.post(
    "",
    status_code=202,
    summary="Connect a trial's sensors",
    operation_id="startTrial",
    responses=errors(404, 409),
)
def start(asked: TrialAsked, station: AtStation) -> Run:
    """Find and connect the sensors of a trial, and hold them until it is begun."""
    wish = TrialWish(
        subject=asked.subject,
        test=asked.test,
        side=asked.side,
        examiner=asked.examiner,
        note=asked.note,
        calibration=str(asked.calibration or ""),
        sites=asked.sites,
        repetitions=asked.repetitions,
        also=tuple(dict.fromkeys(asked.also)),
    )
    return station.start(wish, _target(station, wish))


@routes.post("/begin", summary="Begin the trial", operation_id="begin", responses=errors(409))
def begin(asked: BeginAsked, station: AtStation) -> Run:
    """Let the trial begin; a reason is needed, and stored, where a sensor is not ready."""
    station.begin(asked.override)
    return station.board.run


@routes.post("/mark", summary="Mark this moment", operation_id="mark", responses=errors())
def mark(station: AtStation) -> Run:
    """Keep a mark with the recording, at the time of now."""
    station.mark()
    return station.board.run


@routes.post("/finish", summary="End the trial", operation_id="finish", responses=errors())
def finish(station: AtStation) -> Run:
    """End the trial here; what there is, is scored."""
    station.finish()
    return station.board.run


@routes.post("/pain", summary="End the trial for pain", operation_id="pain", responses=errors())
def pain(station: AtStation) -> Run:
    """End the trial here, because it hurts; what there is, is scored."""
    station.stop_for_pain()
    return station.board.run


@routes.post("/stop", summary="Leave what is under way", operation_id="stop", responses=errors())
def stop(station: AtStation) -> Run:
    """Let the sensors go, or stop the trial; what was recorded is kept."""
    station.stop()
    return station.board.run


@routes.post(
    "/answers", summary="Answer the last questions", operation_id="answer", responses=errors()
)
def answer(asked: AnswersAsked, station: AtStation) -> Run:
    """Say how much it hurt, and what ended the movement; both may be left out."""
    asks = station.board.run.asks
    if asked.end_point and asks and asked.end_point not in asks.end_points:
        said = f"Expected one of {', '.join(asks.end_points)}."
        raise RequestError(said, reason="bad_end_point", fields={"end_point": said})
    station.answer(asked.pain_nrs, asked.end_point)
    return station.board.run


@routes.post(
    "/dismiss", summary="Put a finished run away", operation_id="dismiss", responses=errors()
)
def dismiss(station: AtStation) -> Run:
    """Go back to idle; the stored trial stays where it is."""
    station.dismiss()
    return station.board.run


def _target(station: Station, wish: TrialWish) -> TargetView | None:
    """Return the band to aim at; raises for a person or a test that there is not."""
    test, _ = find_test(wish.test)
    with station.desk.store() as store:
        store.subject(wish.subject)
        return target_of(store, wish.subject, test, wish.side)
