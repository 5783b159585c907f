"""The part of a store that remembers sensors: where they are worn, and how they measure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from collector.store import assignments, audit, calibrations, mountings, trials
from collector.store.live import LiveTrials
from collector.store.rows import AssignmentRow, CalibrationRow
from schemas.calibration import AccelerometerCalibration, KeptMounting, SegmentCalibration
from schemas.segments import Segment


class SensorStore(LiveTrials):
    """Sensors are known by their alias, never by an address."""

    def assign(self, alias: str, segment: Segment, profile_id: str, name: str = "") -> None:
        """Remember that a sensor is worn on a segment here.

        It leaves the segment it was on, and whoever was on this one gives way; the audit trail
        keeps both. `name` is what the sensor advertises; what in it may be of an address is cut.
        """
        asked = AssignmentRow(alias, segment, profile_id, name, "", "")
        with self._writing() as connection:
            before = assignments.put(connection, asked)
            was = "".join(f", was {row.alias} on {row.segment}" for row in before)
            audit.record(connection, "sensor.assign", f"segment {segment}", f"{alias}{was}")

    def unassign(self, segment: Segment) -> AssignmentRow | None:
        """Forget which sensor is worn on a segment; return which it was, None for nobody."""
        with self._writing() as connection:
            before = assignments.remove(connection, segment)
            if before is not None:
                audit.record(connection, "sensor.unassign", f"segment {segment}", before.alias)
        return before

    def assignments(self) -> tuple[AssignmentRow, ...]:
        """Return which sensor is worn on which segment."""
        with self._reading() as connection:
            return assignments.every(connection)

    def saw_sensors(self, aliases: Collection[str]) -> None:
        """Note that assigned sensors were there just now."""
        with self._writing() as connection:
            assignments.saw(connection, aliases)

    def add_calibration(
        self,
        content: AccelerometerCalibration | SegmentCalibration,
        *,
        alias: str,
        segment: Segment | None = None,
        trial: int | None = None,
    ) -> int:
        """Keep a calibration of the sensor `alias`; one of a segment names segment and trial."""
        with self._writing() as connection:
            number = calibrations.add(
                connection, content, alias=alias, segment=segment, trial=trial
            )
            audit.record(connection, "calibration.add", f"calibration {number}", alias)
        return number

    def list_calibrations(self, alias: str | None = None) -> tuple[CalibrationRow, ...]:
        """Return the calibrations of one sensor, or of all, oldest first."""
        with self._reading() as connection:
            return calibrations.rows(connection, alias)

    def latest_calibration(self, alias: str) -> AccelerometerCalibration | None:
        """Return the newest calibration of a sensor's accelerometer, None if it has none."""
        with self._reading() as connection:
            return calibrations.latest(connection, alias)

    def keep_mountings(
        self, trial: int, found: Mapping[Segment, SegmentCalibration], position: str
    ) -> int:
        """Keep how the sensors of a stored trial sat; return how many of them were new.

        `position` is that of the reference pose. What was carried over from an earlier trial is
        not kept again; doing the same twice changes nothing.

        Raises
        ------
        StoreError
            `no_such_trial`, `no_such_segment`.
        """
        with self._writing() as connection:
            trials.check_exist(connection, (trial,))
            new = mountings.keep(connection, trial, found, position)
            if new:
                audit.record(connection, "mounting.keep", f"trial {trial}", " ".join(sorted(found)))
        return new

    def kept_mounting(
        self, alias: str, segment: Segment, *, trial: int | None = None
    ) -> KeptMounting | None:
        """Return how a sensor sat on a segment last (or in `trial`), None where nobody knows.

        `utc` is when that trial began: how old the mounting is. Void trials are passed over.
        """
        with self._reading() as connection:
            return mountings.latest(connection, alias, segment, trial)

    def slipped_since(self, alias: str, utc: str) -> int | None:
        """Return the first trial from `utc` (ISO 8601) on in which a worn sensor slipped.

        Asked with a mounting's own date: one that expired since must not be used again.
        """
        with self._reading() as connection:
            return mountings.slipped_since(connection, alias, utc)
