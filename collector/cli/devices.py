"""`hipgonio devices`: which sensors are known, what their profiles say, what given bytes mean."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import assign, calibrate, check, identify, output
from collector.cli import options as opt
from schemas.errors import InputError

if TYPE_CHECKING:
    from devices.profile import Command, DeviceProfile
    from schemas.samples import Counters, Decoded, Reply, Samples

app = typer.Typer(no_args_is_help=True, help="Which sensors are known, and what they say.")

app.command("identify")(identify.identify)
app.command("assign")(assign.assign)
app.command("assigned")(assign.assigned)
app.command("unassign")(assign.unassign)
app.command("check")(check.check)
app.command("calibrate")(calibrate.calibrate)

Profile = Annotated[str, typer.Argument(metavar="PROFILE", help="For example witmotion.")]
ModeNumber = Annotated[
    int | None, typer.Option("--mode", help="Payload mode the sensor was started in.")
]
Hex = Annotated[
    list[str], typer.Argument(metavar="HEX...", help="One notification each; - reads them by line.")
]
Characteristic = Annotated[
    str | None,
    typer.Option("--characteristic", help="Where the bytes came from, for example 3001."),
]

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
    output.print_table(("", ""), [(name, _text(value)) for name, value in _facts(chosen)])
    output.print_table(("mode", "name", "on", "bytes", "sends"), _mode_rows(chosen))
    output.print_table(("to know",), [(note,) for note in chosen.notes])


@app.command("decode")
def decode(
    profile: Profile,
    hex_: Hex,
    mode: ModeNumber = None,
    characteristic: Characteristic = None,
    as_json: opt.Json = False,
) -> None:
    """Decode notifications given as hex digits, in the order in which they came."""
    from devices.registry import device

    chosen = device(profile)
    payloads = [_octets(text) for text in _words(hex_)]
    blocks, counters = _decoded(chosen, payloads, mode, characteristic)
    samples = [row for block in blocks for row in _sample_rows(block.samples)]
    replies = [_reply_row(reply) for block in blocks for reply in block.replies]
    counts = _counts(counters)
    if as_json:
        output.print_json(
            {"profile": chosen.id, "samples": samples, "replies": replies, "counters": counts}
        )
        return
    _print_rows(samples)
    _print_rows(replies)
    output.say(", ".join(f"{name} {n}" for name, n in counts.items() if n) or "nothing decoded")


def _words(hex_: Sequence[str]) -> Iterable[str]:
    for word in hex_:
        if word == "-":
            yield from (line for line in sys.stdin if line.strip())
        else:
            yield word


def _octets(text: str) -> bytes:
    """Read hex digits; blanks, colons, hyphens and 0x between the bytes are tolerated."""
    digits = text.strip().lower().replace("0x", " ")
    for between in ":-,_":
        digits = digits.replace(between, " ")
    try:
        return bytes.fromhex("".join(digits.split()))
    except ValueError:
        raise InputError(
            f"Expected an even number of hex digits (for example 5561ff00), not"
            f" {_shortened(text)!r}: give every notification as one word.",
            reason="not_hex",
        ) from None


def _shortened(text: str) -> str:
    return text.strip() if len(text) < 40 else f"{text.strip()[:36]}..."


def _decoded(
    profile: DeviceProfile, payloads: Sequence[bytes], mode: int | None, characteristic: str | None
) -> tuple[list[Decoded], Counters]:
    from schemas.chunk import Chunk, Notification

    decoder = profile.decoder(mode)
    name = (characteristic or _payload_characteristic(profile, mode)).lower()
    chunks = [Chunk.of([Notification(i, False, name, p)]) for i, p in enumerate(payloads)]
    return [*map(decoder.feed, chunks), decoder.finish()], decoder.counters


def _payload_characteristic(profile: DeviceProfile, mode: int | None) -> str:
    number = profile.default_mode if mode is None else mode
    if mode is None and number is not None:
        output.say(f"No --mode: read as mode {number}.")
    return next((m.notify for m in profile.modes if m.number == number), profile.modes[0].notify)


def _sample_rows(samples: Samples) -> list[Row]:
    """Return one mapping per sample; a quantity the sensor does not send is absent."""
    from schemas.units import DEG_PER_RAD

    euler = samples.euler_rad
    columns = {
        "acc_m_s2": samples.acc_m_s2,
        "gyr_rad_s": samples.gyr_rad_s,
        "euler_deg": None if euler is None else euler * DEG_PER_RAD,
        "quat_wxyz": samples.quat_wxyz,
        "free_acc_m_s2": samples.free_acc_m_s2,
        "mag_raw": samples.mag_raw,
        "device_time_s": samples.device_time_s,
    }
    present = {name: array.tolist() for name, array in columns.items() if array is not None}
    return [{name: present[name][i] for name in present} for i in range(len(samples))]


def _reply_row(reply: Reply) -> Row:
    return dict(reply.values)


def _counts(counters: Counters) -> dict[str, int]:
    from dataclasses import asdict

    return asdict(counters)


def _print_rows(rows: Sequence[Row]) -> None:
    """Print mappings as a table, a column for every name that occurs."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    if names:
        output.print_table(names, [[_text(row.get(name, "")) for name in names] for row in rows])


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return " ".join(_text(item) for item in value)
    return str(value)


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
