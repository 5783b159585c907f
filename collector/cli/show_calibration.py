"""How every sensor was calibrated, as a table: by what, how good it was, how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from collector.cli.output import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from schemas.result import Certificate, SensorCertificate

_ZERO: Final[Mapping[str, str]] = {
    "reference": "zero is the reference pose",
    "standing": "zero is the standing pose",
    "first_sample": "zero is the first sample",
}


def calibration_table(certificate: Certificate) -> Table:
    """Return one row for every sensor."""
    from rich.table import Table

    title = f"Calibration ({_ZERO.get(certificate.zero, certificate.zero)})"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("segment", "axis by", "how good"):
        table.add_column(heading, no_wrap=True)
    for heading in ("to vertical", "still", "min old"):
        table.add_column(heading, justify="right", no_wrap=True)
    for segment, sensor in certificate.sensors.items():
        table.add_row(
            segment,
            sensor.axis_method.replace("_", " "),
            _how_good(sensor),
            number(sensor.axis_to_vertical_deg, 0, "\u00b0"),
            number(sensor.reference_sd_deg, 2, "\u00b0"),
            number(sensor.calibration_age_min, 0),
        )
    return table


def _how_good(sensor: SensorCertificate) -> str:
    """Return the number that goes with the method."""
    if sensor.poses_deg is not None:
        return f"poses {sensor.poses_deg:.0f}\u00b0 apart"
    if sensor.axis_method == "sweep" and sensor.axis_variance_ratio is not None:
        return f"variance ratio {sensor.axis_variance_ratio:.2f}"
    if sensor.expected_off_deg is not None:
        against = "last time" if sensor.axis_method == "kept" else "its site"
        return f"{sensor.expected_off_deg:.0f}\u00b0 off {against}"
    return "-"
