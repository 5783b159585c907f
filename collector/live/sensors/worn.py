"""All sensors that a site has assigned and that are there: for a recording that names none."""

from __future__ import annotations

from collections.abc import Sequence

from collector.links.radio import Advert, Radio
from collector.live.sensors.finding import (
    SEARCH_S,
    assigned,
    explained,
    introduced,
    listing,
    none_heard,
)
from collector.live.sensors.known import Known, Memory, has_hardware_address, known_of
from schemas.errors import SensorMissingError
from schemas.segments import Segment


async def all_worn(
    radio: Radio, memory: Memory, *, seconds: float = SEARCH_S
) -> dict[Segment, Known]:
    """Listen until every assigned sensor was heard, or time is up; return those that were.

    Raises
    ------
    SensorMissingError
        `not_assigned` where the site has assigned none, `no_sensor` or `sensor_missing` where none
        of those was heard, `ambiguous_sensor`.
    """
    if not memory.segments:
        raise SensorMissingError(
            "No sensor is assigned to a segment yet: run `hipgonio devices identify pelvis"
            " thigh_left`, or name sensors with --sensor pelvis=NAME.",
            reason="not_assigned",
        )

    def enough(adverts: tuple[Advert, ...]) -> bool:
        known = known_of(adverts, memory)
        heard = {sensor.alias for sensor in known}
        return heard >= memory.segments.keys() and all(
            has_hardware_address(sensor.advert) for sensor in known
        )

    known = await introduced(radio, await radio.scan(seconds, enough=enough), memory)
    try:
        return assigned(known, _segments(known, memory), {})
    except SensorMissingError as error:
        raise await explained(error, radio) from None


def _segments(known: Sequence[Known], memory: Memory) -> tuple[Segment, ...]:
    """Return the segments of what was heard, in the order in which they were assigned."""
    if not known:
        raise none_heard()
    heard = {sensor.segment for sensor in known}
    segments = tuple(dict.fromkeys(s for s in memory.segments.values() if s in heard))
    if not segments:
        raise SensorMissingError(
            f"None of the assigned sensors was heard, only {listing(known)}: switch them on, or"
            " assign these with `hipgonio devices identify`.",
            reason="sensor_missing",
        )
    return segments
