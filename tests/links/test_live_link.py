from __future__ import annotations

import asyncio

import pytest
from link_contract import LinkContract
from scripted_radio import Heard, ScriptedRadio, ScriptedSensor, live_link

from collector.links.base import Link
from collector.links.live_link import LiveLink
from collector.links.radio import LinkError
from collector.links.virtual.time import run_warped


def two() -> ScriptedRadio:
    return ScriptedRadio(ScriptedSensor("A"), ScriptedSensor("B"))


class EndingLink(LiveLink):
    """A live link whose user closes it after ten seconds."""

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self.timer = loop.call_later(10, lambda: loop.create_task(self.close()))
        return await super().__aenter__()

    async def _end(self):
        self.timer.cancel()
        await super()._end()


class TestLiveLink(LinkContract):
    @pytest.fixture(autouse=True)
    def in_virtual_time(self, monkeypatch):
        monkeypatch.setattr(asyncio, "run", run_warped)

    def make_link(self) -> Link:
        return live_link(two(), kind=EndingLink)


def test_it_streams():
    async def body():
        heard = Heard()
        async with live_link(two(), heard) as link:
            assert await link.ready(20)
            await asyncio.sleep(3)
            print(link.statuses())
        print(heard.states, heard.events)

    run_warped(body())
