"""What every endpoint takes from a request: the desk, and names and numbers in the address."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Path, Query, Request

from collector.web.desk import Desk

_HIGHEST: Final = 2**31 - 1
"""Beyond it SQLite cannot even ask."""


def _desk(request: Request) -> Desk:
    desk = request.app.state.desk
    if not isinstance(desk, Desk):
        raise TypeError("the application has no desk")
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]
TrialNumber = Annotated[
    int, Path(ge=1, le=_HIGHEST, description="Number of the trial.", examples=[12])
]
AskedTrial = Annotated[int, Query(ge=1, le=_HIGHEST, description="Number of a trial.")]
SubjectCode = Annotated[
    str, Path(max_length=64, description="Pseudonymous code.", examples=["S-0001"])
]
