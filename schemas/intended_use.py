"""What hipgonio is for and what it is not for: screens and pages all take it from here."""

from __future__ import annotations

from typing import Final

SHORT: Final = "A measuring aid, not a medical device, not for diagnosis."
"""One sentence, for help texts and the foot of a page."""

LONG: Final = "\n".join(
    (
        "hipgonio measures how far the hip, the pelvis and the low back move, tells them apart,"
        " and says how good each number is.",
        "It is for therapists and researchers who are trained to examine people and who watch the"
        " person all the time.",
        "It is not a medical device: nobody has cleared or certified it as one.",
        "It is not for diagnosis: it names no disease, advises no treatment and rates no"
        " impairment.",
        "A norm, a cut-off or a score says how a number compares with those of others or with"
        " earlier ones, not what is wrong and not what caused it.",
        "Figures marked as recalled have not been compared with their source, those marked as"
        " proposed have none; no score is clinically validated.",
        "How far a movement goes is for the examiner and the person to judge; hipgonio never asks"
        " for more.",
    )
)
"""One sentence a line, for reports and docs/intended-use.md."""
