from __future__ import annotations

from collector.report.glance import MOST, glance_of, of_test
from schemas.progress import Statement

NAMES = {"pslr": "Leg raise", "fb": "Bend", "ake": "Knee"}


def told(code, protocol="pslr", side="left", text="x"):
    return Statement(code, f"{NAMES[protocol]}: {text}.", protocol, side)


def test_the_plainest_sentence_of_every_test_is_told_and_no_second_one():
    glance = glance_of([told("hip_improved"), told("tot_improved")], NAMES)
    assert [one.code for one in glance.said] == ["hip_improved"]


def test_more_than_six_tests_that_changed_are_counted_not_listed():
    many = [Statement("tot_improved", f"T{n}: x.", f"t{n}", None) for n in range(MOST + 2)]
    glance = glance_of(many, {})
    assert len(glance.said) == MOST
    assert glance.more_text == "2 more tests have changed or may have: see below."


def test_twenty_tests_with_one_visit_are_one_sentence():
    many = [Statement("too_few_visits", f"T{n}: x.", f"t{n}", None) for n in range(20)]
    assert glance_of(many, {}).quiet == (
        "In all 20 tests and sides: too few visits count so far, so no change can be told yet.",
    )


def test_quiet_tests_are_named_by_kind_and_both_sides_once():
    some = [told("hip_improved", "fb", None), told("nothing_beyond_error")]
    some += [told("nothing_beyond_error", side="right"), told("no_baseline", "ake")]
    assert glance_of(some, NAMES).quiet == (
        "Nothing has changed beyond error: Leg raise.",
        "No visit has three repetitions that agree, so nothing is compared: Knee, left.",
    )


def test_a_test_without_an_error_is_not_said_to_have_stayed_the_same():
    some = [told("nothing_beyond_error"), told("sem_missing"), told("tot_worse", "ake")]
    assert [line.partition(":")[0] for line in glance_of(some, NAMES).quiet] == [
        "The standard error is not known, so change is not judged"
    ]


def test_a_test_of_which_something_is_told_is_not_quiet():
    some = [told("hip_improved"), told("nothing_beyond_error")]
    assert glance_of(some, NAMES).quiet == ()


def test_beside_a_test_its_sentences_stand_without_its_name():
    some = [told("hip_improved", text="the hip gained"), told("too_few_visits", "ake")]
    assert of_test(some, "pslr", "left", name="Leg raise") == ["The hip gained."]
    assert of_test(some, "ake", "left", name="Knee") == []
