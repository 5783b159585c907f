"""Every sentence that the guided test says, in one place; keys and buttons are named elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from schemas.protocol import Protocol
from schemas.protocol_scoring import GENERIC_WORDS, Words
from schemas.result import Reason

GETTING_READY: Final = "The sensors are getting ready."
KEEP_STILL: Final = "Keep still."
STAND_STILL: Final = "Stand upright, arms hanging. Keep still."
LEAN_FORWARD: Final = (
    "Lean forward from the hips by about 30 degrees, back straight, and come back. Twice."
)
LEAN_ONCE_MORE: Final = "And once more: lean forward, and come back."
PAIN_STOP: Final = "Stopped because of pain. Computing what there is."
FREE: Final = "Recording. End it when you are done."
TIME_OVER: Final = "The time is over."
ENDED: Final = "Done. Computing the result."
ENDED_EARLY: Final = "Ended by you. Computing what there is."
INTERRUPTED: Final = "Stopped. What was recorded is being kept."
NOT_BEGUN: Final = "Stopped before the trial began."
MARKED: Final = "Marked."
LINK_ENDED: Final = "No more data can come. Computing what there is."
GATE_OPEN: Final = "Every sensor delivers as asked."
STILL_AGAIN: Final = "Keep still for a moment, then it is done."


def words_of(protocol: Protocol | None) -> Words:
    """Return a test's own words, the generic ones where its file has none."""
    return protocol.words if protocol else GENERIC_WORDS


def pose(protocol: Protocol | None) -> str:
    """Say how to keep still."""
    return f"{protocol.reference.pose} {KEEP_STILL}" if protocol else KEEP_STILL


def moved(what: str, seconds: float) -> str:
    """Say that the countdown begins again."""
    return f"{what} moved: the {seconds:.0f} seconds begin again. {KEEP_STILL}"


def away(segments: Sequence[str]) -> str:
    """Say what to do in mid-movement while sensors are not heard."""
    return f"No word from {' and '.join(segments)}: go back to the start position and wait."


def into_position(protocol: Protocol | None) -> str:
    """Say how to get from standing into the test's own pose."""
    return f"Get into position: {pose(protocol)}"


_OF_THE_WINDOW: Final = frozenset({"window_outside", "reference_empty"})


def unusable(reason: str, segment: str, message: str) -> str:
    """Say why still seconds are no use: the `message` itself, where it says what to do."""
    if reason == "reference_moving":
        return f"{segment} sank or drifted slowly."
    return f"Too little came from {segment}." if reason in _OF_THE_WINDOW else message


def placed_otherwise(reasons: Sequence[Reason], *, last: bool) -> str:
    """Say what does not fit the test, before anything has moved."""
    said = " ".join(reason.sentence for reason in reasons)
    rest = "else it is taken as it is next time." if last else "or see that all is as it should be."
    return f"{said} Correct that, {rest}"


def again(why: str, seconds: float) -> str:
    """Say why the still seconds begin again."""
    return f"{why} The {seconds:.0f} seconds begin again. {KEEP_STILL}"


def not_leaning(seconds: float) -> str:
    """Say that nobody has leaned far enough yet."""
    return (
        f"{seconds:.0f} seconds without a lean forward by more than 20 degrees and the way back."
        f" {LEAN_FORWARD}"
    )


def lean_again(why: str) -> str:
    """Say why the lean is wanted again."""
    return f"{why} {LEAN_FORWARD}"


def keeps_moving(seconds: float) -> str:
    """Say that the reference cannot be taken."""
    return (
        f"{seconds:.0f} seconds without a still moment: support the leg, wait for a quiet breath,"
        " or check that no strap swings."
    )


def repetition(n: int, wanted: int, words: Words) -> str:
    """Ask for repetition `n`."""
    return f"{words.out}. ({n} of {wanted})"


def another(why: str, n: int, wanted: int, words: Words) -> str:
    """Ask for one repetition more than was asked for, and say why."""
    return f"One more, for {why}. {repetition(n, wanted, words)}"


def counted(n: int, wanted: int, figures: str) -> str:
    """Say that a repetition was counted; without figures it is not one to rely on."""
    which = f"Repetition {n} of {wanted}" if n <= wanted else f"Repetition {n}"
    if not figures:
        return f"{which} done, but too little of it came from the sensors: it may not count."
    return f"{which} done: {figures}."


def slipped(why: str) -> str:
    """Say that what follows will not count, and what helps."""
    return f"{why} What follows will not count: end here, strap it on again, measure anew."


def axis_unknown(segments: Sequence[str]) -> str:
    """Say why a repetition has no angles yet, and what helps."""
    return (
        f"no angles, for {' and '.join(segments)} moved too little to find the sensor's axis; a"
        " larger movement shows it"
    )


def nothing_moves(seconds: float, words: Words) -> str:
    """Say that the test waits for a movement."""
    return f"Nothing has moved for {seconds:.0f} seconds. {words.out}, or end here."


def does_not_settle(seconds: float) -> str:
    """Say that the test waits for stillness at the end."""
    return f"Still moving after {seconds:.0f} seconds. Lie or stand still, or end here."


def no_end_seen(seconds: float) -> str:
    """Say that a movement has begun whose end did not come."""
    return (
        f"This movement has lasted {seconds:.0f} seconds. Go back to the start, so that it counts."
    )


def stays_away(silent: Iterable[str], seconds: float, most_s: float) -> str:
    """Say that a sensor has been away for long."""
    return (
        f"No data from {', '.join(silent)} for {seconds:.0f} seconds: switch it on and bring it"
        f" nearer, or end here. After {most_s:.0f} seconds the trial ends by itself."
    )


def given_up(silent: Iterable[str], seconds: float) -> str:
    """Say that the trial ends for want of a sensor."""
    return f"{', '.join(silent)} stayed away for {seconds:.0f} seconds. Computing what there is."


def idle(seconds: float) -> str:
    """Say that the trial ends because nothing happens."""
    return f"Nothing was done for {seconds / 60:.0f} minutes. Computing what there is."


def waiting(sentences: Iterable[str]) -> str:
    """Say what the gate waits for."""
    return "Waiting. " + " ".join(sentences)


def overridden(reason: str) -> str:
    """Say that the gate was overridden."""
    return f"Started although the sensors are not ready, because: {reason}"


_LINK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "link_lost": "{segment}: the connection is lost; it is looked for again. Go on, or wait.",
        "reconnected": "{segment} is connected again and delivers.",
        "slow": "{segment}: only {text} come through: bring it nearer, keep bodies out of the way.",
        "steady": "{segment} delivers as asked again.",
        "alarm": "{segment} has been silent for 2 seconds: bring it nearer, or wait.",
        "adapter_off": "Bluetooth is off: switch it on again. The trial waits for it.",
        "no_adapter": "The Bluetooth adapter is gone: plug it in again. The trial waits for it.",
        "permission_denied": "The system took away the permission for Bluetooth: allow it again.",
        "not_paired": "{segment} wants to be paired: do so in the system's Bluetooth settings.",
        "unfit": "{segment} does not do as asked ({text}): switch it off and on.",
    }
)
"""What befalls a connection and is worth a word; the rest is recorded and not said."""


def link_event(kind: str, segment: str, text: str) -> str:
    """Say what befell a sensor's connection; empty where nothing need be said."""
    return _LINK.get(kind, "").format(segment=segment, text=text)


def store_failed(message: str) -> str:
    """Say that keeping fails, and what the user can do."""
    return f"Not being stored at the moment: {message} It is tried again; you may end here."
