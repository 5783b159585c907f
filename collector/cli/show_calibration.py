"""How every sensor was calibrated, as a table: by what, how good it was, how old it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.cli.output import number
from collector.report.calibration_words import ZERO_WORDS, how_good

if TYPE_CHECKING:
    from rich.table import Table

    from schemas.result import Certificate


def calibration_table(certificate: Certificate) -> Table:
    """Return one row for every sensor."""
    from rich.table import Table

    title = f"Calibration ({ZERO_WORDS.get(certificate.zero, certificate.zero)})"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("segment", "axis by", "how good"):
        table.add_column(heading, no_wrap=True)
    for heading in ("to vertical", "still", "min old"):
        table.add_column(heading, justify="right", no_wrap=True)
    for segment, sensor in certificate.sensors.items():
        table.add_row(
            segment,
            sensor.axis_method.replace("_", " "),
            how_good(sensor),
            number(sensor.axis_to_vertical_deg, 0, "\u00b0"),
            number(sensor.reference_sd_deg, 2, "\u00b0"),
            number(sensor.calibration_age_min, 0),
        )
    return table
