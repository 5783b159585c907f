"""A radio that does what a test says, and notes what was asked of it and when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from collector.links.live_link import LiveLink, Wanted
from collector.links.radio import Advert, Fault, LinkError
from devices.profile import DeviceProfile
from devices.registry import device
from devices.witmotion.registers import register_reply
from schemas.samples import Samples

NOTIFY, WRITE = "ffe4", "ffe9"
UNLOCK = "ffaa6988b5"
G = 9.80665


def witmotion_frame(
    index: int = 0, acc=(0.0, 0.0, G), gyr=(0.0, 0.0, 0.0), euler=(0.0, 0.0, 0.0)
) -> bytes:
    """One frame; `index` trembles in the last axis, as noise does, so that no two are equal."""
    trembling = (*euler[:2], euler[2] + 0.001 * (index % 1000))
    columns = {"acc_m_s2": acc, "gyr_rad_s": gyr, "euler_rad": trembling}
    rows = {name: np.array([value], dtype=float) for name, value in columns.items()}
    return device("witmotion").encode(Samples(np.zeros(1, dtype=np.int64), **rows), None)[0]


@dataclass
class ScriptedSensor:
    """A WitMotion sensor as far as a link sees it. Everything may be set while it runs."""

    address: str = "A"
    name: str = "WT901BLE67"
    registers: dict[int, int] = field(default_factory=dict)
    silent_registers: frozenset[int] = frozenset()
    characteristics: frozenset[str] = frozenset({NOTIFY, WRITE})
    frames_each: int = 4
    copies: int = 1
    streams: bool = True
    deaf: bool = False
    rate_scale: float = 1.0
    stuck_rate: int | None = None
    frame: Callable[[int], bytes] = witmotion_frame
    paired: bool = True
    pairs: bool = True
    answers_pings: bool = True
    resumes_on_subscribe: bool = False
    first_after_s: float = 0.0

    def __post_init__(self) -> None:
        self.written: list[tuple[float, str]] = []
        self.sent = 0
        self.connections: list[ScriptedConnection] = []

    @property
    def advert(self) -> Advert:
        return Advert(self, self.address, self.name, -50)

    @property
    def rate_hz(self) -> float:
        code = self.registers.get(0x03, 0x06)
        rates = device("witmotion").rates_hz
        return next(rate for rate, known in rates.items() if known == code) * self.rate_scale

    @property
    def connection(self) -> ScriptedConnection:
        return self.connections[-1]

    def write(self, payload: bytes) -> bytes | None:
        """Take a command; return the reply, if it has one."""
        self.written.append((asyncio.get_running_loop().time(), payload.hex()))
        if len(payload) != 5:
            return None
        register, word = payload[2], payload[3] | payload[4] << 8
        if register == 0x27:
            words = [self.registers.get(word + i, 0) for i in range(8)]
            return None if word in self.silent_registers else register_reply(word, words)
        if register == 0x03 and self.stuck_rate is not None:
            word = self.stuck_rate
        self.registers[register] = word
        return None


class ScriptedConnection:
    def __init__(self, sensor: ScriptedSensor, radio: ScriptedRadio, lost: Callable[[], None]):
        self.sensor, self.radio, self._lost = sensor, radio, lost
        self.up, self.released = True, False
        self.heard: Callable[[bytes], None] | None = None
        self._stream: asyncio.TimerHandle | None = None

    @property
    def is_connected(self) -> bool:
        return self.up

    @property
    def characteristics(self) -> frozenset[str]:
        return self.sensor.characteristics

    async def read(self, characteristic: str) -> bytes:
        await self._call("read", characteristic)
        return b""

    async def write(self, _characteristic: str, payload: bytes) -> None:
        await self._call("write", payload.hex())
        reply = self.sensor.write(payload)
        if reply is not None and self.heard is not None:
            asyncio.get_running_loop().call_later(0.01, self._notify, reply)

    async def subscribe(self, characteristic: str, heard: Callable[[bytes], None]) -> None:
        await self._call("subscribe", characteristic)
        self.heard = heard
        if self.sensor.resumes_on_subscribe and self.sensor.sent:
            self.sensor.streams = True
        self._next(self.sensor.first_after_s)

    async def unsubscribe(self, characteristic: str) -> None:
        await self._call("unsubscribe", characteristic)
        self._end_stream()

    async def pair(self) -> None:
        self.radio.calls.append("pair")
        if not self.sensor.pairs:
            raise LinkError(Fault.NOT_PAIRED, "no agent")
        self.sensor.paired = True

    async def disconnect(self) -> None:
        self.radio.calls.append("disconnect")
        await asyncio.sleep(0.005)
        self.up, self.released = False, True
        self._end_stream()

    def lose(self) -> None:
        """Take the link down from the other side."""
        self.up = False
        self._end_stream()
        self._lost()

    async def _call(self, what: str, about: str) -> None:
        self.radio.calls.append(f"{what} {about}")
        await asyncio.sleep(0.002)
        if not self.up:
            raise LinkError(Fault.LINK_LOST, "not connected")
        if self.sensor.deaf and what == "write":
            raise LinkError(Fault.TIMEOUT, "writing took longer than 3 s")
        if not self.sensor.paired:
            raise LinkError(Fault.NOT_PAIRED, "insufficient encryption")

    def _notify(self, payload: bytes) -> None:
        if self.heard is not None and self.up:
            self.heard(payload)

    def _next(self, wait_s: float) -> None:
        self._stream = asyncio.get_running_loop().call_later(wait_s, self._send)

    def _send(self) -> None:
        sensor = self.sensor
        if sensor.streams:
            n = sensor.sent
            payload = b"".join(sensor.frame(n + i) for i in range(sensor.frames_each))
            sensor.sent += sensor.frames_each
            for _ in range(sensor.copies):
                self._notify(payload)
        self._next(sensor.frames_each / sensor.rate_hz)

    def _end_stream(self) -> None:
        self.heard = None
        if self._stream is not None:
            self._stream.cancel()


class ScriptedRadio:
    """Connects to scripted sensors. `failures` are raised by the next connects, one each."""

    def __init__(self, *sensors: ScriptedSensor) -> None:
        self.sensors = sensors
        self.failures: list[LinkError] = []
        self.scan_failures: list[LinkError] = []
        self.calls: list[str] = []
        self.connects: list[float] = []
        self.advertises = True
        self.connect_s = 0.1

    async def scan(self, seconds, *, found=None, enough=None) -> tuple[Advert, ...]:
        self.calls.append("scan")
        del found
        if self.scan_failures:
            raise self.scan_failures.pop(0)
        adverts = tuple(sensor.advert for sensor in self.sensors) if self.advertises else ()
        await asyncio.sleep(0.1 if enough is not None and enough(adverts) else seconds)
        return adverts

    async def connect(self, advert: Advert, *, lost: Callable[[], None]) -> ScriptedConnection:
        self.calls.append("connect")
        self.connects.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.connect_s)
        if self.failures:
            raise self.failures.pop(0)
        sensor = next(sensor for sensor in self.sensors if sensor.address == advert.address)
        connection = ScriptedConnection(sensor, self, lost)
        sensor.connections.append(connection)
        return connection

    async def connected_elsewhere(self) -> tuple[Advert, ...]:
        return ()

    @property
    def held(self) -> int:
        """Connections that were not let go of."""
        return sum(not c.released for sensor in self.sensors for c in sensor.connections)


class Heard:
    """Everything a link told, in order: events and states with their time."""

    def __init__(self) -> None:
        self.events: list[tuple[int, str, int]] = []
        self.states: list[tuple[int, str, int]] = []

    def event(self, sensor: int, kind: str, t_us: int, _text: str) -> None:
        self.events.append((sensor, kind, t_us))

    def status(self, sensor: int, status) -> None:
        now = (sensor, status.state.value, status.since_us)
        if not self.states or self.states[-1] != now:
            self.states.append(now)

    def kinds(self, sensor: int = 0) -> list[str]:
        return [kind for who, kind, _ in self.events if who == sensor]

    def path(self, sensor: int = 0) -> list[str]:
        return [state for who, state, _ in self.states if who == sensor]

    def at_s(self, kind: str) -> float:
        return next(t_us for _, name, t_us in self.events if name == kind) / 1e6


def wanted(sensor: ScriptedSensor, rate_hz: float = 100.0, profile: DeviceProfile | None = None):
    return Wanted(sensor.advert, profile or device("witmotion"), None, rate_hz)


def live_link(radio: ScriptedRadio, heard: Heard | None = None, **options) -> LiveLink:
    """A link to all sensors of a radio, in the running loop's time."""
    heard = heard or Heard()
    loop = asyncio.get_running_loop()
    return options.pop("kind", LiveLink)(
        radio,
        [wanted(sensor) for sensor in radio.sensors],
        clock_us=options.pop("clock_us", loop.now_us),
        on_event=heard.event,
        on_status=heard.status,
        random=options.pop("random", lambda: 1.0),
        **options,
    )
