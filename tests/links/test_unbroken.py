from __future__ import annotations

import asyncio

import pytest

from collector.links.unbroken import unbroken
from collector.links.virtual.time import run_warped


@pytest.mark.parametrize("times", [1, 3])
def test_cleaning_up_is_finished_however_often_it_is_cancelled(times):
    done = []

    async def work():
        await asyncio.sleep(1)
        done.append(asyncio.get_running_loop().time())

    async def body():
        task = asyncio.create_task(unbroken(work()))
        for _ in range(times):
            await asyncio.sleep(0.1)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_warped(body())
    assert done == [pytest.approx(1.0)]


def test_what_cleaning_up_returns_or_raises_is_passed_on():
    async def fails():
        raise OSError("gone")

    async def returns():
        return 7

    assert run_warped(unbroken(returns())) == 7
    with pytest.raises(OSError, match="gone"):
        run_warped(unbroken(fails()))
