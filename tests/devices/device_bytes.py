"""Bytes from the air, with what their sources say they mean, and short ways to decode them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from devices.profile import Decoder
from devices.registry import profile
from schemas.chunk import Chunk, Notification
from schemas.samples import SAMPLE_WIDTHS, Counters, Reply, Samples
from schemas.units import G_M_S2, RAD_PER_DEG

# id: hex, acceleration in g, rate in deg/s, angles in deg, chip time
WITMOTION_FRAMES: dict[str, tuple[str, tuple, tuple, tuple, str | None]] = {
    "W2a": (
        "5561d8fd3905de05bb01ff00fbffab0fb1ed808a1a06160e29011903",
        (-0.2695, 0.6528, 0.7334),
        (27.039, 15.564, -0.305),
        (22.033, -25.746, -165.234),
        "2026-06-22T14:41:01.793",
    ),
    "W2e": (
        "55611eff500887025efe9c00bbfcf137330595871a06160e2a335103",
        (-0.1104, 1.0391, 0.3159),
        (-25.513, 9.521, -51.086),
        (78.668, 7.311, -169.338),
        "2026-06-22T14:42:51.849",  # what the bytes 51 03 say; the printed list has .593
    ),
    "W3": (
        "55612706bc0179065500e7fec4fa3e00eaff0000",
        (0.76904, 0.21680, 0.80908),
        (5.188, -17.151, -81.787),
        (0.3406, -0.1208, 0.0),
        None,
    ),
    "W3-256": (
        "55615d05b801ae05b9ff76fff6ff3c00e6ff7ac2",
        (1373 / 2048, 440 / 2048, 1454 / 2048),
        (-71 * 2000 / 32768, -138 * 2000 / 32768, -10 * 2000 / 32768),
        (0.3296, -0.1428, -86.5173),
        None,
    ),
    "W20": (
        "5561000000040008000000200000000000200040",
        (0, 0.5, 1),
        (0, 500, 0),
        (0, 45, 90),
        None,
    ),
    "W21": (
        "556100fc0000000800e00000000000e000000020",
        (-0.5, 0, 1),
        (-500, 0, 0),
        (-45, 0, 45),
        None,
    ),
}

W10 = bytes.fromhex("55712E001601D8890F0101000905A7033601D1FE")
W14 = bytes.fromhex("5571030008000000000000000000000000000000")
W16 = bytes.fromhex("55713A00680169007A0000000000000000000000")
W20 = bytes.fromhex(WITMOTION_FRAMES["W20"][0])
W21 = bytes.fromhex(WITMOTION_FRAMES["W21"][0])
W2A = bytes.fromhex(WITMOTION_FRAMES["W2a"][0])
W2E = bytes.fromhex(WITMOTION_FRAMES["W2e"][0])

TRUNCATED = [  # W6: acceleration in g, rate in deg/s, roll in deg; pitch and yaw were cut off
    ("556135ff59ff0a08000000000000b9fc", (-0.0991, -0.0815, 1.0049), (0, 0, 0), -4.609),
    (
        "5561e403ebf43f007c0202ff330052fe",
        (0.4863, -1.3853, 0.0308),
        (38.818, -15.503, 3.113),
        -2.362,
    ),
    (
        "55619cffc2ffd00792fe7bff200029fe",
        (-0.0488, -0.0303, 0.9766),
        (-22.339, -8.118, 1.953),
        -2.587,
    ),
    (
        "556122ff3aff5b074300ffff02004bfe",
        (-0.1084, -0.0967, 0.9194),
        (4.089, -0.061, 0.122),
        -2.401,
    ),
]

D1 = bytes.fromhex("d8052244af9640406b2aa7405add14c000000000")
D7 = bytes.fromhex(
    "48ea48c7f5d92dbf9bcaa23c857a3abf90f5b43daf260f3de621533d7f30f0bc0000000000000000"
)
D8 = bytes.fromhex(
    "48ea48c7" + "7f4ee93ead3104bfc619e33e2cd4123fe36b4f3c4f58623c76199e3d0000000000000000"
)


def chunk(
    payloads: Iterable[bytes], characteristic: str = "ffe4", t_us: Sequence[int] | None = None
) -> Chunk:
    """Notifications of one characteristic, one microsecond apart unless told."""
    rows = list(payloads)
    times = range(len(rows)) if t_us is None else t_us
    return Chunk.of(
        Notification(t, False, characteristic, row) for t, row in zip(times, rows, strict=True)
    )


def run(decoder: Decoder, *chunks: Chunk) -> tuple[Samples, tuple[Reply, ...]]:
    """Feed all chunks and finish."""
    decoded = [*(decoder.feed(c) for c in chunks), decoder.finish()]
    replies = tuple(reply for d in decoded for reply in d.replies)
    return Samples.joined([d.samples for d in decoded if len(d.samples)]), replies


def witmotion(
    *payloads: bytes, t_us: Sequence[int] | None = None
) -> tuple[Samples, tuple[Reply, ...], Counters]:
    """Decode WitMotion notifications in one chunk and one by one, which must be the same."""
    times = range(len(payloads)) if t_us is None else t_us
    rows = list(zip(payloads, times, strict=True))
    whole, apart = profile("witmotion").decoder(None), profile("witmotion").decoder(None)
    samples, replies = run(whole, chunk(payloads, t_us=times))
    others, more = run(apart, *(chunk([payload], t_us=[t]) for payload, t in rows))
    assert_same(samples, others)
    assert (replies, whole.counters) == (more, apart.counters)
    return samples, replies, whole.counters


def dot(mode: int | None, characteristic: str, *payloads: bytes) -> tuple[Samples, Counters]:
    """Decode Movella DOT notifications of one characteristic."""
    decoder = profile("movella_dot").decoder(mode)
    return run(decoder, chunk(payloads, characteristic))[0], decoder.counters


def cut(data: bytes, at: Iterable[int]) -> list[bytes]:
    """Cut bytes into pieces at the given offsets."""
    edges = [0, *sorted({i for i in at if 0 < i < len(data)}), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]


def assert_same(a: Samples, b: Samples) -> None:
    """Every column equal to the last bit, and the same columns."""
    for name in ("arrival_us", *SAMPLE_WIDTHS):
        left, right = getattr(a, name), getattr(b, name)
        assert (left is None) == (right is None), name
        if left is not None:
            np.testing.assert_array_equal(left, right, err_msg=name)


def assert_frame(samples: Samples, i: int, name: str) -> None:
    """Sample `i` has the values that the source of frame `name` prints."""
    _, acc_g, gyr_deg_s, euler_deg, _ = WITMOTION_FRAMES[name]
    np.testing.assert_allclose(samples.acc_m_s2[i] / G_M_S2, acc_g, atol=6e-5)
    np.testing.assert_allclose(samples.gyr_rad_s[i] / RAD_PER_DEG, gyr_deg_s, atol=6e-4)
    np.testing.assert_allclose(samples.euler_rad[i] / RAD_PER_DEG, euler_deg, atol=6e-4)
