"""Virtual worlds by name, for `--virtual SCENARIO`; nothing here imports bleak or bumble."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from schemas.errors import UsageError

if TYPE_CHECKING:
    from collector.links.virtual.world import World
    from collector.simulate.wire import TrialConfig
    from schemas.segments import Side

SCENARIOS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "plain": "sensors for the test, and nothing goes wrong",
        "lossy": "one notification in fifty is lost, the signal is weak",
        "dropout": "the thigh sensor's link is lost in the second repetition, and comes back",
        "dead": "the thigh sensor sends nothing for 4 s while its link stays up, 8 s into the test",
        "slow-start": "the first 3 s of every connection of the thigh sensor bring no data",
        "burst": "the thigh sensor stalls for 1.5 s, then all comes at once, 8 s into the test",
        "hang-up": "the thigh sensor ends its connection 8 s into the test",
        "vanish": "the thigh sensor advertises, but cannot be connected to",
        "gone": "the thigh sensor's link is lost 8 s into the test for good",
        "same-name": "both sensors have the same name",
        "low-battery": "the thigh sensor's battery is low from the beginning",
        "battery-empty": "the thigh sensor's battery runs low in the test, and empty 6 s later",
        "saturated": "the thigh sensor's link carries too little for its rate, 8 s into the test",
        "pairing": "the sensors want to be paired",
        "frozen": "the pelvis sensor's angles stand still at first, the thigh's has a zero set",
        "silent": "the thigh sensor can be connected to, but nothing ever comes from it",
        "no-battery": "the sensors never tell their battery, as some models",
        "dot": "Movella DOT sensors",
        "mixed": "a WitMotion sensor on the pelvis, a Movella DOT on the thigh",
        "four": "four sensors: pelvis, thigh, trunk and shank",
        "missing": "the pelvis sensor alone is switched on",
        "nobody": "no sensor is switched on",
        "off": "Bluetooth is switched off",
        "none": "the computer has no Bluetooth adapter",
        "denied": "the system denies access to Bluetooth",
        "wedged": "the adapter no longer answers",
        "adapter-off": "Bluetooth is switched off 20 s after the beginning, for 5 s",
    }
)
"""Name to what happens."""

SEED: Final = 2
"""Whose sensors these are: none so close to its nominal rate that it locks to the connections."""


def world_of(
    name: str,
    *,
    protocol: str = "pslr",
    side: Side = "left",
    seed: int = SEED,
    config: TrialConfig | None = None,
    details: bool = False,
) -> World:
    """Return the world of a scenario, to be opened; raise `UsageError` naming those that exist."""
    if name not in SCENARIOS:
        raise UsageError(
            f"Unknown scenario {name!r}: expected one of {', '.join(SCENARIOS)}.",
            reason="unknown_scenario",
        )
    from collector.links.virtual.staging import staged
    from collector.links.virtual.world import World

    plans, conditions = staged(name, protocol, seed, config)
    return World(
        plans,
        protocol=protocol,
        side=side,
        seed=seed,
        config=config,
        details=details,
        conditions=conditions,
    )
