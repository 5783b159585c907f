"""Two hours of streaming take no more memory than half an hour.

They run in a process beside the other tests from the beginning (see `conftest`), and this test,
the last of all, looks at what came of it.
"""

from __future__ import annotations

import itertools

HOUR_S, HZ = 3600.0, 100.0
WARM_S = 0.5 * HOUR_S
MEGABYTE = 1e6


def test_two_hours_of_streaming_hold_flat_memory(two_hours):
    samples = two_hours["samples"]
    warm = [held for t_s, held in samples if t_s >= WARM_S]
    assert samples[-1][0] >= 2 * HOUR_S
    assert max(warm) - warm[0] < 4 * MEGABYTE
    steps = [later - before for before, later in itertools.pairwise(warm[len(warm) // 2 :])]
    assert sum(steps) < MEGABYTE


def test_two_hours_are_stored_whole(two_hours):
    assert (two_hours["code"], two_hours["body"]["end"]) == (0, "finished")
    for count in two_hours["body"]["notifications"].values():
        assert 4 * count > 0.98 * HZ * 2 * HOUR_S
