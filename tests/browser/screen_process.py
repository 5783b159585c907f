"""The screen's server as a process of its own, the way a therapist starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

COMMAND: Final = "from collector.cli.script import script; script()"
RESTLESS: Final = Path(__file__).with_name("restless_person.py")
STOP_S: Final = 20.0


@dataclass(frozen=True)
class Screen:
    """A server that runs; `address` lets one browser in, within a minute of its start."""

    address: str
    share: dict[str, str] | None
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        return self.address.split("/?")[0]

    def say(self, word: str) -> None:
        """Tell the person something; only the restless one listens."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()


@contextmanager
def screen(
    folder: Path, *options: str, db: Path | None = None, restless: bool = False
) -> Iterator[Screen]:
    """Run `hipgonio serve` with virtual sensors until the block is left."""
    program = [str(RESTLESS)] if restless else ["-c", COMMAND]
    database = str(db or folder / "trials.db")
    serve = ["serve", "--virtual", *options, "--no-browser", "--json", "--db", database]
    with (folder / "server.txt").open("w+") as said:
        process = subprocess.Popen(
            [sys.executable, *program, *serve],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=os.environ | {"XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)},
            text=True,
        )
        try:
            yield _begun(process, said)
        finally:
            _end(process)


def _begun(process: subprocess.Popen[str], said: IO[str]) -> Screen:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        said.seek(0)
        raise RuntimeError(f"the screen did not start: {said.read()}")
    told = json.loads(line)
    return Screen(told["address"], told["share"] or None, process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_S)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
