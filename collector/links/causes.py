"""What went wrong first, where several tasks failed together."""

from __future__ import annotations


def first_cause(error: BaseException) -> BaseException:
    """Return the first error of a group, however deep: the others followed from it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
