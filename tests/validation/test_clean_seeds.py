"""Every gate stays silent on a hundred clean people of every test."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from clean_seeds import COUNT, said_of

from schemas.protocol_file import packaged_ids

TESTS = packaged_ids()
EXPECTED = {"gait": {"repetitions_refused": COUNT}}
"""Of walking the strides out of standing and into it are never scored."""


@pytest.fixture(scope="module")
def said() -> Iterator[dict[str, Future[object]]]:
    """All tests at once, one process for every processor."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield {name: pool.submit(said_of, name) for name in TESTS}


@pytest.mark.parametrize("protocol_id", TESTS)
def test_a_hundred_clean_trials_are_all_grade_a_and_nothing_is_said(said, protocol_id):
    grades, codes = said[protocol_id].result()
    assert grades == {"A": COUNT}
    assert codes == EXPECTED.get(protocol_id, {})
