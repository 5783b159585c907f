"""What every profile promises, in every mode."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from device_bytes import assert_same, chunk, run
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.profile import Mode
from devices.registry import DEVICES, PROFILES, profile
from devices.table import chunk_of
from schemas.chunk import Chunk, Notification
from schemas.errors import UsageError
from schemas.samples import SAMPLE_WIDTHS, Counters, Samples
from schemas.units import G_M_S2

ROOT = Path(__file__).resolve().parents[2]
CASES = [(p.id, mode) for p in DEVICES.values() for mode in p.modes]
every_mode = pytest.mark.parametrize(
    ("profile_id", "mode"), CASES, ids=[f"{i}-{m.number or m.frame_bytes}" for i, m in CASES]
)
SPANS = {"acc_m_s2": 40.0, "gyr_rad_s": 10.0, "euler_rad": 1.5, "quat_wxyz": 1.0}

STEPS = {  # half a count of the coarsest encoding, and a little for float32
    "acc_m_s2": 16 * G_M_S2 / 65535,
    "gyr_rad_s": np.radians(2000) / 65535,
    "euler_rad": np.pi / 65535,
    "quat_wxyz": 1e-7,
    "free_acc_m_s2": 1e-6,
    "mag_raw": 1 / 8191,
    "device_time_s": 1e-3,
}


def some_samples(mode: Mode, n: int, seed: int = 0) -> Samples:
    """Random but possible samples with the columns that the mode sends."""
    rng = np.random.default_rng(seed)
    columns = {
        name: rng.uniform(-1, 1, (n, SAMPLE_WIDTHS[name])) * SPANS.get(name, 5.0)
        for name in mode.sends
        if name != "device_time_s"
    }
    if "device_time_s" in mode.sends:
        columns["device_time_s"] = 1.7e9 % 4000 + np.arange(n) / 64
        if mode.number is None:
            columns["device_time_s"] += 1.7e9
    return Samples(arrival_us=np.arange(n), **columns)


def decoded(profile_id: str, mode: Mode, *chunks: Chunk) -> tuple[Samples, Counters]:
    decoder = profile(profile_id).decoder(mode.number)
    return run(decoder, *chunks)[0], decoder.counters


@every_mode
def test_decoding_what_was_encoded_gives_the_same_to_the_last_step(profile_id, mode):
    samples = some_samples(mode, 50)
    payloads = profile(profile_id).encode(samples, mode.number)
    back, counters = decoded(profile_id, mode, chunk(payloads, mode.notify))
    assert counters == Counters(received=50)
    for name in mode.sends:
        np.testing.assert_allclose(getattr(back, name), getattr(samples, name), atol=STEPS[name])
    assert {n for n in SAMPLE_WIDTHS if getattr(back, n) is not None} == set(mode.sends)


@every_mode
def test_encoding_what_was_decoded_gives_the_same_bytes(profile_id, mode):
    payloads = profile(profile_id).encode(some_samples(mode, 50), mode.number)
    assert {len(payload) for payload in payloads} == {mode.frame_bytes}
    back, _ = decoded(profile_id, mode, chunk(payloads, mode.notify))
    assert profile(profile_id).encode(back, mode.number) == payloads


@every_mode
@settings(max_examples=15)
@given(edges=st.lists(st.integers(0, 30), max_size=6))
def test_any_grouping_into_chunks_gives_the_same_samples(profile_id, mode, edges):
    payloads = profile(profile_id).encode(some_samples(mode, 30), mode.number)
    bounds = [0, *sorted(edges), 30]
    parts = [chunk(payloads[a:b], mode.notify, range(a, b)) for a, b in pairwise(bounds)]
    whole, _ = decoded(profile_id, mode, chunk(payloads, mode.notify))
    assert_same(whole, decoded(profile_id, mode, *parts)[0])


@every_mode
@settings(max_examples=30)
@given(data=st.data())
def test_no_bytes_on_any_characteristic_make_it_raise(profile_id, mode, data):
    names = [*profile(profile_id).characteristics.values(), "2a19", "nonsense"]
    row = st.tuples(st.booleans(), st.sampled_from(names), st.binary(max_size=70))
    rows = data.draw(st.lists(row, max_size=20))
    notifications = Chunk.of(Notification(i, *fields) for i, fields in enumerate(rows))
    decoder = profile(profile_id).decoder(mode.number)
    samples, _ = run(decoder, notifications)
    assert decoder.counters.received == len(samples)
    for name in SAMPLE_WIDTHS:
        values = getattr(samples, name)
        assert values is None or np.isfinite(values).all()
    profile(profile_id).redact(notifications)


@pytest.mark.parametrize(
    ("profile_id", "mode"), [case for case in CASES if "acc_m_s2" in case[1].sends]
)
def test_gravity_at_rest_is_one_g(profile_id, mode):
    flat = some_samples(mode, 4)
    columns = {name: getattr(flat, name) for name in mode.sends}
    columns["acc_m_s2"] = np.tile([0.0, 0.0, G_M_S2], (4, 1))
    payloads = profile(profile_id).encode(Samples(flat.arrival_us, **columns), mode.number)
    back, _ = decoded(profile_id, mode, chunk(payloads, mode.notify))
    np.testing.assert_allclose(np.linalg.norm(back.acc_m_s2, axis=1), G_M_S2, atol=0.005)


@every_mode
def test_commands_go_to_characteristics_the_profile_names(profile_id, mode):
    chosen = profile(profile_id)
    known = set(chosen.characteristics.values())
    written = [*chosen.start(mode.number), *chosen.stop(mode.number), *chosen.queries]
    written += [c for rate in chosen.rates_hz for c in chosen.set_rate(rate)]
    assert {command.characteristic for command in written} <= known
    assert mode.notify in known
    assert set(chosen.reads) <= known


@pytest.mark.parametrize("profile_id", DEVICES)
def test_a_rate_nobody_offers_is_a_usage_error(profile_id):
    with pytest.raises(UsageError, match="choose one"):
        profile(profile_id).set_rate(77.0)


@pytest.mark.parametrize("profile_id", DEVICES)
def test_the_docs_page_speaks_of_the_profile(profile_id):
    assert f"`{profile_id}`" in (ROOT / profile(profile_id).docs).read_text(encoding="utf-8")


def test_unknown_profile_is_refused_with_those_that_exist():
    with pytest.raises(UsageError, match="witmotion, movella_dot") as error:
        profile("fitbit")
    assert error.value.reason == "unknown_profile"


def test_the_table_is_a_profile_but_no_device():
    assert set(PROFILES) - set(DEVICES) == {"table"}


@given(names=st.sets(st.sampled_from(sorted(SAMPLE_WIDTHS)), min_size=1), n=st.integers(0, 9))
def test_table_rows_come_back_exactly(names, n):
    rng = np.random.default_rng(n)
    columns = {k: rng.normal(size=(n, w) if w > 1 else n) for k, w in SAMPLE_WIDTHS.items()}
    samples = Samples(np.arange(n) * 10_000, **{k: columns[k] for k in names})
    rows = chunk_of(samples)
    assert rows.characteristics == ("+".join(k for k in SAMPLE_WIDTHS if k in names),)
    back, _ = run(profile("table").decoder(None), rows)
    if n:
        assert_same(samples, back)
        assert profile("table").encode(back, None) == tuple(r.payload for r in rows.notifications())


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["acc_m_s2", "x", "", "quat_wxyz+quat_wxyz"]), st.binary(max_size=40)
        )
    )
)
def test_odd_table_rows_are_counted(rows):
    decoder = profile("table").decoder(None)
    given_rows = Chunk.of(Notification(i, False, *row) for i, row in enumerate(rows))
    samples, _ = run(decoder, given_rows)
    counters = decoder.counters
    assert counters.received == len(samples)
    assert counters.received + counters.damaged + counters.unknown == len(rows)


def test_table_rows_with_other_columns_keep_their_order():
    a = Samples(np.array([0, 2]), acc_m_s2=np.ones((2, 3)), gyr_rad_s=np.ones((2, 3)))
    b = Samples(np.array([1]), acc_m_s2=np.full((1, 3), 2.0))
    rows = sorted([*chunk_of(a).notifications(), *chunk_of(b).notifications()])
    back, _ = run(profile("table").decoder(None), Chunk.of(rows))
    assert back.acc_m_s2[:, 0].tolist() == [1, 2, 1]
    assert back.gyr_rad_s is None
