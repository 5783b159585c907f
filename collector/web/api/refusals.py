"""What is wrong with one field of a request, in a sentence: what was expected and what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

_LONGEST: Final = 40
_WHOLE: Final = "Expected a JSON object with the fields of the form."

Error = Mapping[str, Any]


def sentence_of(error: Error) -> str:
    """Return the sentence for one error of pydantic."""
    told = _SENTENCES.get(error["type"], _unknown)
    return told(error)


def _unknown(error: Error) -> str:
    text = str(error["msg"]).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}{_came(error)}."


def _came(error: Error) -> str:
    """Return what came, where that is short enough to read."""
    given = error.get("input")
    if not isinstance(given, str | int | float) or isinstance(given, bool):
        return ""
    text = repr(given)
    return f", got {text}" if len(text) <= _LONGEST else ""


def _limit(error: Error, name: str) -> str:
    return f"{error['ctx'][name]:g}"


def _own(error: Error) -> str:
    """Return the sentence that one of our validators raised."""
    return str(error["ctx"]["error"])


_SENTENCES: Final[Mapping[str, Callable[[Error], str]]] = {
    "missing": lambda _: "This is needed: fill it in.",
    "extra_forbidden": lambda _: "There is no such field here: leave it out.",
    "value_error": _own,
    "int_type": lambda e: f"Expected a whole number{_came(e)}.",
    "int_parsing": lambda e: f"Expected a whole number{_came(e)}.",
    "int_parsing_size": lambda _: "Expected a smaller whole number.",
    "int_from_float": lambda e: f"Expected a whole number{_came(e)}.",
    "float_type": lambda e: f"Expected a number{_came(e)}.",
    "float_parsing": lambda e: f"Expected a number{_came(e)}.",
    "finite_number": lambda e: f"Expected a number{_came(e)}.",
    "string_type": lambda e: f"Expected a text{_came(e)}.",
    "string_unicode": lambda _: "Expected a text that can be written: a character in it cannot.",
    "bool_type": lambda e: f"Expected true or false{_came(e)}.",
    "literal_error": lambda e: (
        f"Expected {str(e['ctx']['expected']).replace(chr(39), '')}{_came(e)}."
    ),
    "greater_than_equal": lambda e: f"Expected {_limit(e, 'ge')} or more{_came(e)}.",
    "less_than_equal": lambda e: f"Expected {_limit(e, 'le')} or less{_came(e)}.",
    "multiple_of": lambda e: f"Expected a multiple of {_limit(e, 'multiple_of')}{_came(e)}.",
    "string_too_long": lambda e: f"Expected at most {_limit(e, 'max_length')} characters.",
    "string_too_short": lambda _: "This is needed: fill it in.",
    "string_pattern_mismatch": lambda e: f"This cannot be a name here{_came(e)}.",
    "json_invalid": lambda _: "The body cannot be read as JSON: expected a JSON object.",
    "model_type": lambda _: _WHOLE,
    "model_attributes_type": lambda _: _WHOLE,
    "dict_type": lambda _: _WHOLE,
}
