"""Who is who: which adverts are sensors of ours, under what alias, worn on which segment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from collector.links.radio import Advert
from devices.profile import DeviceProfile
from devices.registry import DEVICES
from schemas.alias import alias_of
from schemas.calibration import AccelerometerCalibration
from schemas.recording import SensorUse
from schemas.segments import Segment

ALIAS_SHOWN: Final = 6
"""So many digits of an alias tell a site's sensors apart on a screen."""

_HARDWARE_ADDRESS: Final = re.compile(r"([0-9A-F]{2}[:-]){5}[0-9A-F]{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a site remembers: its salt; by alias, the segment worn on and the calibration."""

    salt: bytes
    segments: Mapping[str, Segment] = field(default_factory=lambda: MappingProxyType({}))
    calibrations: Mapping[str, AccelerometerCalibration] = field(
        default_factory=lambda: MappingProxyType({})
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A sensor that was heard and recognized; `segment` is where it is worn at this site."""

    advert: Advert
    profile: DeviceProfile
    alias: str
    segment: Segment | None = None
    calibration: AccelerometerCalibration | None = None

    @property
    def label(self) -> str:
        """How it is called on a screen: its name, and enough of its alias."""
        return f"{self.advert.name or self.profile.name} ({self.alias[:ALIAS_SHOWN]})"

    def use(
        self,
        segment: Segment,
        *,
        mode: int | None = None,
        rate_hz: float | None = None,
        axis: str = "auto",
        firmware: str = "",
    ) -> SensorUse:
        """Return what a recording says of this sensor on `segment`, its calibration included."""
        profile = self.profile
        return SensorUse(
            segment=segment,
            profile_id=profile.id,
            profile_version=profile.version,
            alias=self.alias,
            clock=profile.clock,
            mode=profile.default_mode if mode is None else mode,
            nominal_rate_hz=rate_hz or profile.default_rate_hz,
            axis=axis,
            firmware=firmware,
            acc_calibration=self.calibration,
        )


def recognized(advert: Advert) -> DeviceProfile | None:
    """Return the family that an advert shows, None for everything else on the air."""
    matching = (p for p in DEVICES.values() if _shows(advert, p))
    return max(matching, key=lambda p: _name_match(advert, p), default=None)


def has_hardware_address(advert: Advert) -> bool:
    """Whether the system tells a sensor's own address; macOS tells one of its own making."""
    return _HARDWARE_ADDRESS.fullmatch(advert.address) is not None


def identity(advert: Advert, told: str | None = None) -> str:
    """Return what a sensor is recognized by: its own address wherever it can be had.

    `told` is the address that the sensor itself told. Where nobody tells it, name and the
    system's own number stand in: they hold on this computer alone.
    """
    if has_hardware_address(advert):
        return advert.address.replace("-", ":")
    return told or f"{advert.name} {advert.address}"


def known_of(
    adverts: Iterable[Advert], memory: Memory, told: Mapping[str, str] | None = None
) -> tuple[Known, ...]:
    """Return the sensors among `adverts`; `told` are addresses that sensors told, by `address`."""
    found = []
    for advert in adverts:
        profile = recognized(advert)
        if profile is not None:
            alias = alias_of(identity(advert, (told or {}).get(advert.address)), memory.salt)
            found.append(
                Known(
                    advert,
                    profile,
                    alias,
                    memory.segments.get(alias),
                    memory.calibrations.get(alias),
                )
            )
    return tuple(found)


def matching(known: Sequence[Known], word: str) -> tuple[Known, ...]:
    """Return the sensors that `word` names: by segment, address, alias (or its start) or name."""
    lower = word.strip().lower()
    exact = [s for s in known if lower in (s.segment, s.advert.address.lower(), s.alias)]
    named = exact or [s for s in known if s.advert.name.lower() == lower]
    if not named and len(lower) >= ALIAS_SHOWN:
        named = [s for s in known if s.alias.startswith(lower)]
    return tuple(named)


def _shows(advert: Advert, profile: DeviceProfile) -> bool:
    by = profile.recognition
    return (
        _name_match(advert, profile) > 0
        or any(uuid.lower() in by.service_uuids for uuid in advert.service_uuids)
        or any(company in by.company_ids for company in advert.company_ids)
    )


def _name_match(advert: Advert, profile: DeviceProfile) -> int:
    """Return how much of a name speaks for a family."""
    parts = profile.recognition.name_parts
    return max((len(part) for part in parts if part in advert.name), default=0)
