"""A stored trial as the lines or bytes of a file: what the command line and the screen hand out."""

from __future__ import annotations

from typing import Final, Literal, get_args

from collector.export import angles_csv
from collector.export.trace import trace_bytes
from collector.pipeline import process
from collector.store import Store
from schemas.motion import FilterChoice, TiltChoice

Series = Literal["angles", "relative", "results"]
SERIES: Final[tuple[Series, ...]] = get_args(Series)


def series_lines(
    store: Store,
    trial_id: int,
    series: Series,
    *,
    tilt: TiltChoice = "auto",
    filter_: FilterChoice = "offline",
) -> list[str]:
    """Return the CSV lines of a trial's series, computed anew unless they are its results.

    Raises
    ------
    StoreError
        `no_such_trial`, `no_result`.
    UsageError, InputError
        What computing raises; `no_relative_series`.
    """
    if series == "results":
        return list(angles_csv.result_lines(trial_id, store.latest_result(trial_id)))
    recording = store.load_recording(trial_id)
    relative = series == "relative"
    processed = process(recording, tilt=tilt, filter_=filter_, orientation=relative)
    make = angles_csv.relative_lines if relative else angles_csv.angle_lines
    return list(make(trial_id, processed, recording.info))


def trace_of(store: Store, trial_id: int) -> bytes:
    """Return a trial's raw notifications as a compressed trace file."""
    return trace_bytes(store.load_recording(trial_id), zipped=True)
