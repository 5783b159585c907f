from __future__ import annotations

import numpy as np
import pytest

from collector.store import Store, chunks
from collector.store.codec import decode_chunk
from schemas.chunk import Chunk, Notification
from schemas.recording import Recording, SensorUse


def frames(size: int, count: int = 60) -> Chunk:
    rng = np.random.default_rng(size)
    payload = rng.integers(0, 4, (count, size), dtype=np.uint8)
    return Chunk.of(Notification(i, False, "ffe4", payload[i].tobytes()) for i in range(count))


def use(profile: str, mode: int | None = None) -> SensorUse:
    return SensorUse("pelvis", profile, 1, "0123456789abcdef", "arrival", mode)


@pytest.mark.parametrize(
    ("profile", "mode", "size", "stride"),
    [
        ("witmotion", None, 20, 20),
        ("witmotion", None, 28, 28),
        ("witmotion", None, 80, 20),
        ("movella_dot", 26, 63, 63),
        ("movella_dot", 2, 40, 40),
        ("nobody_knows", None, 20, 0),
        ("table", None, 72, 0),
    ],
)
def test_the_profile_names_the_frame_length(profile, mode, size, stride):
    assert chunks.stride_of(use(profile, mode), frames(size)) == stride


def test_packing_never_takes_more_than_plain_compression():
    noise = np.random.default_rng(1).integers(0, 2, (400, 20), dtype=np.uint8) * 200
    chunk = Chunk.of([Notification(0, False, "ffe4", noise.tobytes())])
    packed = chunks._blob(chunk, use("witmotion"), chunks.PACKED_LEVEL)
    assert len(packed) < len(chunks._blob(chunk, use("witmotion"), chunks.LIVE_LEVEL))
    assert decode_chunk(packed).sha256() == chunk.sha256()


def test_long_recordings_are_split_and_joined_again(
    store: Store, make_info, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chunks, "MAX_PACKED_BYTES", 900)
    monkeypatch.setattr(chunks, "MAX_COUNT", 20)
    recording = Recording(make_info(), (frames(20), frames(80)))
    loaded = store.load_recording(store.add_trial(recording))
    assert loaded.sha256() == recording.sha256()
    with store._reading() as connection:
        counts = connection.exec_driver_sql("SELECT count FROM chunk WHERE sensor = 0").scalars()
        assert list(counts) == [20, 20, 20]


def test_a_notification_beyond_the_limit_still_gets_a_row(
    store: Store, make_info, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chunks, "MAX_PACKED_BYTES", 10)
    recording = Recording(make_info(), (frames(20, 3), frames(28, 2)))
    assert store.load_recording(store.add_trial(recording)).sha256() == recording.sha256()
