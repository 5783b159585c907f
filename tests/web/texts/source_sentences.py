"""Sentences that stand in the sources of the rooms whose words reach the screen."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]

ROOMS = (
    "collector/live/**/*.py",
    "collector/motion/**/*.py",
    "collector/scoring/**/*.py",
    "collector/store/*.py",
    "collector/links/*.py",
    "collector/links/supervision/*.py",
    "collector/report/trial_words.py",
    "collector/report/telling.py",
    "collector/report/glance.py",
    "collector/report/history.py",
    "collector/report/norm_band.py",
    "collector/web/**/*.py",
    "collector/*.py",
    "schemas/*.py",
)
"""Where sentences for the screen are made."""
APART = (
    "/own_norms.py", "/own_files.py", "/asked.py", "/salvage.py", "store/backup.py",
    "store/recover.py", "store/mending.py", "store/checking.py", "store/packing.py",
    "store/newfile.py", "store/audit.py", "store/chunks.py", "store/mountings.py",
    "sensors/health.py", "sensors/poses.py", "motion/accelerometer.py", "schemas/trace",
    "schemas/tables.py", "schemas/figures.py", "supervision/diagram.py", "web/texts/",
    "web/safety/tls.py", "web/safety/share.py", "web/safety/listening.py", "api/bodies/",
    "store/migrations", "not_shown.py", "statistics.py",
)  # fmt: skip
"""Reviewed: said by commands, in files or in the API's description alone, never by the screen."""

_SENTENCE = re.compile(r"[A-Z{\x00].*[a-z].* .*[.]", re.DOTALL)
_FORMAT = re.compile(r"\{(\w*)(?::[^{}]*)?\}")


def sentences() -> dict[str, str]:
    """Return every sentence with sample values filled in, and the file that it stands in."""
    found: dict[str, str] = {}
    for path in modules():
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for text in _strings(ast.parse(path.read_text(encoding="utf-8")), module):
            if _SENTENCE.fullmatch(text) and not text.startswith("{X"):
                found.setdefault(text, path.relative_to(ROOT).as_posix())
    return found


def modules() -> Iterator[Path]:
    """Yield the modules of the rooms, without those that are set apart."""
    for room in ROOMS:
        for path in sorted(ROOT.glob(room)):
            name = path.relative_to(ROOT).as_posix()
            if path.name != "__init__.py" and not any(part in f"/{name}" for part in APART):
                yield path


def _strings(tree: ast.AST, module: ModuleType) -> Iterator[str]:
    inside = set(_not_said(tree))
    for node in ast.walk(tree):
        if node in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            inside.update(ast.walk(node))
            yield "".join(_sample(part, module) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield _FORMAT.sub(lambda m: _value(m[1], m[0]), node.value)


def _not_said(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield docstrings, descriptions of the API, and texts of errors that are defects."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.keyword) and node.arg in ("description", "summary"):
            yield from ast.walk(node)
        if isinstance(node, ast.Call) and _name(node.func) in ("ValueError", "TypeError", "Path"):
            yield from ast.walk(node)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _sample(part: ast.expr, module: ModuleType) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    known = getattr(module, _name(part.value), None)
    if isinstance(known, str):
        return known
    spec = ast.unparse(part.format_spec) if part.format_spec else ""
    return _value(ast.unparse(part.value), spec)


def _value(name: str, spec: str) -> str:
    if "segment" in name or "_name(" in name:
        return "pelvis"
    if re.search(r"[.\d]+f|:g|g'|0f", spec):
        return "1.5"
    if re.search(
        r"(\b|_)(n|count|trial|id|low|high|number|version|HEAD|year|this_year|len\(.*|percent)$",
        name,
    ) or re.search(r"^(len|round|max|min)\(|LONGEST|OLDEST", name):
        return "7"
    return "X"


def pairs_said() -> set[str]:
    """Return every word and every two words in a row that stand in a string of the sources."""
    found: set[str] = set()
    for package in ("collector", "schemas"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.update(pairs_of(node.value))
    for path in sorted((ROOT / "schemas" / "protocols").glob("*.toml")):
        found.update(pairs_of(path.read_text(encoding="utf-8")))
    return found


def pairs_of(text: str) -> Iterator[str]:
    """Yield the words of a text, and every two that no placeholder parts, in lower case."""
    for piece in re.split(r"\{[^{}]*\}", text.replace("_", " ").lower()):
        words = re.findall(r"[a-z]{3,}", piece)
        yield from words
        yield from map(" ".join, pairwise(words))
