"""What a protocol file says in one place and takes back in another: refused with its line."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from schemas.formula import Formula
from schemas.protocol import Compensation, Protocol
from schemas.protocol_file.figures import Rules
from schemas.protocol_file.toml_table import Table

_DIRECTION: Final[Mapping[Compensation, tuple[str, int]]] = MappingProxyType(
    {
        "posterior_tilt": ("P", -1),
        "anterior_tilt": ("P", 1),
        "pelvic_rotation": ("Y", 0),
        "pelvic_hike": ("O", 0),
    }
)
"""The angle that shows a compensation, and its sign there; 0 where either is one."""


def check_whole(root: Table, protocol: Protocol, rules: Rules) -> None:
    """Refuse a file whose parts are sound each and impossible together."""
    _check_standing(root, protocol)
    _check_leaning(root, protocol)
    if rules.form > 1:
        _check_worn(root, protocol)
        _check_direction(root, protocol)
    _check_drive(root, protocol)
    _check_twins(root, "references", protocol.references)
    _check_twins(root, "cutoffs", protocol.cutoffs)
    _check_twins(root, "guards", protocol.guards)
    if protocol.scoring is not None:
        sems = [sem.of for sem in protocol.scoring.sems]
        _check_twins(root, "scoring", sems, "sems", "of")
        targets = [target.activity for target in protocol.scoring.targets]
        _check_twins(root, "scoring", targets, "targets", "activity")


def _check_standing(root: Table, protocol: Protocol) -> None:
    zero = protocol.reference.zero
    if zero == "standing" and not protocol.standing_first:
        root.fail_at(("reference", "zero"), "is 'standing': expected `standing_first = true` too")
    if zero == "standing" and protocol.position not in ("supine", "prone"):
        root.fail_at(
            ("reference", "zero"),
            f"is 'standing', and {protocol.position} is no position that it can be carried to:"
            " expected supine or prone",
        )
    if protocol.standing_first and protocol.position == "standing":
        root.fail("standing_first", "is true, and the test itself is done standing: leave it out")


def _check_leaning(root: Table, protocol: Protocol) -> None:
    if not protocol.lean_first:
        return
    if protocol.standing_first:
        root.fail("lean_first", "is true, and so is `standing_first`: one of them shows the axes")
    if protocol.position not in ("standing", "sitting"):
        root.fail(
            "lean_first",
            f"is true, and nobody leans forward from {protocol.position}: expected standing or"
            " sitting (`standing_first` is for tests done lying)",
        )


def _check_worn(root: Table, protocol: Protocol) -> None:
    """Refuse a sensor that must be strapped on and that nothing is computed from."""
    used = {protocol.moving}.union(*(formula.roles for formula in _all(protocol)))
    for n, role in enumerate(protocol.required):
        if role not in used:
            root.fail_at(
                ("sensors", "required", n),
                f"is {role!r}, and no formula reads it: make it optional",
            )


def _check_direction(root: Table, protocol: Protocol) -> None:
    """Refuse a COMP that counts the other way than the file says it does."""
    symbol, sign = _DIRECTION.get(protocol.compensation, ("", 0))
    comp, how = protocol.formulae.comp, protocol.formulae.how.get("comp", "plateau")
    factor = dict(comp.terms).get(symbol)
    if not symbol or how == "range" or any(joint in dict(comp.terms) for joint in "HLK"):
        return
    sign = -sign if how == "reversal" else sign  # it counts the way back
    if factor is None:
        complaint = f"reads no {symbol}, which shows"
    elif sign * factor < 0.0 and not comp.absolute:
        complaint = f"counts {symbol} the other way than"
    else:
        return
    said = f"`compensation` = {protocol.compensation!r}"
    root.fail_at(("formulae", "comp"), f"({comp.text!r}) {complaint} {said}")


def _check_drive(root: Table, protocol: Protocol) -> None:
    drive = protocol.formulae.drive
    if protocol.moving not in drive.roles:
        root.fail_at(
            ("formulae", "drive"),
            f"({drive.text!r}) does not read the segment that moves, the {protocol.moving}",
        )


def _all(protocol: Protocol) -> list[Formula]:
    f = protocol.formulae
    named = (f.tot, f.hip, f.comp, f.lum, f.drive, f.extreme, f.lag_from, f.mark_of)
    more = (f.share_of, f.share_within, *f.extra.values(), *(g.formula for g in protocol.guards))
    return [formula for formula in (*named, *more) if formula is not None]


def _check_twins(root: Table, key: str, items: Sequence[Hashable], *inside: str) -> None:
    """Refuse what was pasted twice; `inside` leads from `key` to the array and to the key in it."""
    array, *last = inside or (key,)
    path = (key, array) if inside else (key,)
    for n, item in enumerate(items):
        if item in items[:n]:
            first = items.index(item) + 1
            root.fail_at((*path, n, *last), f"says again what `{array}[{first}]` says")
