"""Linear formulae over segment angles, as protocol files write them: ``F + P``, ``-P``, ``|Y|``."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.motion import CHANNELS, ROLE_OF
from schemas.segments import Role
from schemas.units import FloatArray

LONGEST = 80
"""Characters a formula may have; the real ones need fewer than ten."""

_NO_SUM: Final = "is not a sum of angles, each with at most a number as factor"
_ROLES: Final[Mapping[str, tuple[Role, ...]]] = {
    **{symbol: (role,) for symbol, role in ROLE_OF.items()},
    "H": ("thigh", "pelvis"),
    "L": ("pelvis",),  # without a trunk sensor it is the proxy -P, and the angles say so
    "K": ("thigh", "shank"),
}


class FormulaError(ValueError):
    """The text is no linear formula over the known symbols."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum of angles times factors, or its absolute value.

    `terms` pairs each symbol of `schemas.motion.CHANNELS` with its factor, in that mapping's
    order; `text` is what the file says, where names of other quantities may stand for theirs.
    """

    text: str
    terms: tuple[tuple[str, float], ...]
    absolute: bool = False

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels of `Angles` that the formula reads."""
        return tuple(CHANNELS[symbol] for symbol, _ in self.terms)

    @property
    def roles(self) -> frozenset[Role]:
        """The segments that must carry a sensor."""
        return frozenset(role for symbol, _ in self.terms for role in _ROLES[symbol])

    @property
    def linked(self) -> bool:
        """Whether the text names other quantities of its file."""
        return re.search(r"(?<![0-9.])[a-z]", self.text) is not None

    @property
    def spelled(self) -> str:
        """The formula in angles alone; what is added first, the pelvis after the rest."""
        terms = sorted(self.terms, key=lambda term: (term[1] < 0.0, term[0] == "P"))
        words = [_term(symbol, factor) for symbol, factor in terms]
        inner = " ".join(words).removeprefix("+ ")
        inner = f"-{inner[2:]}" if inner.startswith("- ") else inner
        return f"|{inner}|" if self.absolute else inner

    def __call__(self, deg: Mapping[str, FloatArray]) -> FloatArray:
        """Evaluate on channels by name, each (M,); NaN where one is. May return its input."""
        (symbol, factor), *rest = self.terms
        total = deg[CHANNELS[symbol]]
        total = total if factor == 1.0 else factor * total
        for symbol, factor in rest:
            other = deg[CHANNELS[symbol]]
            total = total + (other if factor == 1.0 else factor * other)
        return abs(total) if self.absolute else total


Named = Callable[[str], Formula | None]
"""What a word that is no angle stands for; None where it stands for nothing."""


def parse_formula(text: str, named: Named = lambda _: None) -> Formula:
    """Read a formula: sums and differences of symbols, a number as factor, parentheses, bars.

    Raises
    ------
    FormulaError
        With a clause that says what cannot be read.
    """
    inner = text.strip()
    absolute = len(inner) > 2 and inner[0] == inner[-1] == "|"
    if absolute:
        inner = inner[1:-1].strip()
    if other := named(inner):
        return Formula(text, other.terms, absolute or other.absolute)
    terms = _Walk(named).read(inner)
    ordered = tuple((s, terms[s]) for s in CHANNELS if terms.get(s, 0.0) != 0.0)
    if not ordered:
        raise FormulaError("holds no angle")
    if not all(math.isfinite(factor) for _, factor in ordered):
        raise FormulaError("has a factor that is not finite")
    return Formula(text, ordered, absolute)


@dataclass(frozen=True, slots=True)
class _Walk:
    """From the tree of a text to a factor per angle."""

    named: Named

    def read(self, text: str) -> dict[str, float]:
        if len(text) > LONGEST:
            raise FormulaError(f"is longer than {LONGEST} characters")
        try:
            tree = ast.parse(text, mode="eval")
        except (SyntaxError, ValueError):
            raise FormulaError("cannot be read as a sum of angles") from None
        return self.walk(tree.body)

    def walk(self, node: ast.expr) -> dict[str, float]:
        walk = self.walk
        match node:
            case ast.Name(id=symbol):
                return {symbol: 1.0} if symbol in CHANNELS else self.other(symbol)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _scaled(walk(operand), -1.0)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _sum(walk(left), walk(right))
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return _sum(walk(left), _scaled(walk(right), -1.0))
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return _scaled(walk(right), _number(left))
        raise FormulaError(_NO_SUM)

    def other(self, name: str) -> dict[str, float]:
        formula = self.named(name)
        if formula is None:
            raise FormulaError(
                f"uses {name!r}, which is none of {', '.join(CHANNELS)} and no quantity of this"
                " file that a formula may name"
            )
        if formula.absolute:
            raise FormulaError(
                f"adds {name!r}, which is an absolute value: it may stand alone only"
            )
        return dict(formula.terms)


def _term(symbol: str, factor: float) -> str:
    sign = "-" if factor < 0.0 else "+"
    size = "" if abs(factor) == 1.0 else f"{abs(factor):g}*"
    return f"{sign} {size}{symbol}"


def _number(node: ast.expr) -> float:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):  # Python reads -2*F as (-2)*F
            return -_number(operand)
        case ast.Constant(value=float() | int() as factor) if not isinstance(factor, bool):
            return float(factor)
    raise FormulaError(_NO_SUM)


def _scaled(terms: dict[str, float], factor: float) -> dict[str, float]:
    return {symbol: factor * value for symbol, value in terms.items()}


def _sum(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    return {symbol: a.get(symbol, 0.0) + b.get(symbol, 0.0) for symbol in {**a, **b}}
