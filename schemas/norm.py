"""A norm: what a group of people reached in one movement, and exactly how it was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.confidence import is_recalled
from schemas.protocol_scoring import NormMotion, Tag
from schemas.protocol_types import Condition, Position

NormSex = Literal["female", "male", "both"]


@dataclass(frozen=True, slots=True)
class Norm:
    """One row: degrees of `motion` in the norm's own sense (extension and lack positive).

    Attributes
    ----------
    id
        Short and unique; printed beside every score that rests on it.
    motion, condition, position
        What was measured and how; None where the source, as we know it, does not say.
    corrected
        True where pelvic motion was taken out: such a row is compared with HIP, all others with
        TOT.
    sex, age_from, age_to
        Whom it holds for; ages in whole years, both included, None without that limit;
        `age_known` False where the source, as we know it, does not say.
    mean_deg, sd_deg, low_deg, high_deg, n
        Mean and SD, or a range; how many people.
    source, tag, sd_tag, method_tag
        Where the digits come from; how sure we are of the mean, of the spread (None: as the
        mean), and of how it was measured (None: as the mean).
    only_when
        What must hold besides for a comparison to mean anything (an end-point, athletes, people
        with back pain). Such a row is shown; no score may rest on it.
    licence, note
        What may be done with it; what else a reader should know.
    own
        True for a row of the site's own file: it goes before all that ship.
    """

    id: str
    motion: NormMotion
    corrected: bool
    sex: NormSex
    source: str
    tag: Tag
    condition: Condition | None = None
    position: Position | None = None
    age_from: int | None = None
    age_to: int | None = None
    age_known: bool = True
    mean_deg: float | None = None
    sd_deg: float | None = None
    low_deg: float | None = None
    high_deg: float | None = None
    n: int | None = None
    sd_tag: Tag | None = None
    method_tag: Tag | None = None
    only_when: str = ""
    licence: str = ""
    note: str = ""
    own: bool = False

    @property
    def recalled(self) -> bool:
        """True where digits or method come from memory and have not been seen in the source."""
        return is_recalled(self.tag, self.sd_tag, self.method_tag)
