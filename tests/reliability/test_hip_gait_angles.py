"""A published table of twelve hip angles on two days, with the ICCs that its authors print.

Their printed SEM and MDC are not matched: they are twice what their own formula gives.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.reliability.reading import read_rows, wide_cells
from collector.reliability.study import Study, study

pytestmark = pytest.mark.data

CONSISTENCY = (0.8171, 0.7934, 0.8460, 0.8352, 0.7223, 0.8678,
               0.6118, 0.3076, 0.5366, 0.5147, 0.7189, 0.6089)  # fmt: skip
AGREEMENT = (0.800, 0.753, 0.855, 0.844, 0.712, 0.864,
             0.589, 0.318, 0.545, 0.517, 0.685, 0.626)  # fmt: skip


def of_angle(n: int, data_dir: Path) -> Study:
    rows = read_rows(data_dir / "reliability" / "hipData.csv")
    return study(wide_cells(rows, [f"H{n}", f"H{n}_2"]), "by day")


@pytest.mark.parametrize("n", range(1, 13))
def test_every_angle_has_the_iccs_that_were_printed(n: int, data_dir: Path):
    forms = {form.form: form.value for form in of_angle(n, data_dir).forms}
    assert round(forms["ICC(3,1)"], 4) == CONSISTENCY[n - 1]
    assert round(forms["ICC(2,1)"], 3) == AGREEMENT[n - 1]


def test_two_days_of_the_same_sensors_are_reported_as_agreement(data_dir: Path):
    found = of_angle(1, data_dir)
    assert (found.people, found.label) == (14, "ICC(A,1)")
