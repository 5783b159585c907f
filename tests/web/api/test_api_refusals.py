from __future__ import annotations

import json

import pytest

from collector.web.api.errors import RequestError, error_response, status_of
from schemas.errors import (
    HipgonioError,
    InputError,
    QualityError,
    RadioError,
    SensorMissingError,
    StoreError,
    UsageError,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("x", reason="unknown_segment"), 422),
        (UsageError("x", reason="unknown_protocol"), 404),
        (InputError("x", reason="sweep_too_small"), 422),
        (RadioError("x", reason="no_adapter"), 503),
        (SensorMissingError("x", reason="too_few_sensors"), 503),
        (QualityError("x", reason="gate_refused"), 409),
        (StoreError("x", reason="no_such_trial"), 404),
        (StoreError("x", reason="no_result"), 404),
        (StoreError("x", reason="subject_exists"), 409),
        (StoreError("x", reason="trial_open"), 409),
        (StoreError("x", reason="locked"), 500),
        (HipgonioError("x"), 500),
        (RequestError("x", reason="busy", status=409), 409),
    ],
)
def test_every_kind_of_error_has_its_status(error, status):
    assert status_of(error) == status


def test_an_error_is_written_in_the_agreed_shape():
    made = error_response(409, code=2, reason="busy", message="Busy.", fields={"code": "Taken."})
    assert made.status_code == 409
    assert json.loads(made.body) == {
        "schema": 1,
        "error": {"code": 2, "reason": "busy", "message": "Busy.", "fields": {"code": "Taken."}},
    }


def test_half_a_surrogate_pair_can_be_told_of():
    made = error_response(422, code=2, reason="bad", message="got \ud800", fields={"\ud800": "x"})
    assert "?" in json.loads(made.body)["error"]["message"]
