"""A device family is a frozen value: how to recognise it, start it, stop it and read it.

What cannot be data is a function the profile points to: its decoder, its encoder, the bytes of a
reply that must be redacted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from schemas.chunk import Chunk
from schemas.recording import ClockKind
from schemas.samples import Counters, Decoded, Samples


class Decoder(Protocol):
    """Bytes of one sensor in, samples out. One decoder per sensor: buffers are never shared."""

    counters: Counters

    def feed(self, chunk: Chunk) -> Decoded:
        """Decode what is complete; keep at most one frame's bytes for the next call."""
        ...

    def finish(self) -> Decoded:
        """Decode what waits for bytes that will not come; call it once, at the end."""
        ...

    def reset(self) -> None:
        """Forget the partial frame (after a reconnect); counters stay."""
        ...


class Redactor(Protocol):
    """Takes personal bytes out of one connection, chunk by chunk, before they are stored."""

    def redact(self, chunk: Chunk) -> tuple[Chunk, tuple[str, ...]]:
        """Return `chunk` without them, and the names of what was redacted."""
        ...


@dataclass(frozen=True, slots=True)
class Recognition:
    """How a family shows itself in advertisements, any one of these being enough."""

    name_parts: tuple[str, ...] = ()
    service_uuids: tuple[str, ...] = ()
    company_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """Bytes to write to a characteristic, and how long the device needs before the next one.

    `expects` names the value of the reply that answers a query, for example ``("register", 3)``.
    """

    characteristic: str
    payload: bytes
    wait_s: float = 0.0
    meaning: str = ""
    expects: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Mode:
    """One thing a family can be told to send.

    `number` is the family's own mode number (None for families without modes); `sends` the
    columns of `Samples` that it fills; `notify` the characteristic that carries it.
    """

    number: int | None
    name: str
    notify: str
    frame_bytes: int
    sends: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """Everything that is known about one family of sensors.

    `version` rises whenever a change would decode the same bytes to other numbers.
    `frame_bytes` of a mode is also the stride at which stored bytes repeat. `redact` takes a whole
    recording, `redactor` makes one for a connection that is recorded piece by piece. `queries` are
    the commands that ask for battery, version and zero references, one answer at a time; `reads`
    the characteristics to read for the same. `probe` is a command that changes and answers
    nothing: that it can be written proves the link.
    """

    id: str
    version: int
    name: str
    models: tuple[str, ...]
    recognition: Recognition
    service: str
    characteristics: Mapping[str, str]
    modes: tuple[Mode, ...]
    default_mode: int | None
    rates_hz: Mapping[float, int]
    default_rate_hz: float
    clock: ClockKind
    start: Callable[[int | None], tuple[Command, ...]]
    stop: Callable[[int | None], tuple[Command, ...]]
    set_rate: Callable[[float], tuple[Command, ...]]
    decoder: Callable[[int | None], Decoder]
    encode: Callable[[Samples, int | None], tuple[bytes, ...]]
    redact: Callable[[Chunk], tuple[Chunk, tuple[str, ...]]]
    redactor: Callable[[], Redactor]
    queries: tuple[Command, ...] = ()
    reads: tuple[str, ...] = ()
    probe: Command | None = None
    device_tick_s: float | None = None
    device_tick_bits: int | None = None
    latency_allowance_s: float = 0.006
    notes: tuple[str, ...] = ()
    confidence: Literal["hardware", "document", "third party"] = "hardware"
    docs: str = ""
    other_encoders: Mapping[str, Callable[..., bytes]] = field(default_factory=dict)
