"""`hipgonio demo`: the main job with no hardware, and the truth beside the result."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from schemas.protocol import load
from schemas.segments import Role, Side, segment_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collector.links.virtual.world import World
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.plan import TrialPlan
    from collector.pipeline import Processed
    from collector.simulate import Simulated
    from collector.simulate.person import TrueRepetition
    from collector.simulate.variants import Variant
    from schemas.result import Repetition

Test = Annotated[str, typer.Argument(help="Which clinical test is done: any that ships.")]
Patient = Annotated[
    str,
    typer.Option(
        "--patient", help="usual, none (no compensation), late, pelvis_first, stiff, hypermobile."
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Another person with other sensors.")]
Speed = Annotated[
    float | None,
    typer.Option("--speed", min=0.01, help="1 is the pace of life; else as fast as it goes."),
]
Trunk = Annotated[bool, typer.Option("--trunk", help="Wear a third sensor at T12/L1.")]
Loss = Annotated[
    float, typer.Option("--loss", min=0.0, max=0.5, help="Share of notifications lost.")
]

SUBJECT: Final = "DEMO"
REACTION_S: Final = 1.0
"""How long the simulated person takes to begin when told to."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the demo is asked to show."""

    test: str
    side: Side
    seed: int
    trunk: bool
    loss: float
    speed: float | None
    db: Path
    patient: Variant = "usual"


def demo(
    test: Test = "pslr",
    side: opt.TestedSide = None,
    seed: Seed = 2,
    trunk: Trunk = False,
    loss: Loss = 0.0,
    speed: Speed = None,
    patient: Patient = "usual",
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Measure a simulated patient: sensors on a virtual radio, a stored and scored trial."""
    from collector.store import default_path

    path = db or default_path().with_name("demo.db")
    wish = Wish(tested(test), side or "left", seed, trunk, loss, speed, path, kind_of(patient))
    if not has_virtual_radio():
        output.say(
            "The virtual radio is not installed (hipgonio[virtual] brings it): the demo takes a"
            " simulated link instead, without a scan, a gate or a live display."
        )
        _by_link(wish, json=json)
        return
    _by_radio(wish, json=json)


def tested(test: str) -> str:
    """Return the id of a test that somebody simulates, or raise `UsageError` naming them."""
    from collector.simulate.people import traits_of

    traits_of(test)
    return test


def kind_of(patient: str) -> Variant:
    """Return a kind of patient, or raise `UsageError` naming those that exist."""
    from collector.simulate.variants import parse_variant

    return parse_variant(patient)


def has_virtual_radio() -> bool:
    """Return whether the extra `virtual` is installed."""
    return radio.installed("bumble")


def _by_radio(wish: Wish, *, json: bool) -> None:
    """Run the guided test as `measure` does, in a world of the demo's own."""
    from collector.cli import live_report
    from collector.cli.live_trial import live_trial
    from collector.cli.live_view import view_for

    plan = _plan(wish)
    view = view_for(f"Demo: {load(wish.test).title}, {wish.side}")
    truth: list[TrueRepetition] = []

    async def body(setup: radio.LiveSetup) -> Outcome:
        outcome = await live_trial(setup, plan, view)
        if setup.world is not None and outcome.referenced:
            truth.extend(setup.world.truth.repetitions)
        return outcome

    outcome = radio.run_live(
        body, virtual=radio.PLAIN, adapter=None, speed=wish.speed, world=lambda _name: _world(wish)
    )
    more = {"truth": [asdict(repetition) for repetition in truth]}
    live_report.report(outcome, plan, json=json, more=more)
    if not json and outcome.processed is not None:
        _print_truth(outcome.processed, truth)


def _plan(wish: Wish) -> TrialPlan:
    from collector.live.trial.plan import TrialPlan

    return TrialPlan(
        protocol=load(wish.test),
        side=wish.side,
        segments=tuple(segment_of(role, wish.side) for role in _roles(wish)),
        subject=SUBJECT,
        note=f"simulated, seed {wish.seed}",
        db=wish.db,
    )


def _roles(wish: Wish) -> tuple[Role, ...]:
    from collector.simulate import hip_roles_of

    trunk: tuple[Role, ...] = ("trunk",) if wish.trunk else ()
    return tuple(dict.fromkeys((*hip_roles_of(wish.test), *trunk)))


def _world(wish: Wish) -> World:
    from collector.links.virtual.faults import RandomLoss
    from collector.links.virtual.sensor import SensorPlan
    from collector.links.virtual.world import World
    from collector.simulate import Performance, TrialConfig

    losing = (RandomLoss(0.0, wish.loss),) if wish.loss else ()
    return World(
        [SensorPlan(role, faults_in_test=losing) for role in _roles(wish)],
        protocol=wish.test,
        side=wish.side,
        seed=wish.seed,
        config=TrialConfig(how=Performance(still_s=REACTION_S, variant=wish.patient)),
    )


def _by_link(wish: Wish, *, json: bool) -> None:
    """Send a simulated recording through the replay link, score and store it."""
    from collector.cli.keep import keep, trial_report
    from collector.links.replay import replay

    simulated = _simulate(wish)
    recording = replay(simulated.recording, speed=wish.speed)
    trial_id, processed = keep(
        recording, db=wish.db, subject=SUBJECT, tilt="auto", filter_="offline"
    )
    truth = simulated.truth.repetitions
    if json:
        more = {"truth": [asdict(repetition) for repetition in truth], "db": str(wish.db)}
        output.print_json({**trial_report(trial_id, processed), **more})
        return
    from collector.cli.show import show_trial

    show_trial(trial_id, processed.result, processed.protocol)
    output.say(f"Stored as trial {trial_id} in {wish.db}")
    output.say(f"Look again:  hipgonio trials show {trial_id} --db {wish.db}")
    _print_truth(processed, truth)


def _simulate(wish: Wish) -> Simulated:
    from collector.simulate import Performance, TrialConfig, simulate_trial

    config = TrialConfig(roles=_roles(wish), how=Performance(variant=wish.patient))
    config = replace(config, radio=replace(config.radio, loss_probability=wish.loss))
    return simulate_trial(wish.test, wish.side, wish.seed, config)


def _print_truth(processed: Processed, truth: Sequence[TrueRepetition]) -> None:
    """Print measured and true values of every repetition side by side."""
    rows = []
    for true, rep in zip(truth, _beside(processed.result.repetitions, truth), strict=True):
        pairs = (
            (rep.hip_deg if rep else None, true.hip_deg),
            (rep.comp_deg if rep else None, true.comp_deg),
            (rep.share_pct if rep else None, true.share_pct),
        )
        rows.append((str(true.n), *(_pair(*pair) for pair in pairs)))
    output.say("")
    output.print_table(("n", "hip (truth)", "lent (truth)", "share % (truth)"), rows)


def _beside(
    found: Sequence[Repetition], truth: Sequence[TrueRepetition]
) -> list[Repetition | None]:
    """Return the measured repetition of every true one.

    Who walks also makes strides that get them going: the run of strides that fits best is theirs.
    """
    extra = len(found) - len(truth)
    if extra <= 0:
        by_number = {rep.n: rep for rep in found}
        return [by_number.get(true.n) for true in truth]

    def apart(first: int) -> float:
        pairs = zip(found[first:], truth, strict=False)
        return sum(abs((rep.tot_deg or 0.0) - true.tot_deg) for rep, true in pairs)

    first = min(range(extra + 1), key=apart)
    return list(found[first : first + len(truth)])


def _pair(measured: float | None, true: float) -> str:
    return f"{'-' if measured is None else f'{measured:.1f}'} ({true:.1f})"
