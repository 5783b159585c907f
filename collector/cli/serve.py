"""`hipgonio serve`: the therapist's screen in a browser on this computer, or on a tablet."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.links.setup import check_virtual
from schemas.errors import UsageError

if TYPE_CHECKING:
    from collector.web.api.bodies.engine import ReplayPart
    from collector.web.serving import Engine, Serving

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")]
SharePort = Annotated[
    int, typer.Option("--share-port", min=0, max=65535, help="Port for tablets; 0 a free one.")
]
Host = Annotated[
    str, typer.Option("--host", help="Other than this computer's own: with --share alone.")
]
Share = Annotated[
    bool, typer.Option("--share", help="Let tablets in the local network join, encrypted.")
]
Cert = Annotated[
    Path | None, typer.Option("--tls-cert", metavar="FILE", help="Your own certificate (PEM).")
]
Key = Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key (PEM).")]
Browser = Annotated[
    bool, typer.Option("--browser/--no-browser", help="Open the browser, or only say the address.")
]
Replay = Annotated[
    Path | None,
    typer.Option("--replay", metavar="FILE", help="A trace instead of sensors, at its own pace."),
]
Speed = Annotated[
    float, typer.Option("--speed", min=0.01, help="Pace of a replay or of virtual sensors.")
]


def serve(
    port: Port = 0,
    host: Host = "127.0.0.1",
    share: Share = False,
    share_port: SharePort = 0,
    tls_cert: Cert = None,
    tls_key: Key = None,
    browser: Browser = True,
    virtual: radio.Virtual = None,
    replay: Replay = None,
    speed: Speed = 1.0,
    adapter: radio.Adapter = None,
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Show the therapist's screen in a browser: measure, look back, print."""
    _check_installed()
    from collector.web.serving import Doors, Serving

    doors = Doors(host, port, share, share_port, tls_cert, tls_key)
    engine = _engine(virtual, replay, speed, adapter, db)
    serving = Serving(engine, doors, on_new_code=_tell_code)
    _tell(serving, json=json, browser=browser)
    _offer_new_address(serving)
    with suppress(KeyboardInterrupt):  # that is how a screen is closed, not a mishap
        serving.run()
    output.say("The screen is closed. All that was recorded is kept.")


def _check_installed() -> None:
    missing = [name for name in ("fastapi", "uvicorn", "babel") if not radio.installed(name)]
    if missing:
        raise UsageError(
            f"The screen needs {' and '.join(missing)}, not installed here: install hipgonio[web].",
            reason="no_web",
        )


def _engine(
    virtual: str | None, replay: Path | None, speed: float, adapter: str | None, db: Path | None
) -> Engine:
    from collector.cli.opened import opened_store
    from collector.web.desk import Desk, Mode
    from collector.web.serving import Engine

    if virtual is not None and replay is not None:
        raise UsageError(
            "--virtual and --replay both stand in for sensors: leave one of them out.",
            reason="usage",
        )
    if speed != 1.0 and virtual is None and replay is None:
        raise UsageError(
            "--speed is for virtual sensors and replays: real ones keep their own time; leave it"
            " out.",
            reason="usage",
        )
    if virtual is not None:
        check_virtual()
    path = radio.live_db(db, virtual)
    with opened_store(path):  # made, upgraded, and freed of what a crash left
        pass
    mode: Mode = "virtual" if virtual is not None else "replay" if replay is not None else "radio"
    desk = Desk(path, mode, virtual or "", replay)
    return Engine(desk, adapter, speed, None if replay is None else _replayed(replay))


def _replayed(file: Path) -> ReplayPart | None:
    """Return what a trace is of, None where it does not say; raises what reading it does."""
    from collector.imports.trace import read_trace
    from collector.own_files import find_test
    from collector.wearing import tested_side
    from collector.web.api.bodies.engine import ReplayPart

    trace = read_trace(file)
    for reason in trace.reasons:
        output.say(f"{file.name}: {reason.sentence}")
    info = trace.recording.info
    if info.protocol is None:
        return None
    test = find_test(info.protocol)[0]
    return ReplayPart(test=info.protocol, side=test.side_of(tested_side(info, test)))


def _tell(serving: Serving, *, json: bool, browser: bool) -> None:
    address, sharing = serving.address(), serving.sharing
    if json:
        shared = sharing and {
            "address": sharing.address,
            "fingerprint": sharing.fingerprint,
            "code": sharing.entry.code,
        }
        output.print_json({"address": address, "share": shared})
        sys.stdout.flush()
    output.say(f"The screen is at {address}")
    output.say("That address lets one browser in, within a minute. Ctrl-C closes the screen.")
    if sharing is not None:
        from collector.web.safety.share import qr_text

        output.say(qr_text(sharing.address))
        output.say(f"Tablets find it at {sharing.address}")
        output.say(f"Fingerprint of its certificate (SHA-256): {sharing.fingerprint}")
        if sharing.is_new:
            output.say("The certificate is new: tablets ask once whether they may trust it.")
        _tell_code(sharing.entry.code or "")
    if browser and has_window():
        threading.Timer(0.5, webbrowser.open, (address,)).start()


def has_window() -> bool:
    """Return whether a browser would open a window; in a bare terminal it would take that over."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _tell_code(code: str) -> None:
    output.say(f"Code for the next tablet: {code[:3]} {code[3:]}")


def _offer_new_address(serving: Serving) -> None:
    """Print a new address for every enter, since one is good for a minute and once."""
    if not sys.stdin.isatty():
        return
    output.say("Enter prints a new address.")

    def listen() -> None:
        for _line in sys.stdin:
            output.say(f"The screen is at {serving.address()}")

    threading.Thread(target=listen, name="new addresses", daemon=True).start()
