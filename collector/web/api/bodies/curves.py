"""A trial's angles over time. Angles are degrees, times seconds of the recording."""

from __future__ import annotations

from pydantic import Field

from collector.web.api.bodies.common import Body, Part
from schemas.result import Grade


class RepetitionSpan(Part):
    """Where a repetition lies on the curve."""

    n: int = Field(description="Which repetition, from 1.")
    start_s: float = Field(description="Seconds of the recording.")
    end_s: float = Field(description="Seconds of the recording.")
    plateau: tuple[float, float] | None = Field(description="Hold, from and to, seconds.")
    grade: Grade = Field(description="Grade of the repetition.")


class CurveEvent(Part):
    """Something that happened while it was recorded."""

    t_s: float = Field(description="Seconds of the recording.")
    kind: str = Field(description="What happened.")
    text: str = Field(description="What was said with it.")


class CurvesBody(Body):
    """`GET /api/trials/{id}/curves`: all series share `t_s`."""

    t_s: list[float] = Field(description="Seconds of the recording.")
    series: dict[str, list[float | None]] = Field(
        description="Degrees by channel; null where nothing was measured, never bridged."
    )
    repetitions: list[RepetitionSpan] = Field(description="Repetitions in order.")
    events: list[CurveEvent] = Field(description="Marks, pain and what befell sensors.")
    names: dict[str, str] = Field(description="What people call each channel.")
