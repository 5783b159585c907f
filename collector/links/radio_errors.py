"""What a radio could not do, as the error that tells a user what to try on this system."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from collector.links.radio import Fault, LinkError
from schemas.errors import HipgonioError, RadioError, SensorMissingError

Result = TypeVar("Result")

RADIO_FAULTS: Final = frozenset(
    {Fault.NO_ADAPTER, Fault.ADAPTER_OFF, Fault.PERMISSION_DENIED, Fault.ADAPTER_WEDGED}
)
"""Faults of the computer's radio; the others are a sensor's."""

_CAME: Final = {
    Fault.NO_ADAPTER: "A Bluetooth adapter was expected, none was found.",
    Fault.ADAPTER_OFF: "Bluetooth is switched off.",
    Fault.PERMISSION_DENIED: "The system does not let this program use Bluetooth.",
    Fault.ADAPTER_WEDGED: "The Bluetooth adapter does not answer.",
    Fault.NOT_FOUND: "The sensor was not found.",
    Fault.TIMEOUT: "The sensor did not answer in time.",
    Fault.LINK_LOST: "The connection to the sensor was lost.",
    Fault.NOT_PAIRED: "The sensor wants to be paired.",
    Fault.UNSUPPORTED: "The sensor does not do what its family should.",
    Fault.REFUSED: "The sensor refused.",
}


def as_error(fault: LinkError) -> HipgonioError:
    """Return the error that tells a user what the radio could not do, and what to try."""
    if isinstance(fault.__cause__, ImportError):
        return RadioError(
            f"The Bluetooth library cannot be used here ({fault.__cause__}): install hipgonio anew,"
            " with its dependencies.",
            reason="no_bleak",
        )
    kind = RadioError if fault.fault in RADIO_FAULTS else SensorMissingError
    return kind(said(fault), reason=fault.fault.value)


def said(fault: LinkError) -> str:
    """Return what the radio could not do, and what to try on this system."""
    from collector.links.advice import advice

    return f"{_CAME[fault.fault]} {advice(fault.fault, platform.system())}"


def mapped(run: Callable[[], Result]) -> Result:
    """Call `run`; a failed radio call becomes its error, out of any group of tasks."""
    try:
        return run()
    except LinkError as fault:
        raise as_error(fault) from fault
    except BaseExceptionGroup as group:
        for error in _leaves(group):
            if isinstance(error, LinkError):
                raise as_error(error) from group
            if isinstance(error, HipgonioError | KeyboardInterrupt):
                raise error from group
        raise


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
