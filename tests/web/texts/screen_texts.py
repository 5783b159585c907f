"""Every text of the screen, found in the sources: the page's own, and what the rooms below say."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "collector" / "web"

_STRING = r'"(?:[^"\\]|\\.)*"'
_JOINED = rf"{_STRING}(?:\s*[+~]\s*{_STRING})*"
_CALL = re.compile(rf"\b(?:t|_)\(\s*({_JOINED})")
_TABLE = re.compile(
    r"^(?:export )?const ([A-Z][A-Z_]*) = (?:Object\.freeze\()?([\[{].*?[\]}])\)?;$", re.M | re.S
)
_CHOICE = re.compile(rf"\?\s*({_STRING})\s*:\s*({_STRING})")
_VALUE = re.compile(rf"(?<!\w)({_JOINED})(?!\s*:)")


def page_keys() -> dict[str, str]:
    """Return every key of `t()` and `_()` with the file that it was found in."""
    found: dict[str, str] = {}
    for path in sorted(WEB.rglob("*.js")):
        source = path.read_text(encoding="utf-8")
        for key in (*_called(source), *_in_tables(source)):
            found.setdefault(key, path.name)
    for path in sorted(WEB.rglob("*.j2")):
        for key in _called(path.read_text(encoding="utf-8")):
            found.setdefault(key, path.name)
    for path in sorted((WEB / "safety").glob("*.py")):
        for key in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(key, path.name)
    return found


def _marked(tree: ast.AST) -> Iterator[str]:
    """Yield what stands in `_()` of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield from (a.value for a in node.args if isinstance(a, ast.Constant))


def _called(source: str) -> Iterator[str]:
    for joined in _CALL.findall(source):
        yield _text(joined)
    for inside in re.findall(r"\bt\((?!\s*\")([^()]*\?[^()]*)\)", source):
        for both in _CHOICE.findall(inside):
            yield from map(_text, both)


def _in_tables(source: str) -> Iterator[str]:
    """Yield the values of tables that are looked up for `t()`."""
    for name, body in _TABLE.findall(source):
        if re.search(rf"\bt\([^\"()]*(?:\([^()]*)?\b{name}\b", source):
            yield from (_text(value) for value in _VALUE.findall(body))


def _text(joined: str) -> str:
    """Return a literal, or several with + between them, as Python reads it."""
    parts = re.findall(_STRING, joined)
    return "".join(str(ast.literal_eval(re.sub(r"\\u\{(\w+)\}", r"\\u\1", p))) for p in parts)


def protocol_texts() -> dict[str, str]:
    """Return what the files of the tests say to people, with the file's name."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "schemas" / "protocols").glob("*.toml")):
        for text in _of_protocol(tomllib.loads(path.read_text(encoding="utf-8"))):
            found.setdefault(text, path.name)
    return found


def _of_protocol(test: dict) -> Iterator[str]:  # type: ignore[type-arg]  # TOML as it comes
    yield from (test["title"], test["target"], test["position"], test["reference"]["pose"])
    yield from (*test["procedure"], *test["safety"], *test["end_points"])
    yield from test["sensors"]["placement"].values()
    yield from (each.replace("_", " ") for each in test["sensors"]["sites"].values())
    yield from test.get("prompts", {}).get("words", {}).values()
    yield from (test["prompts"][k] for k in ("out", "hold", "back") if k in test.get("prompts", {}))
    yield from (guard["sentence"] for guard in test.get("guards", ()))
    yield from (cut["meaning"] for cut in test.get("cutoffs", ()))
    yield from (need["activity"] for need in test.get("scoring", {}).get("targets", ()))
