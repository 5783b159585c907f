"""What all bodies share: the schema version, and the one shape of an error."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from collector.store.remarks import WORST_PAIN

TEST_ID: Final = r"^[a-z][a-z0-9_]{0,63}$"
"""An id of a test, never a path: no file is named from outside."""

Pain = Annotated[float, Field(ge=0.0, le=WORST_PAIN, multiple_of=0.5)]
PAIN_SAID: Final = "Pain at the end of range, 0 to 10 in steps of 0.5."


class Part(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True)


class Body(Part):
    """A whole answer; it carries the version of its shape."""

    schema_: Literal[1] = Field(default=1, alias="schema", description="Version of this shape.")


class Asked(BaseModel):
    """A request; fields that it does not know are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FieldError(ValueError):
    """What is wrong with one field, in a sentence; `reason` is the slug if nothing else is."""

    def __init__(self, sentence: str, reason: str = "bad_request") -> None:
        super().__init__(sentence)
        self.reason = reason


class ErrorPart(Part):
    """What went wrong."""

    code: int = Field(description="Exit code that the command line would end with.", examples=[2])
    reason: str = Field(description="Stable slug for scripts.", examples=["bad_subject_code"])
    message: str = Field(description="One sentence: what was expected, what came, what to try.")
    fields: dict[str, str] = Field(description="One sentence for every bad field, by its name.")


class ErrorBody(Body):
    """Every error, whatever its status."""

    error: ErrorPart = Field(description="The error.")


def errors(*status: int) -> dict[int | str, dict[str, Any]]:
    """Return the error responses of an endpoint, for its description.

    422 (bad input) and 500 (our defect, or a database that cannot be read) belong to all.
    """
    return {code: {"model": ErrorBody, "description": _MEANING[code]} for code in (*status, *_ALL)}


_ALL: Final = (401, 422, 500)
_MEANING: Final = {
    401: "Not signed in.",
    404: "There is nothing of that name or number.",
    409: "Not as things stand: see the reason.",
    422: "Bad input: `fields` says what is wrong with which field.",
    500: "The database cannot be used, or a defect of hipgonio.",
    503: "No radio, or a sensor is missing.",
}
