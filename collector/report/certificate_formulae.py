"""The formulae of a result in words, and the sensors that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from collector.report.wording import words
from schemas.formula import Formula
from schemas.motion import CHANNELS
from schemas.protocol import Protocol
from schemas.result import TrialResult
from schemas.segments import segment_of

_NAMES: Final = {"drive": "movement", "extreme": "end of range", "mark_of": "mark"}


@dataclass(frozen=True, slots=True)
class FormulaBook:
    """What a trial's numbers were computed by; `protocol` None where its test is not known."""

    result: TrialResult
    protocol: Protocol | None

    @property
    def made_by(self) -> str:
        """Name the test and its version that the result was made by, and the algorithm."""
        versions = self.result.versions
        by = f"algorithm {versions.algorithm}"
        if self.result.protocol is None:
            return f"No test; {by}."
        return f"Test {self.result.protocol}, version {versions.protocol}; {by}."

    @property
    def known(self) -> bool:
        """Whether the formulae here are those of the version that made the result."""
        made = self.result.versions.protocol
        return self.protocol is not None and self.protocol.version == made

    def formula(self, name: str) -> Formula | None:
        """Return the formula of a quantity, None where the test has none or is not known."""
        if self.protocol is None or not self.known:
            return None
        extra = self.protocol.formulae.extra
        found: Formula | None = extra.get(name) or getattr(self.protocol.formulae, name, None)
        return found

    def told(self, name: str) -> str:
        """Return a quantity with its formula, the test, its version and the algorithm."""
        found = self.formula(name)
        if found is None:
            why = "It has no formula for this" if self.known else "Its formulae are not kept here"
            return f"{self.made_by} {why}."
        title = _NAMES.get(name, name.upper() if len(name) < 5 else words(name))
        return f"{title} = {found.spelled}. {self.made_by}"

    @property
    def share(self) -> str:
        """Return how the share is computed."""
        if self.protocol is None or not self.known:
            return f"Share lent. {self.told('share')}"
        formulae, least = self.protocol.formulae, self.protocol.gates.share_from_deg
        part = "COMP / (COMP + HIP)"
        if formulae.share_of is not None and formulae.share_within is not None:
            part = f"({formulae.share_of.spelled}) / ({formulae.share_within.spelled})"
        spelled = f"100 x {part}, withheld where less than {least:g} degrees moved"
        hip, comp = formulae.hip.spelled, formulae.comp.spelled
        return f"Share = {spelled}; HIP = {hip}, COMP = {comp}. {self.made_by}"

    @property
    def mark(self) -> str:
        """Return what is read at the mark."""
        if self.protocol is None or not self.known:
            return self.told("mark_of")
        f = self.protocol.formulae
        at = f"where COMP = {f.comp.spelled} first reaches {self.protocol.mark_deg:g} degrees"
        return f"{f.mark_of.spelled}, {at}. {self.made_by}"

    @property
    def lag(self) -> str:
        """Return what the lag is the difference of."""
        if self.protocol is None or not self.known:
            return self.told("lag_from")
        f = self.protocol.formulae
        return (
            f"Onset of COMP = {f.comp.spelled} less onset of {f.lag_from.spelled}. {self.made_by}"
        )

    def how(self, name: str) -> str:
        """Say how a quantity is read where it is not read at the end position; else empty."""
        way = self.protocol.formulae.how.get(name) if self.protocol and self.known else None
        if way == "range":
            return "Largest less smallest"
        return "Largest on the way out less the end position" if way == "reversal" else ""

    def sensors(self, *names: str) -> tuple[str, ...]:
        """Return the segments whose sensors carry these quantities, and what each was read by."""
        roles = {role for name in names if (f := self.formula(name)) for role in f.roles}
        side = self.result.side or "left"
        wanted = {segment_of(role, side) for role in roles}
        found = self.result.certificate.sensors
        return tuple(
            f"{words(segment)} ({tilt_words(sensor.tilt_source, sensor.filter)})"
            for segment, sensor in found.items()
            if segment in wanted or not roles
        )

    def symbols(self) -> tuple[str, ...]:
        """Return what the letters of the formulae stand for."""
        if self.protocol is None or not self.known:
            return ()
        f = self.protocol.formulae
        used = [f.tot, f.hip, f.comp, f.lum, f.drive, f.extreme, f.lag_from, f.mark_of]
        used += [f.share_of, f.share_within, *f.extra.values()]
        symbols = {symbol for one in used if one is not None for symbol, _ in one.terms}
        return tuple(
            f"{symbol} = {words(channel.removesuffix('_deg'))}"
            for symbol, channel in CHANNELS.items()
            if symbol in symbols
        )


def tilt_words(source: str, filter_: str | None) -> str:
    """Return a tilt's source and filter."""
    return (
        f"tilt from {words(source)}, {filter_} filter" if filter_ else f"tilt from {words(source)}"
    )
