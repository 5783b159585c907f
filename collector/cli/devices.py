"""`hipgonio devices`: which sensors are known, what their profiles say, what given bytes mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from collector.cli import assign, calibrate, check, decode, identify, output
from collector.cli import options as opt
from collector.cli.decode import Profile

if TYPE_CHECKING:
    from devices.profile import Command, DeviceProfile

app = typer.Typer(no_args_is_help=True, help="Which sensors are known, and what they say.")

app.command("identify")(identify.identify)
app.command("assign")(assign.assign)
app.command("assigned")(assign.assigned)
app.command("unassign")(assign.unassign)
app.command("check")(check.check)
app.command("calibrate")(calibrate.calibrate)
app.command("decode")(decode.decode)

Row = dict[str, object]


@app.command("list")
def list_(as_json: opt.Json = False) -> None:
    """List the sensor families that are known."""
    from devices.registry import DEVICES

    if as_json:
        output.print_json({"profiles": [_summary(profile) for profile in DEVICES.values()]})
        return
    rows = [
        (p.id, p.name, ", ".join(p.models), f"{max(p.rates_hz):g}", p.clock)
        for p in DEVICES.values()
    ]
    output.print_table(("profile", "name", "models", "up to Hz", "clock"), rows)


@app.command("show")
def show(profile: Profile, as_json: opt.Json = False) -> None:
    """Show everything a profile says: modes, rates, commands, traps."""
    from devices.registry import device

    chosen = device(profile)
    if as_json:
        output.print_json({"profile": _details(chosen)})
        return
    output.print_table(("", ""), [(name, output.figure(value)) for name, value in _facts(chosen)])
    output.print_table(("mode", "name", "on", "bytes", "sends"), _mode_rows(chosen))
    output.print_table(("to know",), [(note,) for note in chosen.notes])


def _summary(profile: DeviceProfile) -> Row:
    return {
        "id": profile.id,
        "version": profile.version,
        "name": profile.name,
        "models": list(profile.models),
        "rates_hz": sorted(profile.rates_hz),
        "clock": profile.clock,
        "confidence": profile.confidence,
    }


def _details(profile: DeviceProfile) -> Row:
    from dataclasses import asdict

    return {
        **_summary(profile),
        "recognition": asdict(profile.recognition),
        "service": profile.service,
        "characteristics": dict(profile.characteristics),
        "modes": [asdict(mode) for mode in profile.modes],
        "default_mode": profile.default_mode,
        "default_rate_hz": profile.default_rate_hz,
        "device_tick_s": profile.device_tick_s,
        "device_tick_bits": profile.device_tick_bits,
        "start": _commands(profile.start(profile.default_mode)),
        "stop": _commands(profile.stop(profile.default_mode)),
        "queries": _commands(profile.queries),
        "notes": list(profile.notes),
    }


def _commands(commands: Sequence[Command]) -> list[Row]:
    return [
        {
            "characteristic": command.characteristic,
            "hex": command.payload.hex(),
            "wait_s": command.wait_s,
            "meaning": command.meaning,
        }
        for command in commands
    ]


def _facts(profile: DeviceProfile) -> list[tuple[str, object]]:
    start = profile.start(profile.default_mode)
    return [
        ("profile", f"{profile.id}, version {profile.version}"),
        ("name", profile.name),
        ("models", ", ".join(profile.models)),
        ("recognized by", ", ".join(profile.recognition.name_parts)),
        ("rates (Hz)", sorted(profile.rates_hz)),
        ("clock", profile.clock),
        ("started by", "; ".join(f"{c.payload.hex()} ({c.meaning})" for c in start)),
        ("known from", profile.confidence),
    ]


def _mode_rows(profile: DeviceProfile) -> list[list[str]]:
    return [
        [
            "-" if mode.number is None else str(mode.number),
            mode.name,
            mode.notify,
            str(mode.frame_bytes),
            " ".join(mode.sends),
        ]
        for mode in profile.modes
    ]
