"""Take a recording through the pipeline, keep it with its result, and say what came out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from collector.cli import output
from collector.cli.opened import opened_store
from collector.cli.options import check_grade

if TYPE_CHECKING:
    from collector.pipeline import Processed
    from schemas.motion import FilterChoice, TiltChoice
    from schemas.recording import Recording
    from schemas.result import Grade


def keep(
    recording: Recording,
    *,
    db: Path | None,
    subject: str | None,
    tilt: TiltChoice,
    filter_: FilterChoice,
    salt: bytes | None = None,
) -> tuple[int, Processed]:
    """Compute first, store after: what is refused leaves the database as it was.

    `salt` is what the recording's aliases were made with.
    """
    from collector.live.trial.outcome import keep_mountings
    from collector.pipeline import process

    processed = process(recording, tilt=tilt, filter_=filter_)
    with opened_store(db) as store:
        if salt:
            store.keep_salt(salt)
        trial_id = store.add_trial(recording, subject=subject, result=processed.result)
        keep_mountings(store, trial_id, processed)
    return trial_id, processed


def report(
    trial_id: int, processed: Processed, *, json: bool, require_grade: Grade | None = None
) -> None:
    """Print the trial as JSON or for people; then hold the grade against what was asked for."""
    if json:
        check_grade(processed.result.grade, require_grade, trial_id)
        output.print_json(trial_report(trial_id, processed))
        return
    from collector.cli.show import show_trial

    show_trial(trial_id, processed.result, processed.protocol)
    check_grade(processed.result.grade, require_grade, trial_id)


def trial_report(trial_id: int, processed: Processed) -> dict[str, object]:
    """Return what `import --json` prints of a stored trial."""
    from collector.export.trial_json import certificate_body, codes

    result = processed.result
    return {
        "trial": trial_id,
        "protocol": result.protocol,
        "side": result.side,
        "grade": result.grade,
        "reasons": codes(result.reasons),
        "certificate": certificate_body(result.certificate),
    }
