"""Kinds of people: the same test, done with less, more, later or earlier compensation."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, get_args

from collector.simulate.people import Spread, Traits
from schemas.errors import UsageError

Variant = Literal["usual", "none", "late", "pelvis_first", "stiff", "hypermobile"]
VARIANTS: Final[tuple[Variant, ...]] = get_args(Variant)

LATE_AT: Final = 0.6
"""Where in the movement a late compensation sets in, as a share of its range."""
EARLY_S: Final = 0.3
"""How much earlier than the moving segment a pelvis goes that goes first."""

_LUMBAR: Final = ("fb", "ret", "sts", "sit")
"""Tests in which the pelvis is the hip and the low back is what compensates."""


def parse_variant(text: str) -> Variant:
    """Return `text` as a variant, or raise `UsageError` naming those that exist."""
    if text in VARIANTS:
        return text
    raise UsageError(
        f"Unknown kind of patient {text!r}: expected one of {', '.join(VARIANTS)}.",
        reason="unknown_variant",
    )


def varied(  # noqa: PLR0911 - a table, one line a kind
    protocol_id: str, traits: Traits, variant: Variant
) -> Traits:
    """Return the people of a test who are of one kind.

    `none`: no compensation. `late`: it sets in at 0.6 of the range (`fb`, `ret`: the pelvis sets in
    late and lags). `pelvis_first`: the pelvis goes 0.3 s before the moving segment. `stiff`: three
    quarters of the range, half as much again of it compensation. `hypermobile`: a quarter more
    range.
    """
    match variant:
        case "none":
            return replace(traits, share=_fixed(0.0), range_deg=_less(protocol_id, traits))
        case "late" if protocol_id in ("fb", "ret"):
            return replace(traits, onset_deg=_times(traits.onset_deg, 6.0), lag_s=_fixed(0.4))
        case "late" if protocol_id == "squat":
            return traits  # what sets in late is the way back of the pelvis
        case "late":
            late = LATE_AT * traits.range_deg.mean
            return replace(traits, onset_deg=_fixed(late))
        case "pelvis_first":
            early = replace(traits, onset_deg=_fixed(0.0), lag_s=_fixed(-EARLY_S))
            return replace(early, blend_deg=0.2 * traits.blend_deg)
        case "stiff":
            return _stiff(protocol_id, traits)
        case "hypermobile":
            return replace(traits, range_deg=_times(traits.range_deg, _wide(protocol_id)))
        case _:
            return traits


def _less(protocol_id: str, traits: Traits) -> Spread:
    """Return the range of those who bend with the hips alone, which takes nobody as far."""
    return _times(traits.range_deg, 0.7 if protocol_id in ("fb", "ret") else 1.0)


def _stiff(protocol_id: str, traits: Traits) -> Traits:
    share = _times(traits.share, 1.3 if protocol_id in _LUMBAR else 1.5)
    if protocol_id == "mtt":
        # a short hip flexor keeps the thigh up, and pulls the pelvis along
        return replace(traits, range_deg=_times(traits.range_deg, 0.85), share=_fixed(0.04))
    return replace(traits, range_deg=_times(traits.range_deg, 0.75), share=share)


def _wide(protocol_id: str) -> float:
    """Return how much further the very mobile go, as far as the body's shape allows it."""
    return {"mtt": 1.1, "ely": 1.1, "ake": 1.15, "pke": 1.15, "sts": 1.05, "sit": 1.05}.get(
        protocol_id, 1.2
    )


def _times(spread: Spread, factor: float) -> Spread:
    return Spread(*(factor * x for x in (spread.mean, spread.sd, spread.low, spread.high)))


def _fixed(value: float) -> Spread:
    return Spread(value, 0.0, value, value)
