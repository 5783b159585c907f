"""Nothing that is tagged K may be printed as if it had been seen in its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.pipeline import process
from collector.report import telling
from collector.report.page import notes_of
from collector.report.person import Shown
from collector.report.protocol_page import protocol_page
from collector.scoring.visit import SetInput, visit_of
from collector.simulate import simulate_trial
from schemas.norm_file import packaged_norms
from schemas.protocol import Figure, load
from schemas.protocol_file import packaged_ids
from schemas.visit import ControlScore, Flag, Mobility, Person, TargetGap

RECALLED_NORMS = [
    norm
    for norm in packaged_norms()
    if any(tag and tag.startswith("K") for tag in (norm.tag, norm.sd_tag, norm.method_tag))
]


def tagged(protocol):
    """Yield every figure of a test with its source, mean and spread counted as one."""
    test = load(protocol)
    yield from ((f.source, f.tag, f.sd_tag) for f in (*test.references, *test.cutoffs))
    if test.scoring is not None:
        control = test.scoring.control
        yield from ((s.source, s.tag, None) for s in (*test.scoring.sems, *test.scoring.targets))
        yield from [(control.source, control.tag, control.sd_tag)] if control else []


@pytest.mark.parametrize("norm", RECALLED_NORMS, ids=lambda norm: norm.id)
def test_a_value_held_against_a_recalled_norm_says_so(norm):
    shown = replace(norm, mean_deg=norm.mean_deg or 1.0, sd_deg=norm.sd_deg or 1.0)
    held = Mobility("tot", shown, 0.0, 50.0, 100.0, "typical")
    assert "recalled" in telling.mobility_text(held)


def test_there_are_recalled_norms_to_hold_against():
    assert len(RECALLED_NORMS) > 10


@pytest.mark.parametrize("protocol", packaged_ids())
def test_what_a_score_of_any_test_rests_on_says_when_it_is_recalled(protocol):
    scoring = load(protocol).scoring
    for target in scoring.targets if scoring else ():
        gap = TargetGap(target.activity, target.deg, 1.0, False, target.source, target.tag)
        assert ("recalled" in telling.target_text(gap)) == target.tag.startswith("K")
    control = scoring.control if scoring else None
    if control is not None and "K" in f"{control.tag}{control.sd_tag}":
        for klass in ("high", ""):
            said = ControlScore(
                control.source, True, 0.0, 100.0, klass, tag=control.tag, sd_tag=control.sd_tag
            )
            assert "recalled" in telling.control_text(said)


@pytest.mark.parametrize("protocol", packaged_ids())
def test_a_crossed_cut_off_that_is_recalled_says_so(protocol):
    test = load(protocol)
    item = _scored(protocol)
    recalled = [f for f in test.cutoffs if f.recalled and not f.between_sides]
    for figure in recalled:
        flags = _crossed(item, figure)
        assert all("recalled" in flag.sentence for flag in flags)


@pytest.mark.parametrize("protocol", packaged_ids())
def test_every_recalled_figure_of_a_test_page_stands_in_a_row_that_says_so(protocol):
    rows = [line for line in protocol_page(load(protocol)).splitlines() if line.startswith("| ")]
    for source, tag, sd_tag in tagged(protocol):
        if "K" in f"{tag}{sd_tag}":
            cited = [row for row in rows if source.replace("|", "\\|") in row]
            assert any("**(recalled)**" in row for row in cited)


@pytest.mark.parametrize("protocol", packaged_ids())
def test_every_note_that_names_a_recalled_source_alone_says_so(protocol):
    score, item = _scored(protocol)
    sources = {s for s, tag, sd in tagged(protocol) if "K" in f"{tag}{sd}"}
    seen = {s for s, tag, sd in tagged(protocol) if "K" not in f"{tag}{sd}"}
    for note in notes_of(Shown(score, item, None, ())):
        assert "recalled" in note or not any(s in note for s in sources - seen)


def _scored(protocol):
    side = "left" if load(protocol).sided else None
    recording = simulate_trial(protocol, side or "left", 7).recording
    item = SetInput(1, "2026-05-04T09:00:00+00:00", load(protocol), side, process(recording).result)
    visit = visit_of(1, item.utc, [item], Person("male", 1996), packaged_norms())
    return visit.tests[0], item


def _crossed(scored, figure: Figure) -> tuple[Flag, ...]:
    """Return the flags of a set for a limit that any value crosses."""
    _, item = scored
    certain = replace(figure, below=None, above=-1e6)
    test = replace(item.protocol, cutoffs=(certain,))
    visit = visit_of(1, item.utc, [replace(item, protocol=test)], Person("male", 1996), ())
    return visit.tests[0].flags
