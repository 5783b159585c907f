"""What a live trial came to, as its verbs print it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from collector.cli import output
from collector.cli.options import check_grade
from schemas.errors import HipgonioError

if TYPE_CHECKING:
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.plan import TrialPlan
    from collector.report.last_visit import Before
    from schemas.result import Grade, TrialResult

NOTHING = "Nothing was recorded: it was ended before the trial began."


def report(
    outcome: Outcome,
    plan: TrialPlan,
    *,
    json: bool,
    require_grade: Grade | None = None,
    more: Mapping[str, object] | None = None,
) -> None:
    """Print the trial, say where it is, and raise what its exit code asks for.

    `more` is added to the JSON.

    Raises
    ------
    HipgonioError
        It is stored and could not be scored; or its grade is worse than `require_grade`.
    ToldError
        130 after an interrupt.
    """
    if outcome.trial is None:
        nothing()
    if outcome.processed is None:
        _refused(outcome, plan)
        return
    grade = outcome.processed.result.grade
    if json:
        output.print_json({**_body(outcome, plan), **(more or {})})
    else:
        _show(outcome, plan)
    exit_if_interrupted(outcome)
    check_grade(grade, require_grade, outcome.trial)


def nothing() -> NoReturn:
    """Say that no trial was begun, and end."""
    raise output.InterruptedRunError(NOTHING)


def exit_if_interrupted(outcome: Outcome) -> None:
    """End with the exit code of an interrupt, if there was one."""
    if outcome.taken.end == "interrupted":
        raise output.ToldError(output.InterruptedRunError.exit_code)


def say_where(outcome: Outcome, plan: TrialPlan) -> None:
    """Say where the trial is stored, and what can be done with it."""
    output.say(f"Stored as trial {outcome.trial} in {path_of(plan)}")
    if outcome.processed is not None:
        output.say(f"Look again:  hipgonio trials show {outcome.trial}{_db(plan)}")
    elif outcome.refusal is not None:
        output.say(f"Take it out:  {taking_out(outcome, plan)}")
    else:
        output.say(f"Score it:  hipgonio trials rescore {outcome.trial}{_db(plan)}")


def taking_out(outcome: Outcome, plan: TrialPlan) -> str:
    """Return the command for what was recorded: it works for what cannot be scored, too."""
    number = outcome.trial
    return (
        f"hipgonio trials export {number} --format trace --out trial-{number}.jsonl.gz{_db(plan)}"
    )


def _show(outcome: Outcome, plan: TrialPlan) -> None:
    from collector.cli.show import show_trial

    if outcome.processed is None:
        return
    show_trial(outcome.trial, outcome.processed.result, outcome.processed.protocol)
    say_where(outcome, plan)  # before anything that could fail over older trials
    if then := _before(outcome, plan):
        output.say(f"Last visit ({then[0].utc[:10]}): {', '.join(one.text for one in then)}")


def _before(outcome: Outcome, plan: TrialPlan) -> tuple[Before, ...]:
    from collector.cli.opened import opened_store
    from collector.report.last_visit import before_of

    try:
        with opened_store(plan.db, create=False) as store:
            return before_of(store, plan.subject, outcome.trial or 0)
    except HipgonioError:  # a result is shown, whatever ails the database by now
        return ()


def _refused(outcome: Outcome, plan: TrialPlan) -> None:
    """Say why there is no score; the recording is safe."""
    refusal = outcome.refusal
    if refusal is None:
        return
    kept = (
        f"The recording is stored as trial {outcome.trial}; take out what came with"
        f" `{taking_out(outcome, plan)}`."
    )
    if outcome.taken.end == "interrupted":
        raise output.InterruptedRunError(f"Not scored: {refusal.message} {kept}")
    raise _like(refusal, f"{refusal.message} {kept}")


def _like(error: HipgonioError, message: str) -> HipgonioError:
    return type(error)(message, reason=error.reason)


def _body(outcome: Outcome, plan: TrialPlan) -> dict[str, object]:
    from collector.export.trial_json import trial_body

    if outcome.processed is None or outcome.trial is None:
        return {}
    return {
        **trial_body(outcome.trial, outcome.processed.result),
        "end": outcome.taken.end,
        "last_visit": [then.body() for then in _before(outcome, plan)],
        "live": None if outcome.live is None else _live(outcome.live),
        "db": str(path_of(plan)),
    }


def _live(result: TrialResult) -> dict[str, object]:
    """Return the provisional result: its grade and repetitions."""
    from collector.export.trial_json import trial_body

    body = trial_body(None, result)
    return {key: body[key] for key in ("grade", "reasons", "repetitions", "set", "versions")}


def path_of(plan: TrialPlan) -> object:
    """Return where the trial is stored."""
    from collector.store import default_path

    return plan.db or default_path()


def _db(plan: TrialPlan) -> str:
    return f" --db {plan.db}" if plan.db else ""
