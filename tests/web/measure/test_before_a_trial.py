"""From the choice of a test to its beginning."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from scripted_page import Body, ScriptedPage, refused, run_of, sensor

Open = Callable[[Body], ScriptedPage]
BLOCK = "thigh_left: 100 Hz was asked for, 62.1 Hz come: bring it nearer."
SHUT = {"open": False, "blocks": [BLOCK], "warnings": []}
READY = {"open": True, "blocks": [], "warnings": []}
HERE = "/measure/P-014/pslr/left"


def held(gate: Body) -> Body:
    """Return a RUN whose sensors wait at the gate."""
    late = sensor("thigh_left", ready=bool(gate["open"]), glyph="ok" if gate["open"] else "warn")
    return run_of("gate", gate=gate, held=True, sensors=[sensor("pelvis"), late])


def test_a_new_hip_hides_four_tests_until_cleared(scripted: Open) -> None:
    site = scripted(run_of("idle"))
    page = site.open("/measure/P-014")
    expect(page.locator(".test-card")).to_have_count(7)
    page.get_by_label("Hip replacement").check()
    expect(page.locator(".test-card")).to_have_count(3)
    expect(page.locator(".test-groups")).to_contain_text("Knee to chest")
    page.get_by_label("Cleared").check()
    expect(page.locator(".test-card")).to_have_count(7)


def test_a_test_is_found_by_its_name_and_its_side_chosen(scripted: Open) -> None:
    site = scripted(run_of("idle"))
    page = site.open("/measure/P-014")
    page.get_by_label("Find a test").fill("straight leg")
    page.locator(".test-card").click()
    page.get_by_role("button", name="Left").click()
    page.wait_for_url(f"**/#{HERE}/sensors")


def test_connecting_asks_for_what_was_chosen(scripted: Open) -> None:
    site = scripted(run_of("idle"))
    page = site.open("/measure/P-014?test=pslr")
    page.get_by_label("Who measures?").fill("EX-2")
    page.get_by_label("still sit").check()
    page.get_by_role("button", name="Left").click()
    page.get_by_role("button", name="Connect the sensors").click()
    wanted = {
        "subject": "P-014",
        "test": "pslr",
        "side": "left",
        "examiner": "EX-2",
        "calibration": "last",
    }
    assert site.sent("/trial") == [wanted]


def test_next_waits_for_every_sensor_and_says_why(scripted: Open) -> None:
    site = scripted(held(SHUT))
    page = site.open(f"{HERE}/sensors")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#next-why")).to_contain_text("Left thigh: 100 Hz was asked for")
    site.send_run(held(READY))
    expect(page.locator("#next-why")).to_have_text("All sensors are ready.")
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(f"**/#{HERE}/safety")
    assert site.asked == []


def test_an_override_needs_a_reason_and_sends_it(scripted: Open) -> None:
    site = scripted(held(SHUT))
    page = site.open(f"{HERE}/sensors")
    page.get_by_role("button", name="Go on all the same").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Go on all the same").click()
    expect(dialog.locator(".field-error")).to_contain_text("Say why you go on")
    dialog.get_by_label("Why do you go on?").fill("rate is enough for this")
    dialog.get_by_role("button", name="Go on all the same").click()
    page.wait_for_url(f"**/#{HERE}/safety")
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/#/live")
    assert site.bodies("/trial/begin") == [{"override": "rate is enough for this"}]


def test_the_trial_begins_only_when_the_prompts_are_ticked(scripted: Open) -> None:
    site = scripted(held(READY))
    page = site.open(f"{HERE}/safety")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#start-why")).to_have_text("Tick that you have read this.")
    expect(page.get_by_label("I have read this")).to_be_focused()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/#/live")
    assert site.bodies("/trial/begin") == [{}]


def test_a_low_battery_is_said_in_words_at_the_gate(scripted: Open) -> None:
    worn = [sensor("pelvis", battery_percent=12.0, battery_low=True), sensor("thigh_left")]
    gate = {"open": True, "blocks": [], "warnings": []}
    site = scripted(run_of("gate", gate=gate, held=True, sensors=worn))
    rows = site.open(f"{HERE}/sensors").locator(".health-list > li")
    expect(rows.first).to_contain_text("low: 12")
    expect(rows.last).not_to_contain_text("low")


def test_a_gate_that_shuts_at_the_last_moment_asks_for_a_reason(scripted: Open) -> None:
    site = scripted(held(READY))
    site.answers["POST /trial/begin"] = lambda body: (
        (200, run_of("still")) if body.get("override") else refused(409, "gate_shut", BLOCK)
    )
    page = site.open(f"{HERE}/safety")
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Why do you go on?").fill("last try today")
    page.get_by_role("dialog").get_by_role("button", name="Go on all the same").click()
    page.wait_for_url("**/#/live")
    assert site.bodies("/trial/begin")[-1] == {"override": "last try today"}


def test_leaving_lets_go_of_the_sensors_that_this_page_connected(scripted: Open) -> None:
    site = scripted(run_of("idle"))
    site.answers["POST /trial"] = held(READY)
    page = site.open(f"{HERE}/sensors")
    page.get_by_role("button", name="Connect the sensors").click()
    page.get_by_role("button", name="Next").wait_for()
    page.get_by_role("link", name="Test and side").click()
    page.wait_for_selector("#side-title")
    assert site.sent("/trial/stop") == [{}]


def test_another_viewer_leaves_the_sensors_alone(scripted: Open) -> None:
    site = scripted(held(READY))
    page = site.open(f"{HERE}/sensors")
    page.get_by_role("link", name="Test and side").click()
    page.wait_for_selector("#side-title")
    assert site.bodies("/trial/stop") == []


def test_tapping_tells_what_to_tap_and_what_was_felt(scripted: Open) -> None:
    site = scripted(run_of("idle"))
    tap = {"segment": "thigh_left", "text": "Tap it.", "done": {"pelvis": "WT901 3fc0d8"}}
    site.answers["POST /sensors/identify"] = run_of("identifying", tap=tap)
    page = site.open(f"{HERE}/sensors")
    page.get_by_role("button", name="Find out by tapping").click()
    expect(page.locator(".tap-task")).to_have_text("Tap the sensor on: left thigh")
    expect(page.locator(".tap-list .felt")).to_contain_text("felt: WT901 3fc0d8")
    assert site.sent("/sensors/identify")[0]["segments"] == ["pelvis", "thigh_left"]
