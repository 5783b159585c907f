"""`[formulae]`: what a test computes; a formula may name other quantities of its file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn, get_args

from schemas.formula import Formula, FormulaError, Named, parse_formula
from schemas.motion import SAGITTAL_SYMBOL
from schemas.protocol_file.figures import Rules
from schemas.protocol_file.toml_table import Table
from schemas.protocol_types import Formulae, How
from schemas.quantities import MEASURES
from schemas.segments import Role

DEEPEST: Final = 10
"""Quantities that one may be named through; real files need one or two."""

_HOW: Final[tuple[How, ...]] = get_args(How)
_QUANTITIES: Final = ("tot", "hip", "comp", "lum")


@dataclass(frozen=True, slots=True)
class Worn:
    """The segments that carry a sensor: always, and where there is one more."""

    required: tuple[Role, ...]
    optional: tuple[Role, ...]
    moving: Role

    @property
    def all(self) -> tuple[Role, ...]:
        """Every segment that may carry one."""
        return (*self.required, *self.optional)


@dataclass(slots=True)
class _Text:
    """A formula as the file has it: where it stands, and which sensors it may rely on."""

    table: Table
    key: str
    text: str
    roles: Collection[Role]

    def parsed(self, named: Named) -> Formula:
        try:
            formula = parse_formula(self.text, named)
        except FormulaError as error:
            self.fail(str(error))
        missing = sorted(formula.roles - set(self.roles))
        if missing:
            self.fail(f"needs {', '.join(missing)}, which this key may not rely on")
        return formula

    def fail(self, complaint: str) -> NoReturn:
        self.table.fail(self.key, f"({self.text!r}) {complaint}")


@dataclass(slots=True)
class Quantities:
    """TOT, HIP, COMP, LUM and the extras; each is resolved when it is first asked for."""

    texts: Mapping[str, _Text]
    linked: bool
    _found: dict[str, Formula] = field(default_factory=dict)
    _ring: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> Formula:
        """Return a quantity by its name; a ring of names is refused with all of them."""
        if name in self._ring:
            ring = [*self._ring[self._ring.index(name) :], name]
            self.texts[name].fail(f"is made of itself: {' -> '.join(ring)}")
        if len(self._ring) > DEEPEST:
            self.texts[name].fail(f"is named through more than {DEEPEST} others, one by another")
        if name not in self._found:
            self._ring.append(name)
            self._found[name] = self.texts[name].parsed(self.named)
            self._ring.pop()
        return self._found[name]

    def named(self, name: str) -> Formula | None:
        """Return what a formula means by a word that is no angle; None where it is nothing."""
        return self(name) if self.linked and name in self.texts else None


def formulae_of(table: Table, worn: Worn, rules: Rules) -> tuple[Formulae, Quantities]:
    """Read `[formulae]`; TOT, drive and extreme must need no more than the required sensors."""
    quantities = _quantities(table, worn, rules)
    lum = quantities("lum") if "lum" in quantities.texts else None
    tot, hip, comp = (quantities(key) for key in ("tot", "hip", "comp"))
    extra = {key: quantities(key) for key in quantities.texts if key not in _QUANTITIES}
    ask = _Asked(table, quantities)
    drive = ask("drive", worn.required) or parse_formula(SAGITTAL_SYMBOL[worn.moving])
    found = Formulae(
        tot=tot,
        hip=hip,
        comp=comp,
        lum=lum,
        drive=drive,
        extreme=ask("extreme", worn.required) or drive,
        lag_from=ask("lag_from", worn.all) or drive,
        mark_of=ask("mark_of", worn.all) or hip,
        share_of=ask("share_of", worn.all),
        share_within=ask("share_within", worn.all),
        extra=extra,
        how=_how(table.table("how", optional=True)),
    )
    if (found.share_of is None) != (found.share_within is None):
        table.fail("share_of", "and `share_within` go together: name both or neither")
    table.close()
    return found, quantities


def formula_of(table: Table, key: str, worn: Worn, quantities: Quantities) -> Formula:
    """Read one formula outside `[formulae]`, a guard's."""
    return _Text(table, key, table.text(key), worn.all).parsed(quantities.named)


@dataclass(frozen=True, slots=True)
class _Asked:
    table: Table
    quantities: Quantities

    def __call__(self, key: str, roles: Collection[Role]) -> Formula | None:
        """Return the formula of a key that may be absent."""
        if key not in self.table:
            return None
        return _Text(self.table, key, self.table.text(key), roles).parsed(self.quantities.named)


def _quantities(table: Table, worn: Worn, rules: Rules) -> Quantities:
    texts = {"tot": _Text(table, "tot", table.text("tot"), worn.required)}
    for key in ("hip", "comp", "lum"):
        if key != "lum" or key in table:
            texts[key] = _Text(table, key, table.text(key), worn.all)
    extra = table.table("extra", optional=True)
    for key in extra.names():
        _check_name(extra, key, rules)
        texts[key] = _Text(extra, key, extra.text(key), worn.all)
    return Quantities(texts, linked=rules.form > 1)


def _check_name(extra: Table, key: str, rules: Rules) -> None:
    if rules.strict and key in MEASURES:
        extra.fail(key, "is the name of a number that every test has: choose another")
    if rules.form > 1 and not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        extra.fail(key, "is no name that a formula could use: expected lower-case letters, _")


def _how(table: Table) -> Mapping[str, How]:
    keys: tuple[str, ...] = ("tot", "hip", "comp")
    how = {key: table.choice(key, _HOW) for key in keys if key in table}
    table.close()
    return how
