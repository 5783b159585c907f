"""Bodies about sensors and the trial under way."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from collector.store.remarks import LONGEST_NOTE
from collector.web.api.bodies.common import PAIN_SAID, TEST_ID, Asked, Body, Pain, Part
from collector.web.desk import Mode
from collector.web.station.state import Run
from schemas.segments import Segment, Side
from schemas.sites import Site

TestName = Annotated[
    str,
    Field(
        pattern=TEST_ID,
        description="Id of a test, as the list of tests has it.",
        examples=["pslr"],
    ),
]


class ForTest(Asked):
    """For which test the sensors are worn; virtual ones are put on for it."""

    test: TestName = "pslr"
    side: Side | None = None


class SearchAsked(ForTest):
    """`POST /api/sensors/scan`."""

    seconds: float = Field(default=6.0, ge=0.5, le=60.0, description="How long to listen, seconds.")


class IdentifyAsked(ForTest):
    """`POST /api/sensors/identify`."""

    segments: list[Segment] = Field(min_length=1, max_length=6, description="In this order.")


class AssignAsked(Asked):
    """`PUT /api/sensors/assignments`."""

    assignments: dict[Segment, str] = Field(description="Sensor's alias by segment.")


class SensorPart(Part):
    """A sensor that was heard, or that is remembered."""

    alias: str = Field(description="Salted hash of its address.")
    short: str = Field(description="Enough of the alias to tell sensors apart.")
    name: str
    family: str
    rssi_dbm: int | None = None
    segment: Segment | None = Field(default=None, description="Where it is worn at this site.")
    seen: str | None = Field(default=None, description="When it was last heard, UTC.")


class SensorsBody(Body):
    """`GET /api/sensors`."""

    found: list[SensorPart] = Field(description="Heard by the last search.")
    assigned: list[SensorPart] = Field(description="Remembered by segment.")
    wanted: list[Segment] = Field(description="What the named test needs; else empty.")


class TrialAsked(Asked):
    """`POST /api/trial`."""

    subject: str = Field(max_length=32, description="Pseudonymous code.", examples=["S-0001"])
    test: TestName
    side: Side | None = Field(default=None, description="Null for tests without sides.")
    examiner: str = Field(default="", max_length=32, description="Code of who measures.")
    note: str = Field(default="", max_length=LONGEST_NOTE)
    calibration: Literal["last"] | int | None = Field(
        default=None,
        description="`last` or a trial's number: the sensors still sit as they did then.",
    )
    sites: dict[Segment, Site] = Field(default_factory=dict)
    also: list[Segment] = Field(
        default_factory=list, description="Segments worn though the test can do without."
    )
    repetitions: int | None = Field(
        default=None, ge=1, le=20, description="Else what the test asks for."
    )


class BeginAsked(Asked):
    """`POST /api/trial/begin`."""

    override: str = Field(
        default="",
        max_length=500,
        description="Why to begin although a sensor is not ready; is stored.",
    )


class AnswersAsked(Asked):
    """`POST /api/trial/answers`."""

    pain_nrs: Pain | None = Field(default=None, description=PAIN_SAID)
    end_point: str = Field(default="", max_length=64, description="What ended the movement.")


class ReplayPart(Part):
    """What the trace is of that is replayed instead of sensors."""

    test: str
    side: Side | None = Field(description="Side; null for a test of both.")


class StatusBody(Body):
    """`GET /api/status`."""

    version: str = Field(description="Version of hipgonio.")
    mode: Mode
    scenario: str = Field(description="That of virtual sensors; else empty.")
    database: str = Field(description="Name of the database file.")
    intended_use: str
    recording: ReplayPart | None = None
    share: bool = Field(description="Whether tablets may join.")
    tablet: bool = Field(description="Whether this very page joined by code.")
    run: Run
