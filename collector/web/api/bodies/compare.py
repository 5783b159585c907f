"""Two trials beside each other."""

from __future__ import annotations

from pydantic import Field

from collector.web.api.bodies.common import Body, Part
from collector.web.api.bodies.trials import TrialBrief
from schemas.progress import Label
from schemas.protocol_scoring import Unit


class Difference(Part):
    """One number of two trials."""

    measure: str = Field(description="`tot`, `hip`, `comp`, `share`, ...")
    name: str = Field(description="What people call it.")
    unit: Unit = Field(description="`deg`, `pct`, `s` or `1`.")
    a: float = Field(description="The number in trial a.")
    b: float = Field(description="The number in trial b.")
    difference: float = Field(description="b - a.")
    text: str = Field(description="Difference and what it amounts to, in words.")
    label: Label = Field(description="Held against the standard error of measurement.")


class CompareBody(Body):
    """`GET /api/compare`: two trials of the same person, test and side."""

    a: TrialBrief = Field(description="Trial a.")
    b: TrialBrief = Field(description="Trial b.")
    comparable: bool = Field(description="Whether they can be compared.")
    why: str = Field(description="Why they cannot be compared; empty where they can.")
    differences: list[Difference] = Field(description="One for every number that both have.")
