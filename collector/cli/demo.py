"""`hipgonio demo`: the main job with no hardware, and the truth beside the result."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output

if TYPE_CHECKING:
    from collector.pipeline import Processed
    from collector.simulate import Simulated, Truth
    from schemas.segments import Side

Test = Annotated[
    Literal["pslr", "k2c", "fb", "sts"], typer.Argument(help="Which clinical test is done.")
]
Seed = Annotated[int, typer.Option("--seed", help="Another person with other sensors.")]
Speed = Annotated[
    float | None,
    typer.Option("--speed", min=0.01, help="1 replays at recorded pace; else as fast as it goes."),
]
Trunk = Annotated[bool, typer.Option("--trunk", help="Wear a third sensor at T12/L1.")]
Loss = Annotated[
    float, typer.Option("--loss", min=0.0, max=0.5, help="Share of notifications lost.")
]


def demo(
    test: Test = "pslr",
    side: opt.TestedSide = None,
    seed: Seed = 1,
    trunk: Trunk = False,
    loss: Loss = 0.0,
    speed: Speed = None,
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Measure a simulated patient: two simulated sensors, a stored and scored trial."""
    from collector.cli.keep import keep, trial_report
    from collector.links.replay import replay
    from collector.store import default_path

    path = db or default_path().with_name("demo.db")
    simulated = _simulate(test, side or "left", seed, trunk=trunk, loss=loss)
    recording = replay(simulated.recording, speed=speed)
    trial_id, processed = keep(recording, db=path, subject="DEMO", tilt="auto", filter_="offline")
    if json:
        truth = [asdict(repetition) for repetition in simulated.truth.repetitions]
        output.print_json({**trial_report(trial_id, processed), "truth": truth, "db": str(path)})
        return
    from collector.cli.show import show_trial

    show_trial(trial_id, processed.result, processed.protocol)
    _print_truth(processed, simulated.truth)
    output.say(f"Stored as trial {trial_id} in {path}")
    output.say(f"Look again:  hipgonio trials show {trial_id} --db {path}")


def _simulate(test: str, side: Side, seed: int, *, trunk: bool, loss: float) -> Simulated:
    from collector.simulate import TrialConfig, roles_of, simulate_trial

    config = TrialConfig()
    config = replace(config, radio=replace(config.radio, loss_probability=loss))
    if trunk:
        config = replace(config, roles=tuple(dict.fromkeys((*roles_of(test), "trunk"))))
    return simulate_trial(test, side, seed, config)


def _print_truth(processed: Processed, truth: Truth) -> None:
    """Print measured and true values of every repetition side by side."""
    measured = {rep.n: rep for rep in processed.result.repetitions}
    rows = []
    for true in truth.repetitions:
        rep = measured.get(true.n)
        pairs = (
            (rep.hip_deg if rep else None, true.hip_deg),
            (rep.comp_deg if rep else None, true.comp_deg),
            (rep.share_pct if rep else None, true.share_pct),
        )
        rows.append((str(true.n), *(_pair(*pair) for pair in pairs)))
    output.say("")
    output.print_table(("n", "hip (truth)", "lent (truth)", "share % (truth)"), rows)


def _pair(measured: float | None, true: float) -> str:
    return f"{'-' if measured is None else f'{measured:.1f}'} ({true:.1f})"
