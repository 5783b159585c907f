"""Angle series, relative rotation and repetitions as CSV: lines with `#` say what is inside."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from collector.motion.angles import relative_rotation_deg
from collector.pipeline import Processed
from schemas.errors import UsageError
from schemas.recording import RecordingInfo
from schemas.result import Repetition, TrialResult
from schemas.units import FloatArray

ANGLE_COLUMNS = (
    "pelvis_deg",
    "trunk_deg",
    "thigh_deg",
    "shank_deg",
    "hip_deg",
    "lumbar_deg",
    "knee_deg",
)
"""The columns of `--series angles`, those that exist, in this order."""

SIGNS = (
    "signs: anterior pelvic tilt +, forward trunk +, thigh forward (hip flexion sense) +,"
    " foot forward (knee extension sense) +; hip = thigh + pelvis, lumbar = trunk - pelvis,"
    " knee = thigh - shank; degrees"
)


def angle_lines(trial_id: int, processed: Processed, info: RecordingInfo) -> Iterator[str]:
    """Yield the CSV lines of the angle series; masked cells are empty."""
    angles = processed.angles
    columns = {name: angles.deg[name] for name in ANGLE_COLUMNS if name in angles.deg}
    proxy = "; lumbar_deg is a proxy: -pelvis" if angles.lumbar_is_proxy else ""
    yield from _head(trial_id, processed.result, SIGNS, f"zero: {_zero(angles.zero, info)}{proxy}")
    yield from _table(angles.t_s + info.origin_s, columns)


def relative_lines(trial_id: int, processed: Processed, info: RecordingInfo) -> Iterator[str]:
    """Yield the rotation of every segment's orientation relative to the pelvis."""
    streams = processed.streams
    columns = {
        f"{segment}_to_pelvis_deg": relative_rotation_deg(streams, segment)
        for segment in streams.quat_wxyz
        if segment != "pelvis" and "pelvis" in streams.quat_wxyz
    }
    if not columns:
        raise UsageError(
            f"Trial {trial_id} has no orientation relative to the pelvis: the series needs a sensor"
            " there and one elsewhere, each with rates of turn or an orientation of its own.",
            reason="no_relative_series",
        )
    meaning = "rotation of the orientation relative to the pelvis since the first common sample"
    yield from _head(trial_id, processed.result, f"{meaning}; degrees")
    yield from _table(streams.t_s + info.origin_s, columns)


def result_lines(trial_id: int, result: TrialResult) -> Iterator[str]:
    """Yield one row per repetition; a withheld number is an empty cell."""
    yield from _head(trial_id, result, "one row per repetition; degrees, seconds, percent")
    names = [name for name in Repetition.__dataclass_fields__ if name != "reasons"]
    rows = [[*(_cell(getattr(r, n)) for n in names), _codes(r)] for r in result.repetitions]
    yield from _csv([[*names, "reasons"], *rows])


def _codes(repetition: Repetition) -> str:
    return " ".join(reason.code for reason in repetition.reasons)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _zero(zero: str, info: RecordingInfo) -> str:
    if zero == "reference" and info.reference:
        return f"mean of {info.reference.start_s:g} to {info.reference.end_s:g} s"
    return "the first sample (no_reference)"


def _head(trial_id: int, result: TrialResult, *lines: str) -> Iterator[str]:
    versions = result.versions
    yield f"# hipgonio {versions.hipgonio}, trial {trial_id}, grade {result.grade}"
    protocol = f"{result.protocol} version {versions.protocol}" if result.protocol else "none"
    yield f"# protocol: {protocol}; side: {result.side or 'none'}"
    yield f"# algorithm {versions.algorithm}; tilt {versions.tilt}; filter {versions.filter}"
    for line in lines:
        yield f"# {line}"
    yield f"# raw sha256: {result.certificate.raw_sha256}"


def _table(t_s: FloatArray, columns: Mapping[str, FloatArray]) -> Iterator[str]:
    # Rounding first and adding zero leaves no "-0.000000".
    texts = [
        np.where(np.isnan(column), "", np.char.mod("%.6f", np.round(column, 6) + 0.0)).tolist()
        for column in columns.values()
    ]
    times = np.char.mod("%.6f", t_s).tolist()
    yield from _csv([["t_s", *columns], *zip(times, *texts, strict=True)])


def _csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    yield from buffer.getvalue().splitlines()
