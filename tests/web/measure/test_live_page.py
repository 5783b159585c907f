"""What the therapist sees and does while a leg moves."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from scripted_page import Body, ScriptedPage, repetition, run_of, sensor

Open = Callable[[Body], ScriptedPage]
HEARD = """() => {
  window.heard = [];
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.heard.push(performance.now());
    return make.call(this);
  };
}"""


def test_a_frame_shows_hip_and_lent(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    site.send_frame(hip_deg=64.3, comp_deg=11.7, share_pct=15.4, peak_hip_deg=67.4)
    expect(page.locator(".figure-number")).to_have_text("64°")
    expect(page.locator(".lent-text")).to_have_text("12°")
    expect(page.locator(".lent-share")).to_have_text("15\u00a0% of the whole")
    expect(page.locator(".figure-peak")).to_have_text("Peak 67°")


def test_the_figure_fills_a_third_of_the_screen(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    site.send_frame(hip_deg=128.0)
    expect(page.locator(".figure-number")).to_have_text("128°")
    size_px = page.eval_on_selector(
        ".figure-number", "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert size_px >= 768 / 3
    assert widths[0] <= widths[1], "three digits are cut"


def test_digits_that_change_move_nothing(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    places = []
    for hip_deg in (11.0, 48.0):
        site.send_frame(hip_deg=hip_deg)
        expect(page.locator(".figure-number")).to_have_text(f"{hip_deg:.0f}°")
        places.append(page.locator(".figure-text").bounding_box())
    assert places[0] == places[1]


def test_without_a_hip_the_whole_angle_has_its_own_name(scripted: Open) -> None:
    site = scripted(run_of("move", repetitions=[repetition(1, hip_deg=None, comp_deg=None)]))
    page = site.open("/live")
    site.send_frame(hip_deg=None, peak_hip_deg=None, comp_deg=None, share_pct=None, tot_deg=31.0)
    expect(page.locator(".figure .figure-name")).to_have_text("Whole angle")
    expect(page.locator(".figure-number")).to_have_text("31°")
    expect(page.locator(".rep")).to_contain_text("whole 78°")


def test_a_hip_that_is_gone_is_not_replaced_by_the_total(scripted: Open) -> None:
    lost = sensor("pelvis", state="lost", words="lost, searching again", glyph="bad", fresh=False)
    site = scripted(run_of("move", sensors=[lost, sensor("thigh_left")]))
    page = site.open("/live")
    pulses = [{"segment": "pelvis", "fresh": False}, {"segment": "thigh_left", "fresh": True}]
    site.send_frame(hip_deg=None, peak_hip_deg=50.0, tot_deg=60.0, sensors=pulses)
    expect(page.locator(".figure-number")).to_have_text("--")
    expect(page.locator(".figure-why")).to_contain_text("No word from pelvis")
    expect(page.locator(".strip-sensor.bad")).to_contain_text("lost, searching again")


def test_a_reload_shows_peak_and_repetitions(scripted: Open) -> None:
    site = scripted(
        run_of("move", repetitions=[repetition(1), repetition(2, hip_deg=68.0)], counted=2)
    )
    page = site.open("/live")
    page.reload()
    page.wait_for_selector(".figure-number")
    expect(page.locator(".count-text")).to_have_text("2 of 3")
    expect(page.locator(".rep").nth(1)).to_contain_text("hip 68°")
    site.send_frame(peak_hip_deg=71.0)
    expect(page.locator(".figure-peak")).to_have_text("Peak 71°")


def test_the_pelvis_tone_sounds_once_in_two_seconds(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    fired = page.evaluate(
        """async () => {
          const { pelvisRule } = await import("/static/js/views/measure/cue_rules.js");
          const rule = pelvisRule();
          const seen =
            [[true, 0], [true, 33], [false, 100], [true, 900], [false, 999], [true, 2100]];
          return seen.map(([moving, ms]) => rule(moving, ms));
        }"""
    )
    assert fired == [True, False, False, False, False, True]


def test_a_moving_pelvis_is_heard_and_told(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    page.evaluate(HEARD)
    page.mouse.click(5, 300)
    for _ in range(3):
        site.send_frame(pelvis_moving=True)
    expect(page.locator(".lent-words")).to_have_text("The pelvis is moving")
    assert page.evaluate("window.heard.length") == 2  # the two notes of one cue


def test_space_marks_where_no_control_has_the_focus(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    for key in (" ", "PageDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".toast")).to_contain_text("Marked at 0:32")
    assert len(site.sent("/trial/mark", 3)) == 3


def test_space_on_a_button_presses_that_button(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    page.get_by_role("button", name="Finish").focus()
    page.keyboard.press(" ")
    assert site.sent("/trial/finish") == [{}]
    assert site.bodies("/trial/mark") == []


def test_space_marks_nothing_on_other_pages(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/measure/P-014")
    page.keyboard.press(" ")
    page.keyboard.press("Enter")
    assert site.bodies("/trial/mark") == []


def test_stop_alone_asks_first(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert site.asked == []
    page.get_by_role("button", name="Pain stop").click()
    assert site.sent("/trial/pain") == [{}]
    assert site.bodies("/trial/stop") == []


def test_what_is_not_stored_is_an_alarm(scripted: Open) -> None:
    site = scripted(run_of("move"))
    page = site.open("/live")
    site.send_run(run_of("move", stored=False, failure="The disk is full."))
    expect(page.get_by_role("alert").filter(has_text="NOT BEING STORED")).to_contain_text(
        "The disk is full."
    )


def test_a_refused_calibration_says_what_to_do(scripted: Open) -> None:
    why = "Left thigh moved: the 3 seconds begin again. Keep still."
    missing: list[str] = []
    steadiness = {"steady_deg": 1.7, "axis_found": True, "axis_missing": missing}
    site = scripted(
        run_of("still", prompt=why, calibration={**steadiness, "refused": why, "tries": 2})
    )
    page = site.open("/live")
    expect(page.locator(".refused")).to_contain_text("try 2")
    expect(page.locator(".refused")).to_contain_text(why)
    expect(page.locator(".refused")).to_contain_text("Support the leg")
    site.send_frame(state="still", countdown_s=2.2, moving_deg=0.4)
    expect(page.locator(".ring-number")).to_have_text("3")
    expect(page.locator(".steady")).to_have_text("Steady: 0.4° of at most 1.0°")


def test_answers_are_sent_and_the_result_follows(scripted: Open) -> None:
    site = scripted(
        run_of("asking", asks={"end_points": ["pain", "firm_resistance"], "left_s": 100.0})
    )
    page = site.open("/live")
    page.get_by_role("button", name="3", exact=True).click()
    page.get_by_role("button", name="firm resistance").click()
    page.get_by_role("button", name="Save and go on").click()
    assert site.sent("/trial/answers") == [{"pain_nrs": 3, "end_point": "firm_resistance"}]
    site.send_run(run_of("done", result=12))
    page.wait_for_url("**/#/trials/12")
    _forgive(site, page)


def _forgive(site: ScriptedPage, page: Page) -> None:
    """Pass over what the trial's own page makes of an answer that is not scripted here."""
    page.wait_for_timeout(100)
    site.errors.clear()
