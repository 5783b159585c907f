"""Two hours of two sensors, recorded by the command itself, in a process of its own.

Run as ``python two_hours.py REPORT DATABASE``: writes the report as JSON. What it holds in memory
is read from the system every ten virtual minutes. A frame for the display is made every five
seconds, not thirty times a second, which would take minutes more: all else is as in any recording.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

from collector.cli.main import main
from collector.links.virtual import world
from collector.live.trial import session

HOURS_S = 7200.0
EVERY_S = 600.0
TICK_S = 5.0


def resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


class Sampled(world.World):
    """A world that notes, every ten minutes, how much memory the process holds."""

    samples: ClassVar[list[tuple[float, int]]] = []

    async def __aenter__(self) -> Sampled:
        await super().__aenter__()
        loop = asyncio.get_running_loop()
        for n in range(1, int(HOURS_S // EVERY_S) + 1):
            loop.call_later(n * EVERY_S, self._sample)
        return self

    def _sample(self) -> None:
        self.samples.append((self.now_s, resident_bytes()))


def record(db: str) -> dict[str, Any]:
    world.World, session.TICK_S = Sampled, TICK_S  # type: ignore[misc]
    words = ("record", "--protocol", "pslr", "--side", "left", "--seconds", HOURS_S + 1.0)
    trace = Path(db).with_suffix(".json")
    begun_s = time.perf_counter()
    with trace.open("w") as out, contextlib.redirect_stdout(out):
        code = main([*map(str, words), "--virtual", "plain", "--json", "--db", db])
    took_s = time.perf_counter() - begun_s
    body = json.loads(trace.read_text())
    return {"code": code, "samples": Sampled.samples, "body": body, "took_s": took_s}


if __name__ == "__main__":
    report, db = sys.argv[1:]
    Path(report).write_text(json.dumps(record(db)))
