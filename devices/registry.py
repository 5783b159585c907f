"""All device families by their id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from devices import table
from devices.movella_dot import profile as movella_dot
from devices.profile import DeviceProfile
from devices.witmotion import profile as witmotion
from schemas.errors import UsageError

DEVICES: Final[Mapping[str, DeviceProfile]] = MappingProxyType(
    {profile.id: profile for profile in (witmotion.PROFILE, movella_dot.PROFILE)}
)
"""The families that exist as devices."""

PROFILES: Final[Mapping[str, DeviceProfile]] = MappingProxyType(
    {**DEVICES, table.PROFILE.id: table.PROFILE}
)
"""Everything that a recording's sensor can name: the devices, and `table` for imported rows."""


def profile(profile_id: str) -> DeviceProfile:
    """Return a profile, or raise `UsageError` naming the devices that exist."""
    return _look_up(PROFILES, profile_id)


def device(profile_id: str) -> DeviceProfile:
    """Return the profile of a device, or raise `UsageError`; `table` is none."""
    return _look_up(DEVICES, profile_id)


def _look_up(known: Mapping[str, DeviceProfile], profile_id: str) -> DeviceProfile:
    if profile_id in known:
        return known[profile_id]
    raise UsageError(
        f"Unknown device profile {profile_id!r}: expected one of {', '.join(DEVICES)}.",
        reason="unknown_profile",
    )
