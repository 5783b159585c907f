"""From a protocol's TOML file to `schemas.protocol.Protocol`, checked key by key."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, get_args

from schemas.errors import InputError, UsageError
from schemas.protocol import Protocol
from schemas.protocol_file.checks import check_whole
from schemas.protocol_file.figures import Rules, cutoff_of, reference_value_of
from schemas.protocol_file.formulae import Worn, formulae_of
from schemas.protocol_file.parts import (
    citation_of,
    consistency_of,
    gates_of,
    guard_of,
    reference_of,
    repetitions_of,
)
from schemas.protocol_file.scoring import PATTERNS, scoring_of, words_of
from schemas.protocol_file.sensors import sensors_of
from schemas.protocol_file.toml_table import Table
from schemas.protocol_types import (
    Compensation,
    Condition,
    EndPoint,
    Phase,
    Position,
    Precaution,
    Sense,
)
from schemas.quantities import MEASURES

FORMAT: Final = 2
"""What is written now; files of format 1 are read as they always were."""

_CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
_SENSES: Final[tuple[Sense, ...]] = get_args(Sense)
_PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
_POSITIONS: Final[tuple[Position, ...]] = get_args(Position)
_COMPENSATIONS: Final[tuple[Compensation, ...]] = get_args(Compensation)
_END_POINTS: Final[tuple[EndPoint, ...]] = get_args(EndPoint)
_PRECAUTIONS: Final[tuple[Precaution, ...]] = get_args(Precaution)
_SINCE_2: Final = (
    ("not_with",),
    ("standing_first",),
    ("lean_first",),
    ("patterns",),
    ("prompts",),
    ("scoring",),
    ("sensors", "sites"),
    ("reference", "zero"),
    ("reference", "returns"),
)
_FOLDER: Final = files("schemas") / "protocols"
_REASON: Final = "bad_protocol"


def packaged_ids() -> tuple[str, ...]:
    """Return the ids of the protocols that ship, sorted."""
    names = [item.name for item in _FOLDER.iterdir()]
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def read_protocol(id_or_path: str | Path) -> Protocol:
    """Read a packaged protocol by id or a user's by path; see `schemas.protocol.load`."""
    if is_path(id_or_path):
        return read_text(Path(id_or_path))[0]
    return packaged_protocol(str(id_or_path))


def read_text(path: Path) -> tuple[Protocol, str]:
    """Return the protocol in a user's file, and the file's text."""
    text = _text_of(path)
    return parse_protocol(text, file=str(path)), text


def is_path(name: str | Path) -> bool:
    """Tell a path from an id: it ends in .toml or holds a slash."""
    text = str(name)
    return isinstance(name, Path) or text.endswith(".toml") or "/" in text or "\\" in text


@lru_cache(maxsize=16)
def kept_protocol(protocol_id: str, text: str) -> Protocol:
    """Return the protocol whose text is kept with a recording."""
    return parse_protocol(text, file=f"the recording's own protocol {protocol_id}", kept=True)


@cache
def packaged_protocol(protocol_id: str) -> Protocol:
    """Return a protocol that ships."""
    known = packaged_ids()
    if protocol_id not in known:
        raise UsageError(
            f"Unknown protocol {protocol_id!r}: expected one of {', '.join(known)},"
            " or the path of a .toml file.",
            reason="unknown_protocol",
        )
    file = f"{protocol_id}.toml"
    return parse_protocol((_FOLDER / file).read_text(encoding="utf-8"), file=file)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(
            f"Cannot read the protocol file {path}: {why}; give a .toml file or a protocol's id.",
            reason="file_missing" if isinstance(error, FileNotFoundError) else _REASON,
        ) from None


def parse_protocol(text: str, *, file: str, kept: bool = False) -> Protocol:
    """Parse and check the text of a protocol file; `file` is its name for messages.

    `kept`: the text comes from a trial, which took it when it was made. One of format 1 is not
    held to what files are asked for since.
    """
    root = Table.parsed(file, text, reason=_REASON)
    rules = _rules(root, kept=kept)
    protocol = _protocol(root, rules)
    root.close()
    if rules.strict:
        check_whole(root, protocol, rules)
    return protocol


def _rules(root: Table, *, kept: bool) -> Rules:
    form = root.integer("format", low=1)
    if form > FORMAT:
        root.fail("format", f"is {form}, which is not known here: expected 1 to {FORMAT}")
    if form == 1:
        for path in _SINCE_2:
            if root.has(path):
                root.fail_at(path, "came with format 2: expected `format = 2` in this file")
    return Rules(form, strict=form > 1 or not kept)


def _protocol(root: Table, rules: Rules) -> Protocol:
    condition = root.choice("condition", _CONDITIONS)
    sensors = sensors_of(root.table("sensors"), rules)
    worn = Worn(sensors["required"], sensors["optional"], sensors["moving"])
    formulae, quantities = formulae_of(root.table("formulae"), worn, rules)
    no_lum = rules.strict and formulae.lum is None
    measures = [name for name in (*MEASURES, *formulae.extra) if name != "lum" or not no_lum]
    return Protocol(
        id=_identifier(root),
        version=root.integer("version", low=1),
        title=root.text("title"),
        target=root.text("target"),
        position=root.choice("position", _POSITIONS),
        sided=root.flag("sided"),
        condition=condition,
        sense=root.choice("sense", _SENSES, "range"),
        phase=root.choice("phase", _PHASES, "out"),
        compensation=root.choice("compensation", _COMPENSATIONS),
        procedure=root.texts("procedure"),
        **sensors,
        reference=reference_of(root.table("reference")),
        formulae=formulae,
        mark_deg=root.number("mark_deg", 5.0, low=0.0),
        repetitions=repetitions_of(root.table("repetitions"), condition),
        consistency=consistency_of(root.table("consistency", optional=True)),
        gates=gates_of(root.table("gates", optional=True), condition, rules),
        end_points=root.choices("end_points", _END_POINTS),
        guards=tuple(guard_of(t, worn, quantities, rules) for t in root.tables("guards")),
        cutoffs=tuple(cutoff_of(t, measures, rules) for t in root.tables("cutoffs")),
        references=tuple(reference_value_of(t, measures, rules) for t in root.tables("references")),
        citations=tuple(citation_of(t) for t in root.tables("citations")),
        safety=root.texts("safety"),
        standing_first=root.flag("standing_first", False),
        lean_first=root.flag("lean_first", False),
        words=words_of(root.table("prompts", optional=True)),
        scoring=scoring_of(root.table("scoring"), measures) if "scoring" in root else None,
        patterns=root.choices("patterns", PATTERNS, optional=True),
        not_with=root.choices("not_with", _PRECAUTIONS, optional=True),
    )


def _identifier(root: Table) -> str:
    found = root.text("id")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", found):
        root.fail("id", f"is {found!r}: expected up to 64 lower-case letters, digits and _")
    return found
