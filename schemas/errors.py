"""Every error a user can meet, with the exit code that scripts rely on.

::

    HipgonioError            1  our defect
    ├── UsageError           2  wrong usage, unknown segment, protocol or option
    ├── RadioError           3  no Bluetooth adapter, or no permission
    ├── SensorMissingError   4  a sensor that the test needs is not there
    ├── QualityError         5  refused for quality
    ├── InputError           6  bad input: file, columns, NaN, time going back, no overlap, ...
    └── StoreError           7  the database: not writable, newer, damaged, nothing of that number

Bad *data* is not an error: lost, late or damaged samples are counted and end as a grade.
A message is one sentence that says what was expected, what came and what to try.
"""

from __future__ import annotations

from typing import ClassVar


class HipgonioError(Exception):
    """The root: a sentence for the user, a reason for scripts, an exit code for shells.

    Parameters
    ----------
    message
        One sentence: what was expected, what came, what to try.
    reason
        A stable lower-case slug, for example ``file_missing``.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, reason: str = "defect") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


class UsageError(HipgonioError):
    """The command was called in a way it does not know."""

    exit_code = 2


class RadioError(HipgonioError):
    """There is no Bluetooth adapter, or no permission to use it."""

    exit_code = 3


class SensorMissingError(HipgonioError):
    """A sensor that is required does not answer."""

    exit_code = 4


class QualityError(HipgonioError):
    """The result exists but is worse than the caller allowed."""

    exit_code = 5


class InputError(HipgonioError):
    """A file or a window of it cannot be used."""

    exit_code = 6


class StoreError(HipgonioError):
    """The database cannot be opened, read or written, or does not hold what was asked for."""

    exit_code = 7
