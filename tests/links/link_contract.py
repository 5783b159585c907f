"""What every link must do, whatever brings its bytes: inherit and say how to make one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from collector.links.base import Link, Received, collect


async def take(link: Link) -> list[Received]:
    return [received for batch in [batch async for batch in link] for received in batch]


def run(body: Callable[[], Awaitable[None]]) -> None:
    """Run a test and fail if it leaves a task behind."""

    async def watched() -> None:
        await body()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks left running: {left}"

    asyncio.run(watched())


class LinkContract:
    """`make_link` gives a link of two sensors that ends by itself."""

    def make_link(self) -> Link:
        raise NotImplementedError

    def test_batches_are_never_empty_and_name_their_sensor(self):
        async def body():
            async with self.make_link() as link:
                async for batch in link:
                    assert batch
                    assert {row.sensor for row in batch} <= set(range(link.sensor_count))

        run(body)

    def test_notifications_of_a_sensor_come_in_order_of_arrival(self):
        async def body():
            async with self.make_link() as link:
                rows = await take(link)
            assert {row.sensor for row in rows} == {0, 1}
            for sensor in range(link.sensor_count):
                times = [row.notification.t_us for row in rows if row.sensor == sensor]
                assert times == sorted(times)

        run(body)

    def test_payloads_are_bytes_that_nobody_can_change(self):
        async def body():
            async with self.make_link() as link:
                assert all(type(row.notification.payload) is bytes for row in await take(link))

        run(body)

    def test_a_closed_link_neither_brings_nor_takes(self):
        async def body():
            link = self.make_link()
            with pytest.raises(RuntimeError):
                await take(link)
            async with link:
                pass
            with pytest.raises(RuntimeError):
                await link.write(0, "ffe9", b"\x01")

        run(body)

    def test_closing_twice_is_harmless(self):
        async def body():
            async with self.make_link() as link:
                await link.close()
                await link.close()

        run(body)

    def test_closing_ends_an_iteration_under_way(self):
        async def body():
            async with self.make_link() as link:
                batches = 0
                async for _ in link:
                    batches += 1
                    await link.close()
                assert batches == 1

        run(body)

    def test_an_open_link_takes_commands(self):
        async def body():
            async with self.make_link() as link:
                await link.write(1, "ffe9", b"\xff\xaa")
                with pytest.raises(ValueError, match="no sensor 7"):
                    await link.write(7, "ffe9", b"")

        run(body)

    def test_the_consumer_and_others_get_their_turn(self):
        async def body():
            turns: list[str] = []

            async def other():
                while len(turns) < 1000:
                    turns.append("other")
                    await asyncio.sleep(0)

            async with self.make_link() as link:
                task = asyncio.create_task(other())
                async for _ in link:
                    turns.append("link")
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            assert "other" in turns[: len(turns) - 1]

        run(body)

    def test_collecting_gives_one_chunk_for_every_sensor(self):
        async def body():
            link = self.make_link()
            chunks = await collect(link)
            assert len(chunks) == link.sensor_count
            assert all(len(chunk) for chunk in chunks)

        run(body)
