"""Clinical tests as the screen needs them: what to strap on, what to do, what to beware of."""

from __future__ import annotations

from pydantic import Field

from collector.web.api.bodies.common import Body, Part
from schemas.protocol_types import Condition, Phase, Position, Precaution
from schemas.segments import Role, Segment
from schemas.sites import Site


class TestLine(Part):
    """One test in the list."""

    __test__ = False

    id: str = Field(description="Stable id.", examples=["pslr"])
    title: str = Field(description="Title of the test.")
    target: str = Field(description="What it is for.")
    position: Position = Field(description="How the person lies, sits or stands.")
    sided: bool = Field(description="Whether left and right are tested apart.")
    condition: Condition = Field(description="Whether the person or the examiner moves.")
    phase: Phase = Field(description="Which half of a repetition is timed.")
    required: list[Role] = Field(description="Segments that must carry a sensor.")
    not_with: list[Precaution] = Field(
        description="Limits on movement with which it is left out until cleared."
    )
    simulated: bool = Field(description="Whether virtual sensors can do it.")


class TestList(Body):
    """`GET /api/tests`."""

    __test__ = False

    tests: list[TestLine] = Field(description="Those that ship first.")
    unusable: list[str] = Field(description="Own files that cannot be used, one sentence each.")


class PlacementPart(Part):
    """Where one sensor goes."""

    segment: Segment = Field(description="Segment that carries the sensor.")
    role: Role = Field(description="What that segment is in the test.")
    required: bool = Field(description="Whether the test needs it.")
    text: str = Field(description="How to strap it.")
    site: Site | None = Field(description="The test's own site; null where it names none.")
    sites: list[Site] = Field(description="Sites that lie on this segment.")


class RepetitionsPart(Part):
    """How many repetitions, and how long."""

    least: int = Field(description="At least so many.")
    most: int = Field(description="At most so many.")
    hold_s: float = Field(description="How long the end is held, seconds.")
    rest_s: tuple[float, float] = Field(description="Rest between, from and to, seconds.")


class FormulaePart(Part):
    """What is computed, over the symbols of docs/units-and-signs.md."""

    tot: str = Field(description="Whole angle.")
    hip: str = Field(description="Hip alone.")
    comp: str = Field(description="What was lent.")


class TestBody(Body):
    """`GET /api/tests/{id}`."""

    __test__ = False

    id: str = Field(description="Stable id.")
    version: int = Field(description="Version of the test.")
    title: str = Field(description="Title of the test.")
    target: str = Field(description="What it is for.")
    position: Position = Field(description="How the person lies, sits or stands.")
    sided: bool = Field(description="Whether left and right are tested apart.")
    condition: Condition = Field(description="Whether the person or the examiner moves.")
    procedure: list[str] = Field(description="Steps, in order.")
    reference_pose: str = Field(description="The pose that is zero.")
    not_with: list[Precaution] = Field(
        description="Limits on movement with which it is left out until cleared."
    )
    standing_first: bool = Field(description="Whether the person stands still first.")
    lean_first: bool = Field(description="Whether the person leans forward first, twice.")
    placements: list[PlacementPart] = Field(
        description="Where the sensors go, required ones first."
    )
    safety: list[str] = Field(description="What to ask and to beware of before it.")
    end_points: list[str] = Field(description="Codes of why a movement ends.")
    repetitions: RepetitionsPart = Field(description="How many, and how long.")
    formulae: FormulaePart = Field(description="What is computed.")
    citations: list[str] = Field(description="Sources.")
