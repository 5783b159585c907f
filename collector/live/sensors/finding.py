"""From segments that a test needs to the sensors that were heard, or one sentence why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from collector.links.radio import Advert, LinkError, Radio
from collector.live.sensors.ask import ask
from collector.live.sensors.known import (
    Known,
    Memory,
    has_hardware_address,
    known_of,
    matching,
    recognized,
)
from schemas.errors import SensorMissingError, UsageError
from schemas.segments import Segment

SEARCH_S: Final = 10.0
"""WitMotion sensors advertise slowly: they are heard within seconds, not at once."""

_SWITCH_ON: Final = "switch the sensors on, bring them nearer, and end other programs that use them"


async def find(
    radio: Radio,
    wanted: Sequence[Segment],
    memory: Memory,
    *,
    chosen: Mapping[Segment, str] | None = None,
    seconds: float = SEARCH_S,
) -> dict[Segment, Known]:
    """Listen until every wanted segment has its sensor; raise what is missing when time is up.

    `chosen` names a segment's sensor by name, address or alias, before what the site remembers.
    """

    def enough(adverts: tuple[Advert, ...]) -> bool:
        known = known_of(adverts, memory)
        try:
            assigned(known, wanted, chosen or {})
        except (SensorMissingError, UsageError):
            # told below, if it stays so: of two words that mean one sensor now, one may mean
            # another of the same name that is heard a moment later
            return False
        # a sensor of the same name may be heard a moment later: only what is unique ends early
        return all(has_hardware_address(s.advert) for s in known) and not _by_name(known, chosen)

    adverts = await radio.scan(seconds, enough=enough)
    known = await introduced(radio, adverts, memory)
    try:
        return assigned(known, wanted, chosen or {})
    except SensorMissingError as error:
        raise await explained(error, radio) from None


async def explained(error: SensorMissingError, radio: Radio) -> SensorMissingError:
    """Add the sensors that were not heard because somebody holds them already."""
    held = [advert for advert in await radio.connected_elsewhere() if recognized(advert)]
    if not held:
        return error
    names = ", ".join(advert.name or advert.address for advert in held)
    return SensorMissingError(
        f"{error.message} Connected already, and not to be heard for that: {names}; end the program"
        " that uses it, or switch it off and on.",
        reason=error.reason,
    )


async def introduced(radio: Radio, adverts: Sequence[Advert], memory: Memory) -> tuple[Known, ...]:
    """Return the sensors among `adverts`, having asked those whose address the system hides."""
    told: dict[str, str] = {}
    for advert in adverts:
        profile = recognized(advert)
        if profile is None or has_hardware_address(advert):
            continue
        try:
            answers = await ask(radio, advert, profile)
        except LinkError:
            continue
        if answers.address:
            told[advert.address] = answers.address
    return known_of(adverts, memory, told)


def assigned(
    known: Sequence[Known], wanted: Sequence[Segment], chosen: Mapping[Segment, str]
) -> dict[Segment, Known]:
    """Return the sensor of every wanted segment.

    Raises
    ------
    SensorMissingError
        `no_sensor`, `too_few_sensors`, `sensor_missing`, `not_assigned`, `ambiguous_sensor`.
    UsageError
        One sensor was named for two segments.
    """
    if not known:
        raise SensorMissingError(
            f"{_some(len(wanted))} expected, none was heard: {_SWITCH_ON}.", reason="no_sensor"
        )
    named = {segment: _chosen(known, segment, word) for segment, word in chosen.items()}
    taken = {sensor.alias for sensor in named.values()}
    if len(taken) < len(named):
        raise UsageError(
            "One sensor was named for two segments: every segment needs its own.",
            reason="bad_sensor",
        )
    left = [sensor for sensor in known if sensor.alias not in taken]
    return {
        segment: named.get(segment) or _remembered(left, segment, known, wanted)
        for segment in wanted
    }


def only(known: Sequence[Known], word: str | None) -> Known:
    """Return the one sensor that `word` names, or the only one heard.

    Raises
    ------
    SensorMissingError
        `no_sensor`, `sensor_missing`, `ambiguous_sensor`.
    """
    if not known:
        raise none_heard()
    return _one(known if word is None else matching(known, word), word or "the one meant", known)


def none_heard() -> SensorMissingError:
    """Return the error of a search in vain."""
    return SensorMissingError(
        f"A sensor was expected, none was heard: {_SWITCH_ON}.", reason="no_sensor"
    )


def parse_sensors(words: Sequence[str], segment_of: Callable[[str], Segment]) -> dict[Segment, str]:
    """Read ``SEGMENT=NAME|ADDRESS|ALIAS`` words; a segment may be named once."""
    chosen: dict[Segment, str] = {}
    for word in words:
        name, equals, sensor = word.partition("=")
        if not equals or not sensor.strip():
            raise UsageError(
                f"A sensor is named as SEGMENT=NAME (or its address or alias), not {word!r}: for"
                " example pelvis=WT901BLE67.",
                reason="bad_sensor",
            )
        segment = segment_of(name)
        if segment in chosen:
            raise UsageError(f"{segment} is named twice: one sensor each.", reason="bad_sensor")
        chosen[segment] = sensor.strip()
    return chosen


def worn(known: Known, segment: Segment) -> Known:
    """Return the sensor as worn on `segment`."""
    return replace(known, segment=segment)


def listing(known: Sequence[Known]) -> str:
    """Return the sensors in a row, for the end of a sentence."""
    return ", ".join(sensor.label for sensor in known)


def _by_name(known: Sequence[Known], chosen: Mapping[Segment, str] | None) -> bool:
    names = {word.lower() for word in (chosen or {}).values()}
    return any(sensor.advert.name.lower() in names for sensor in known)


def _chosen(known: Sequence[Known], segment: Segment, word: str) -> Known:
    return worn(_one(matching(known, word), f"{word} for {segment}", known), segment)


def _one(found: Sequence[Known], what: str, known: Sequence[Known]) -> Known:
    if not found:
        raise SensorMissingError(
            f"{what} was not heard, only {listing(known)}: {_SWITCH_ON}, or name one of these.",
            reason="sensor_missing",
        )
    if len(found) > 1:
        raise SensorMissingError(
            f"{len(found)} sensors could be {what}: {listing(found)}; name one by the digits"
            " behind its name, or tell them apart with `hipgonio devices identify`.",
            reason="ambiguous_sensor",
        )
    return found[0]


def _remembered(
    left: Sequence[Known], segment: Segment, known: Sequence[Known], wanted: Sequence[Segment]
) -> Known:
    found = [sensor for sensor in left if sensor.segment == segment]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise SensorMissingError(
            f"{len(found)} sensors are assigned to {segment}: {listing(found)}; say which with"
            f" --sensor {segment}=ALIAS, or assign one with `hipgonio devices identify`.",
            reason="ambiguous_sensor",
        )
    if len(known) < len(wanted):
        raise SensorMissingError(
            f"{_some(len(wanted))} expected ({', '.join(wanted)}), {len(known)} heard"
            f" ({listing(known)}), and {segment} is missing: {_SWITCH_ON}.",
            reason="too_few_sensors",
        )
    return _nobody(left, segment)


def _nobody(left: Sequence[Known], segment: Segment) -> Known:
    """Say why nothing that was heard is worn on `segment`; never guess."""
    free = [sensor for sensor in left if sensor.segment is None]
    if free:
        raise SensorMissingError(
            f"No sensor that was heard is assigned to {segment}, but {listing(free)} could be:"
            f" run `hipgonio devices identify {segment}`, or name it with"
            f" --sensor {segment}=NAME.",
            reason="not_assigned",
        )
    raise SensorMissingError(
        f"The sensor of {segment} was not heard, and all others are worn elsewhere"
        f" ({listing(left)}): {_SWITCH_ON}.",
        reason="sensor_missing",
    )


def _some(count: int) -> str:
    return "One sensor was" if count == 1 else f"{count} sensors were"
