"""Somebody drifts in the countdown: too slowly to be seen moving, too far for a zero."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from collector.cli import radio
from collector.cli.live_trial import live_trial
from collector.cli.live_view import PlainView
from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.world import World
from collector.live.trial.plan import TrialPlan, plan_segments
from collector.simulate import TrialConfig
from collector.simulate.script import Performance
from schemas import protocol

RESTLESS = Performance(sway_deg=3.0)
CALM_AT_S = 20.0


class Settling(World):
    """The person is restless at first, and has calmed down after 20 s."""

    async def __aenter__(self):
        await super().__aenter__()
        self.calming = asyncio.get_running_loop().call_later(CALM_AT_S, self.perform, Performance())
        return self

    async def __aexit__(self, *details):
        self.calming.cancel()
        await super().__aexit__(*details)


@pytest.fixture
def measured(tmp_path, capsys):
    worlds = []

    def world(_scenario):
        plans = [SensorPlan("pelvis"), SensorPlan("thigh")]
        worlds.append(Settling(plans, seed=2, config=TrialConfig(how=RESTLESS)))
        return worlds[0]

    test = protocol.load("pslr")
    segments = plan_segments(test, "left", {})
    plan = TrialPlan(test, "left", segments, tmp_path / "trials.db")
    body = partial(live_trial, plan=plan, view=PlainView())
    outcome = radio.run_live(body, virtual="plain", adapter=None, world=world)
    return outcome, worlds[0], capsys.readouterr().err


def test_who_drifts_in_the_countdown_is_told_and_measured_once_they_are_still(measured):
    outcome, world, said = measured
    assert "sank or drifted slowly. The 3 seconds begin again" in said
    assert outcome.taken.end == "finished"
    assert outcome.refusal is None
    for rep, true in zip(
        outcome.processed.result.repetitions, world.truth.repetitions, strict=True
    ):
        assert rep.hip_deg == pytest.approx(true.hip_deg, abs=1.2)
