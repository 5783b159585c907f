"""What befalls a sensor in mid-trial: what is said, what is kept, and that the sum is right."""

from __future__ import annotations

import pytest
from trial_kit import check_kept, check_ledger, tally, withheld_of

from collector.links.virtual.conditions import AdapterFault
from collector.links.virtual.faults import LinkLoss, RandomLoss, Saturation, Silence
from collector.links.virtual.sensor import BatteryEmpty

MEASURE = ("measure", "pslr", "--side", "left", "--yes", "--json", "--repetitions", 1)
BOTH = ("pelvis", "thigh_left")
FAMILIES = pytest.mark.parametrize("profile_id", ["witmotion", "movella_dot"])


def thigh(*faults):
    return {"faults_in_test": faults}


@FAMILIES
@pytest.mark.parametrize("how", ["link loss", "remote disconnect"])
def test_a_lost_link_is_told_bridged_by_nothing_and_comes_back(hipgonio, how, profile_id):
    scenario = "hang-up" if how == "remote disconnect" else "plain"
    change = {} if how == "remote disconnect" else {"thigh": thigh(LinkLoss(8.0))}
    run = hipgonio(*MEASURE, "--virtual", scenario, profile_id=profile_id, **change)
    assert "thigh_left: the connection is lost; it is looked for again" in run.err
    assert "thigh_left is connected again and delivers" in run.err
    assert (run.code, run.trials()) == (0, [(1, "closed")])
    kinds = [kind for kind, text in run.events() if text == "thigh_left"]
    assert [kind for kind in kinds if kind != "alarm"][-2:] == ["link_lost", "reconnected"]
    assert run.sensor("thigh_left").clock_segments == 2
    assert [gap.samples for gap in run.sensor("thigh_left").gaps] == [run.sensor("thigh_left").lost]
    assert run.result.grade == "X"
    assert "gap_long" in run.codes(1)
    assert "samples are missing, and none was filled in" in run.reasons()["sensor_reconnected"]
    check_ledger(run, *BOTH)


@FAMILIES
def test_a_new_connection_is_recorded_from_its_verification_on(hipgonio, profile_id):
    run = hipgonio(*MEASURE, "--virtual", "hang-up", profile_id=profile_id)
    books = tally(run, "thigh_left")
    assert 0 < books.withheld == books.delivered - run.sensor("thigh_left").received
    withheld = sorted(row.t_s for row in withheld_of(run, "thigh_left"))
    assert withheld[-1] - withheld[0] < 3.0


@FAMILIES
def test_data_dead_while_the_link_is_up_are_told_and_the_link_made_anew(hipgonio, profile_id):
    run = hipgonio(*MEASURE, "--virtual", "dead", profile_id=profile_id)
    assert "thigh_left has been silent for 2 seconds: bring it nearer, or wait." in run.err
    assert run.code == 0
    kinds = [kind for kind, text in run.events() if text == "thigh_left"]
    assert kinds == ["stale", "alarm", "link_lost", "reconnected"]
    assert run.result.grade == "X"
    assert "sensor_reconnected" in run.reasons()
    check_ledger(run, *BOTH)


@FAMILIES
def test_a_short_silence_is_over_without_a_new_connection_and_costs_what_it_hit(
    hipgonio, profile_id
):
    change = {"profile_id": profile_id, "thigh": thigh(Silence(4.0, 1.5))}
    run = hipgonio(*MEASURE, "--virtual", "plain", **change)
    assert "connection" not in run.err
    assert run.events() == [("stale", "thigh_left"), ("fresh", "thigh_left")]
    assert run.world.connections[run.world.addresses["thigh_left"]] == 1
    assert {"gap_long", "loss_high"} <= run.codes(1)
    assert "thigh_left: nothing arrived for" in run.reasons()["silence"]
    check_ledger(run, *BOTH)


@FAMILIES
def test_a_burst_after_a_stall_loses_nothing_and_is_told_as_late(hipgonio, profile_id):
    run = hipgonio(*MEASURE, "--virtual", "burst", profile_id=profile_id)
    assert (run.code, run.result.grade, run.codes(1)) == (0, "A", set())
    assert run.events() == [("stale", "thigh_left"), ("fresh", "thigh_left")]
    assert "none is missing" in run.reasons()["silence"]
    assert (run.sensor("thigh_left").lost, run.sensor("thigh_left").stalls) == (0, 1)
    check_ledger(run, *BOTH)


def test_a_slow_start_delays_the_gate_and_nothing_of_the_trial(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "slow-start")
    assert "Waiting. thigh_left: it should be streaming" in run.err
    assert run.err.index("Waiting.") < run.err.index("Every sensor delivers as asked.")
    assert (run.code, run.result.grade, run.events()) == (0, "A", [])
    assert run.world.balance(run.world.addresses["thigh_left"]).dropped > 50
    assert run.sensor("thigh_left").lost == 0
    check_ledger(run, *BOTH)


def test_an_empty_battery_ends_the_trial_with_what_came(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "plain", thigh=thigh(BatteryEmpty(3.0, 4.0)))
    assert "thigh_left: the connection is lost" in run.err
    assert "No data from thigh_left for 15 seconds: switch it on" in run.err
    assert "thigh_left stayed away for 60 seconds. Computing what there is." in run.err
    assert (run.json["end"], run.trials()) == ("given_up", [(1, "closed")])
    assert run.events()[-2:] == [("link_lost", "thigh_left"), ("alarm", "thigh_left")]
    assert run.result.grade == "X"
    assert "did not come back; what follows is missing" in run.reasons()["sensor_lost"]
    check_ledger(run, *BOTH)


def test_a_battery_that_is_low_is_told_before_the_start(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "low-battery")
    assert "thigh_left: its battery is at 10 %, and may not last the trial: charge it." in run.err
    assert (run.code, run.result.grade) == (0, "A")
    check_ledger(run, *BOTH)


@FAMILIES
def test_a_saturated_link_is_told_and_costs_what_its_queue_lost(hipgonio, profile_id):
    faults = thigh(Saturation(4.0, 10.0), Saturation(9.0, None))
    run = hipgonio(*MEASURE, "--virtual", "plain", profile_id=profile_id, thigh=faults)
    assert "Hz come through: bring it nearer, keep bodies out of the way." in run.err
    assert run.events()[0] == ("slow", "thigh_left")
    assert (run.code, run.result.grade) == (0, "X")
    assert "loss_high" in run.codes(1)
    assert run.world.air.traffic(run.world.addresses["thigh_left"]).dropped["queue_full"] > 30
    check_ledger(run, *BOTH)


def test_a_saturated_link_that_recovers_is_told_as_well(hipgonio):
    faults = thigh(Saturation(4.0, 10.0), Saturation(9.0, None))
    run = hipgonio(*MEASURE, "--virtual", "plain", thigh=faults)
    assert "thigh_left delivers as asked again." in run.err
    assert run.events() == [("slow", "thigh_left"), ("steady", "thigh_left")]


def test_a_link_that_stays_saturated_is_told_refused_and_kept_to_the_byte(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "saturated")
    assert "thigh_left: only" in run.err
    assert run.events() == [("slow", "thigh_left")]
    assert run.trials() == [(1, "closed")]
    assert (run.code, run.error["code"]) == (6, 6)
    assert "The recording is stored as trial 1" in run.error["message"]
    assert "The times of thigh_left cannot be told" in run.error["message"]
    for segment in BOTH:
        check_kept(run, segment)


@FAMILIES
def test_random_losses_are_found_where_they_were(hipgonio, profile_id):
    run = hipgonio(*MEASURE, "--virtual", "lossy", profile_id=profile_id)
    assert run.code == 0
    assert run.result.grade != "A"
    assert "of the samples were lost" in run.reasons()["loss"]
    for segment in BOTH:
        kept = run.sensor(segment)
        assert sum(gap.samples for gap in kept.gaps) == kept.lost > 0
    check_ledger(run, *BOTH)


def test_nothing_is_lost_where_nothing_goes_wrong(hipgonio):
    run = hipgonio(*MEASURE, "--virtual", "plain")
    assert (run.code, run.result.grade, run.events()) == (0, "A", [])
    assert [run.sensor(segment).lost for segment in BOTH] == [0, 0]
    check_ledger(run, *BOTH)


def test_an_adapter_that_is_switched_off_and_on_costs_both_sensors_the_same_while(hipgonio):
    around = {"adapter_faults": (AdapterFault(12.0, "off", 4.0),)}
    run = hipgonio(*MEASURE, "--virtual", "plain", around=around)
    assert "Bluetooth is off: switch it on again. The trial waits for it." in run.err
    assert "pelvis is connected again and delivers." in run.err
    assert run.trials() == [(1, "closed")]
    for segment in BOTH:
        kinds = [kind for kind, text in run.events() if text == segment]
        assert [k for k in kinds if k != "alarm"] == ["link_lost", "adapter_off", "reconnected"]
        assert run.sensor(segment).clock_segments == 2
    assert run.result.grade == "X"
    check_ledger(run, *BOTH)


def test_a_trial_survives_random_losses_of_everything_at_once(hipgonio):
    faults = (RandomLoss(0.0, 0.05), LinkLoss(4.0), Silence(14.0, 1.0))
    run = hipgonio(*MEASURE, "--virtual", "plain", faults_in_test=faults)
    assert run.trials() == [(1, "closed")]
    assert run.result.grade == "X"
    check_ledger(run, *BOTH)
