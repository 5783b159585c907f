"""Runs the command on watched virtual worlds, and holds what it keeps against what was sent.

A watched world notes, outside the program, every notification at the moment bleak hands it over,
and every one that the sensor gave to its radio.
"""

from __future__ import annotations

import asyncio
import io
import json
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest

from collector.cli.main import main
from collector.links.virtual.ledger import Sent
from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.world import Conditions, World
from collector.simulate import Performance, TrialConfig
from collector.store import open_store
from schemas.recording import Recording
from schemas.result import SensorCertificate, TrialResult
from schemas.segments import Segment

STREAMS = {"witmotion": "ffe4", "movella_dot": "2004"}
"""The characteristic that brings the data, by family."""

BRISK = Performance(still_s=1.0, hold_s=1.5, rest_s=1.5)
"""A person who does not dawdle: the tests are shorter."""


LONGEST_S = 150.0
"""After so long in a world somebody presses Ctrl-C: a test must not run for ever."""


CANCELLED = -1


class Heard(NamedTuple):
    """A notification as bleak handed it over: when, by which connection, and its bytes."""

    t_s: float
    connection: int
    payload: bytes


class Watched(World):
    """A world that notes what its adapter hands to whoever listens."""

    opened: ClassVar[list[Watched]] = []
    change: ClassVar[dict[str, Any]] = {}
    """What is different from the scenario: `around` of the radio, `how` the person does it,
    `thigh` of that sensor's plan, `ctrl_c_s` of when somebody presses it, `cancel_s` of
    when the program's task is cancelled, and anything else of every sensor's."""

    def __init__(self, plans: Sequence[SensorPlan], **arguments: Any) -> None:
        every = dict(self.change)
        how, thigh = every.pop("how", BRISK), every.pop("thigh", {})
        self._cancel_s: float | None = every.pop("cancel_s", None)
        self._ctrl_c_s: Sequence[float] = every.pop("ctrl_c_s", (LONGEST_S,))
        around = replace(arguments["conditions"] or Conditions(), **every.pop("around", {}))
        changed = [
            replace(plan, **every, **(thigh if plan.role == "thigh" else {})) for plan in plans
        ]
        arguments |= {"config": TrialConfig(how=how), "conditions": around, "details": True}
        super().__init__(changed, **arguments)
        self.heard: dict[str, list[Heard]] = {plan.address: [] for plan in self.plans}
        self.connections: Counter[str] = Counter()
        self.left_connected: tuple[str, ...] | None = None
        self.opened.append(self)

    def client_factory(self, device: Any, **arguments: Any) -> Any:
        client = super().client_factory(device, **arguments)
        subscribe, heard = client.start_notify, self.heard[client.address]

        self.connections[client.address] += 1
        number = self.connections[client.address]

        async def start_notify(characteristic: Any, callback: Any, **more: Any) -> None:
            def noted(sender: Any, data: bytearray) -> None:
                heard.append(Heard(self.now_s, number, bytes(data)))
                callback(sender, data)

            await subscribe(characteristic, noted, **more)

        client.start_notify = start_notify
        return client

    async def __aenter__(self) -> Watched:
        await super().__aenter__()
        loop = asyncio.get_running_loop()
        self._pressed = [
            loop.call_later(at_s, signal.raise_signal, signal.SIGINT) for at_s in self._ctrl_c_s
        ]
        task = asyncio.current_task()
        if self._cancel_s is not None and task is not None:
            self._pressed.append(loop.call_later(self._cancel_s, task.cancel))
        return self

    async def __aexit__(self, *details: Any) -> None:
        for press in self._pressed:
            press.cancel()
        await asyncio.sleep(0.1)  # a sensor hears of the end one connection event later
        self.left_connected = tuple(
            address for address, sensor in self._sensors.items() if sensor.device.connections
        )
        await super().__aexit__(*details)


@dataclass
class Ran:
    """What one command came to: what it said, kept, and what really was."""

    code: int
    out: str
    err: str
    db: Path
    world: Watched | None
    _kept: dict[int, Recording] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        return self.json["error"]

    def recording(self, trial: int = 1) -> Recording:
        if trial not in self._kept:
            with open_store(self.db) as store:
                self._kept[trial] = store.load_recording(trial)
        return self._kept[trial]

    def events(self, trial: int = 1) -> list[tuple[str, str]]:
        """What befell the trial; that its repetitions began is in every one."""
        events = self.recording(trial).events
        return [(event.kind, event.text) for event in events if event.kind != "test_begins"]

    def trials(self) -> list[tuple[int, str]]:
        with open_store(self.db) as store:
            return [(row.id, row.state) for row in store.list_trials()]

    @property
    def result(self) -> TrialResult:
        """The stored result of the first trial."""
        with open_store(self.db) as store:
            return store.latest_result(1)

    def sensor(self, segment: Segment) -> SensorCertificate:
        return self.result.certificate.sensors[segment]

    def reasons(self) -> dict[str, str]:
        """Why the grade is what it is, and what else the certificate tells."""
        result = self.result
        return {r.code: r.sentence for r in (*result.certificate.reasons, *result.reasons)}

    def codes(self, n: int) -> set[str]:
        """Why repetition `n` is not better than it is."""
        found = next(rep for rep in self.result.repetitions if rep.n == n)
        return {reason.code for reason in found.reasons}


class Tally(NamedTuple):
    """One sensor's notifications in the trial's time, by the world's own books."""

    sent: int
    """Samples measured from the first one recorded to the last, handed to a radio or not."""
    handed: int
    """Of those, samples that the sensor handed to its radio."""
    delivered: int
    """Of those, samples that bleak handed over, copies not counted twice."""
    withheld: int
    """Of those, samples of a new connection that were not verified yet."""


def ran(words: Sequence[object], db: Path, **change: Any) -> Ran:
    """Run the command in this process, in watched worlds, with a home of its own."""
    out, err = io.StringIO(), io.StringIO()
    before = len(Watched.opened)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr("collector.links.virtual.world.World", Watched)
        patch.setattr(Watched, "change", change)
        patch.setenv("HIPGONIO_DB", str(db.with_name("home.db")))
        patch.setenv("NO_COLOR", "1")
        patch.setenv("COLUMNS", "200")
        try:
            code = main([*map(str, words), "--db", str(db)])
        except asyncio.CancelledError:
            code = CANCELLED
    worlds = Watched.opened[before:]
    del Watched.opened[before:]
    for world in worlds:
        assert world.left_connected == (), "a sensor was left connected"
    return Ran(code, out.getvalue(), err.getvalue(), db, worlds[-1] if worlds else None)


def stored_of(run: Ran, segment: Segment, trial: int = 1) -> list[bytes]:
    """What the store holds of a sensor's stream."""
    recording = run.recording(trial)
    index = [use.segment for use in recording.info.sensors].index(segment)
    family = recording.info.sensors[index].profile_id
    rows = recording.chunks[index].notifications()
    return [r.payload for r in rows if not r.outgoing and r.characteristic == STREAMS[family]]


def delivered_of(run: Ran, segment: Segment, trial: int = 1) -> list[Heard]:
    """What bleak handed over in the trial's time: from the first row recorded to the last."""
    stored = stored_of(run, segment, trial)
    heard = run.world.heard[run.world.addresses[segment]]
    start = next(at for at, row in enumerate(heard) if same([row.payload], stored[:1]))
    end = max(at for at, row in enumerate(heard) if same([row.payload], stored[-1:]))
    return heard[start : end + 1]


def withheld_of(run: Ran, segment: Segment, trial: int = 1) -> set[Heard]:
    """What came over a new connection before its settings were verified: not for recording."""
    delivered = delivered_of(run, segment, trial)
    recording = run.recording(trial)
    index = [use.segment for use in recording.info.sensors].index(segment)
    chunk = recording.chunks[index]
    zero_s = delivered[0].t_s - chunk.t_us[~chunk.outgoing][0] / 1e6
    out: set[Heard] = set()
    for event in recording.events:
        if (event.kind, event.text) == ("reconnected", segment):
            before = [r for r in delivered if r.t_s - zero_s < event.t_us / 1e6 - 1e-4]
            newest = max(row.connection for row in before)
            out.update(row for row in before if row.connection == newest)
    return out


def same(delivered: Sequence[bytes], stored: Sequence[bytes]) -> bool:
    """Whether bytes are those delivered; an address in a reply is allowed to be zeroed."""
    return len(delivered) == len(stored) and all(
        raw == kept or (len(raw) == len(kept) and kept == redacted(raw))
        for raw, kept in zip(delivered, stored, strict=True)
    )


def redacted(payload: bytes) -> bytes:
    """WitMotion's answer about 0x64: eight words, of which the third to fifth are the address."""
    at = payload.find(b"\x55\x71\x64\x00")
    return payload if at < 0 else payload[: at + 8] + bytes(6) + payload[at + 14 :]


def tally(run: Ran, segment: Segment, trial: int = 1) -> Tally:
    """Find what was delivered among what was sent, in order, and count samples."""
    delivered = delivered_of(run, segment, trial)
    withheld = withheld_of(run, segment, trial)
    ledger = run.world.sent(run.world.addresses[segment])
    matched = list(_matched(ledger.rows, delivered))
    first, last = matched[0][0], matched[-1][0]
    data = [row for row in ledger.rows[first : last + 1] if row.frames]
    return Tally(
        sent=data[-1].first + data[-1].frames - data[0].first,
        handed=sum(row.frames for row in data),
        delivered=sum(ledger.rows[at].frames for at, _ in matched),
        withheld=sum(ledger.rows[at].frames for at, row in matched if row in withheld),
    )


def _matched(sent: Sequence[Sent], delivered: Sequence[Heard]) -> Iterator[tuple[int, Heard]]:
    """Where in the ledger each delivered notification stands; a radio keeps their order."""
    at, before = -1, b""
    for row in delivered:
        if row.payload == before:  # a copy
            continue
        before = row.payload
        at = next(i for i in range(at + 1, len(sent)) if sent[i].payload == before)
        yield at, row


def check_kept(run: Ran, segment: Segment, trial: int = 1) -> None:
    """The store holds, byte by byte, what was delivered; and no address."""
    withheld = withheld_of(run, segment, trial)
    wanted = [r.payload for r in delivered_of(run, segment, trial) if r not in withheld]
    assert same(wanted, stored_of(run, segment, trial))
    octets = bytes.fromhex(run.world.addresses[segment][:17].replace(":", ""))
    for kept in run.recording(trial).chunks:
        assert octets not in kept.payload
        assert octets[::-1] not in kept.payload


def check_sum(run: Ran, segment: Segment) -> None:
    """received + lost + duplicated = sent, within what the certificate says of itself."""
    books, kept = tally(run, segment), run.sensor(segment)
    assert kept.received == books.delivered - books.withheld
    assert kept.expected == kept.received + kept.lost
    off = kept.expected + kept.duplicated - books.sent
    assert abs(off) <= (0 if kept.clock == "device" else kept.lost_uncertainty), (kept, books)


def check_ledger(run: Ran, *segments: Segment) -> None:
    """All of it: bytes, samples, and what the air did with every notification of the world."""
    for segment in segments:
        check_kept(run, segment)
        check_sum(run, segment)
    for address, heard in run.world.heard.items():
        balance = run.world.balance(address)
        assert balance.sent == balance.delivered + balance.dropped + balance.queued
        # the last ones of a connection may come when its subscription has just been ended
        late = balance.delivered + balance.duplicated - len(heard)
        assert 0 <= late <= 2 * run.world.connections[address]
