"""Results in the recording's own times: what a reader finds at 14.2 s is at 14.2 s of the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schemas.motion import Gap
from schemas.result import Certificate, Repetition, TrialResult


def on_own_times(result: TrialResult, origin_s: float) -> TrialResult:
    """Move every time in a result from session seconds to the recording's own axis."""
    if origin_s == 0.0:
        return result
    return replace(
        result,
        repetitions=tuple(_repetition(rep, origin_s) for rep in result.repetitions),
        certificate=_certificate(result.certificate, origin_s),
    )


def _repetition(rep: Repetition, origin_s: float) -> Repetition:
    def moved(time_s: float | None) -> float | None:
        return None if time_s is None else time_s + origin_s

    return replace(
        rep,
        start_s=rep.start_s + origin_s,
        onset_s=moved(rep.onset_s),
        plateau_start_s=moved(rep.plateau_start_s),
        plateau_end_s=moved(rep.plateau_end_s),
        end_s=rep.end_s + origin_s,
    )


def _certificate(certificate: Certificate, origin_s: float) -> Certificate:
    sensors = {
        segment: replace(
            sensor,
            gaps=_gaps(sensor.gaps, origin_s),
            silences=_gaps(sensor.silences, origin_s),
        )
        for segment, sensor in certificate.sensors.items()
    }
    return replace(certificate, sensors=sensors)


def _gaps(gaps: Iterable[Gap], origin_s: float) -> tuple[Gap, ...]:
    return tuple(Gap(g.start_s + origin_s, g.end_s + origin_s, g.samples) for g in gaps)
