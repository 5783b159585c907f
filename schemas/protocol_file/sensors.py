"""`[sensors]`: which segments carry a sensor, and where on the segment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, TypedDict, get_args

from schemas.protocol_file.figures import Rules
from schemas.protocol_file.toml_table import Table
from schemas.protocol_types import PelvisMovement
from schemas.segments import ROLES, Role
from schemas.sites import SITES, Site

_PELVIS_MOVEMENTS: Final[tuple[PelvisMovement, ...]] = get_args(PelvisMovement)
_THIGH: Final[tuple[Site, ...]] = ("lateral_thigh", "anterior_thigh")
_SHANK: Final[tuple[Site, ...]] = ("lateral_shank", "anterior_shank")
SITES_OF: Final[Mapping[Role, tuple[Site, ...]]] = MappingProxyType(
    {
        "pelvis": ("sacrum", "iliac_crest"),
        "trunk": ("t12_l1", "sternum"),
        "thigh": _THIGH,
        "shank": _SHANK,
        "thigh_other": _THIGH,
        "shank_other": _SHANK,
    }
)
"""The sites that lie on a segment."""


class Sensors(TypedDict):
    """The fields of a protocol that `[sensors]` fills."""

    required: tuple[Role, ...]
    optional: tuple[Role, ...]
    moving: Role
    base: Role
    placement: Mapping[Role, str]
    sites: Mapping[Role, Site]
    first_pelvis_movement: PelvisMovement


def sensors_of(table: Table, rules: Rules) -> Sensors:
    """Read `[sensors]`."""
    required = table.choices("required", ROLES)
    optional = table.choices("optional", ROLES, optional=True)
    twice = [role for role in optional if role in required]
    if rules.strict and twice:
        table.fail("optional", f"holds {twice[0]!r}, which is required already")
    worn = (*required, *optional)
    found = Sensors(
        required=required,
        optional=optional,
        moving=table.choice("moving", required),
        base=table.choice("base", worn),
        placement=_placement(table.table("placement", optional=True), worn),
        sites=_sites(table.table("sites", optional=True), worn),
        first_pelvis_movement=table.choice("first_pelvis_movement", _PELVIS_MOVEMENTS),
    )
    if rules.strict and found["base"] == found["moving"]:
        table.fail("base", f"is {found['base']!r} as `moving` is: expected another segment")
    table.close()
    return found


def _placement(table: Table, worn: Collection[Role]) -> Mapping[Role, str]:
    placement = {role: table.text(role) for role in worn if role in table}
    _close(table, worn)
    return placement


def _sites(table: Table, worn: Collection[Role]) -> Mapping[Role, Site]:
    sites = {role: table.choice(role, SITES) for role in worn if role in table}
    for role, site in sites.items():
        if site not in SITES_OF[role]:
            table.fail(role, f"is {site!r}: expected one of {', '.join(SITES_OF[role])}")
    _close(table, worn)
    return sites


def _close(table: Table, worn: Collection[Role]) -> None:
    table.close(f"is no segment that carries a sensor here: expected one of {', '.join(worn)}")
