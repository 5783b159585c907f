"""`hipgonio devices decode`: what given bytes mean."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output
from schemas.errors import InputError

if TYPE_CHECKING:
    from devices.profile import DeviceProfile
    from schemas.samples import Counters, Decoded, Reply, Samples

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
        output.print_table(
            names, [[output.figure(row.get(name, "")) for name in names] for row in rows]
        )
