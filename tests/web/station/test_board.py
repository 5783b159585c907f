"""The board: everything reaches a viewer who reads, a slow one loses frames and nothing else."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from collector.live.trial.cues import Cue
from collector.web.station.board import CUES_WAITING, FRAMES_KEPT, Board
from collector.web.station.state import Frame, Run


def frame(t_s: float) -> Frame:
    values = dict.fromkeys(Frame.__slots__)
    return Frame(**{**values, "t_s": t_s, "sensors": ()})


async def read(viewer) -> list[dict]:
    """All that waits."""
    await asyncio.sleep(0)
    viewer.close()
    return [json.loads(text) async for text in viewer]


def on_board(body):
    async def run():
        board = Board()
        board.open()
        return await body(board)

    return asyncio.run(run())


def test_a_new_viewer_sees_the_run_first():
    async def body(board):
        board.post(Run(number=4, state="move", counted=2))
        return await read(board.view())

    (message,) = on_board(body)
    assert message["type"] == "state"
    assert (message["run"]["state"], message["run"]["counted"]) == ("move", 2)


def test_a_viewer_who_does_not_read_keeps_the_newest_frames_and_state():
    async def body(board):
        viewer = board.view()
        for n in range(50):
            board.show(frame(n))
            board.post(Run(number=n + 1))
        messages = await read(viewer)
        return messages, viewer.dropped

    messages, dropped = on_board(body)
    assert [m["run"]["number"] for m in messages if m["type"] == "state"] == [50]
    assert [m["t_s"] for m in messages if m["type"] == "frame"] == [47, 48, 49]
    assert dropped == 50 - FRAMES_KEPT


def test_what_was_said_waits_for_a_slow_viewer():
    async def body(board):
        viewer = board.view()
        for n in range(CUES_WAITING):
            board.say(Cue(n, "hold", f"Hold {n}."))
        return await read(viewer)

    said = [m["text"] for m in on_board(body) if m["type"] == "cue"]
    assert said == [f"Hold {n}." for n in range(CUES_WAITING)]


def test_another_thread_never_waits_for_viewers():
    async def body(board):
        viewer = board.view()
        thread = threading.Thread(target=lambda: [board.show(frame(n)) for n in range(10_000)])
        thread.start()
        thread.join()  # the loop that serves viewers stands still all the while
        return await read(viewer)

    frames = [m for m in on_board(body) if m["type"] == "frame"]
    assert frames[-1]["t_s"] == 9999


def test_viewers_are_counted_and_forgotten():
    async def body(board):
        with board.view():
            inside = board.run.viewers
        return inside, board.run.viewers

    assert on_board(body) == (1, 0)


def test_an_unchanged_run_is_not_sent_again():
    async def body(board):
        viewer = board.view()
        first = json.loads(await anext(aiter(viewer)))
        board.post(Run())
        return first, await read(viewer)

    _, later = on_board(body)
    assert later == []


@pytest.mark.parametrize("act", [lambda b: b.post(Run(number=2)), lambda b: b.show(frame(1))])
def test_a_board_whose_page_has_gone_takes_everything_quietly(act):
    board = Board()
    asyncio.run(_opened(board))
    act(board)
    assert board.run.number in (0, 2)


async def _opened(board):
    board.open()
    board.view()
