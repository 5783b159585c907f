"""Charts: zoom by keys, buttons and a drawn range, text beside them, two languages, none at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
pytest.importorskip("fastapi")
from history_site import brief, course, curves, full

from collector.web.pages.shell import charts_folder

Site = Callable[..., Any]
TRIAL = {"GET /api/trials/1": full(brief(1))}
CHART = ".timeline canvas"

pytestmark = pytest.mark.skipif(charts_folder() is None, reason="uplot-python is not installed")


def shown(page: Any) -> str:
    """Return what the page says of the range that its chart shows."""
    return str(page.locator(".shown").inner_text())


def test_keys_change_the_shown_range_and_go_back_to_the_whole(site: Site) -> None:
    page = site(TRIAL).open("/trials/1")
    page.wait_for_selector(CHART)
    assert shown(page) == "Shown: 0.0 to 40.0 s"
    page.locator(".plot-frame").focus()
    seen = []
    for key in ("+", "ArrowRight", "ArrowLeft", "ArrowLeft", "-", "+", "0"):
        page.keyboard.press(key)
        seen.append(shown(page).removeprefix("Shown: ").removesuffix(" s"))
    # half of 40 s, then a quarter of the 20 s to the side, never beyond the ends
    whole = "0.0 to 40.0"
    middle = "10.0 to 30.0"
    assert seen == [middle, "15.0 to 35.0", middle, "5.0 to 25.0", whole, middle, whole]


def test_buttons_zoom_and_keep_the_focus(site: Site) -> None:
    page = site(TRIAL).open("/trials/1")
    page.wait_for_selector(CHART)
    zoom_out = page.get_by_role("button", name="Zoom out")
    assert zoom_out.get_attribute("aria-disabled") == "true"
    page.get_by_role("button", name="Zoom in").click()
    zoom_out.focus()
    page.keyboard.press("Enter")
    assert shown(page) == "Shown: 0.0 to 40.0 s"
    assert page.evaluate("document.activeElement.dataset.zoom") == "further"


def test_a_repetition_of_the_table_is_shown_in_the_chart(site: Site) -> None:
    page = site(TRIAL).open("/trials/1")
    page.wait_for_selector(CHART)
    page.get_by_role("button", name="Show repetition 2 in the chart").click()
    assert shown(page) == "Shown: 23.5 to 36.5 s"  # 25 to 35 s and 15 % on either side


def test_dragging_over_the_chart_zooms_to_that_range(site: Site) -> None:
    page = site(TRIAL).open("/trials/1")
    page.wait_for_selector(CHART)
    page.locator(".plot").scroll_into_view_if_needed()
    box = page.locator(".u-over").bounding_box()
    row = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 4, row)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, row, steps=4)
    page.mouse.up()
    low, high = (float(part) for part in shown(page)[7:-2].split(" to "))
    assert (low, high) == pytest.approx((10.0, 20.0), abs=0.2)


def test_values_under_the_cursor_are_text_in_the_page_language(other_site: Any) -> None:
    german = {"schema": 1, "lang": "de", "messages": {"hip": "H\u00fcfte"}, "patterns": []}
    stub = other_site.use({**TRIAL, "GET /api/texts/de": german})
    stub.page.add_init_script("localStorage.setItem('hipgonio.language', '\"de\"')")
    page = stub.open("/trials/1")
    page.wait_for_selector(CHART)
    page.locator(".plot-frame").focus()
    page.keyboard.press("Shift+ArrowRight")
    readout = page.locator(".readout").inner_text()
    assert "20,0 s" in readout
    assert "H\u00fcfte 20,0\u00b0" in readout
    assert "-5,5\u00b0" in readout


def test_a_curve_is_switched_off_by_its_check_box(site: Site) -> None:
    page = site(TRIAL).open("/trials/1")
    page.wait_for_selector(CHART)
    page.get_by_role("checkbox", name="pelvis").press("Space")
    page.locator(".plot-frame").focus()
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator(".readout .reading").all_inner_texts() == ["hip 20.0\u00b0"]


def test_every_chart_has_a_text_alternative(site: Site) -> None:
    progress = {"schema": 1, "courses": [course()], "glance": ["The hip gained."]}
    stub = site({**TRIAL, "GET /api/subjects/P-014/progress": progress})
    page = stub.open("/trials/1")
    page.wait_for_selector(CHART)
    label = page.locator(".plot").get_attribute("aria-label")
    assert label.startswith("Angles over time of Passive straight leg raise, 0:40 minutes long")
    rows = page.get_by_role("region", name="The curves in numbers").locator("tbody tr")
    assert rows.count() == 2
    page = stub.open("/subjects/P-014/progress")
    page.wait_for_selector(".plot canvas")
    label = page.locator(".plot").get_attribute("aria-label")
    assert "60\u00b0 on 1 Sept 2026, 67\u00b0 on 1 Nov 2026" in label
    table = page.get_by_role("table").inner_text()
    assert "60.3\u00b0" in table
    assert "does not count" in table


def test_progress_names_error_band_norm_band_and_what_is_recalled(site: Site) -> None:
    progress = {"schema": 1, "courses": [course()], "glance": ["The hip gained."]}
    page = site({"GET /api/subjects/P-014/progress": progress}).open("/subjects/P-014/progress")
    text = page.locator(".courses").inner_text()
    assert "within error of the first visit: \u00b1 8.5\u00b0" in text
    assert "norm 55\u00b0 to 75\u00b0: adults (recalled)" in text
    assert "not to be used, drawn hollow" in text
    assert page.locator(".glance").inner_text() == "The hip gained."


def test_without_the_chart_library_the_table_stays_and_it_is_said(other_site: Any) -> None:
    stub = other_site.use(TRIAL)
    stub.charts = False
    page = stub.open("/trials/1")
    page.get_by_text("The chart cannot be drawn").wait_for()
    assert page.get_by_role("region", name="The curves in numbers").is_visible()
    assert page.locator(".zoom-bar").is_hidden()


def test_curves_that_cannot_be_had_leave_the_rest_of_the_page(site: Site) -> None:
    stub = site(TRIAL)
    del stub.answers["GET /api/trials/1/curves"]
    page = stub.open("/trials/1")
    page.get_by_text("There is nothing at /api/trials/1/curves.").wait_for()
    assert page.get_by_role("region", name="The curves in numbers").is_visible()


def test_overlay_lines_two_trials_up_at_their_first_repetition(site: Site) -> None:
    told = {"comparable": True, "why": "", "differences": [], "a": brief(1), "b": brief(2)}
    late = curves(50)
    for span in late["repetitions"]:
        span["start_s"] += 10.0
        span["end_s"] += 10.0
    stub = site({"GET /api/compare": told, "GET /api/trials/2/curves": late})
    page = stub.open("/compare/1/2")
    page.wait_for_selector(CHART)
    # the first repetitions begin at 5 s of 0..40 and at 15 s of 0..50
    assert shown(page) == "Shown: -15.0 to 35.0 s"
    page.get_by_label("from the start of the recording").check()
    assert shown(page) == "Shown: 0.0 to 50.0 s"


def test_differences_say_what_is_real_and_what_is_not_judged(site: Site) -> None:
    rows = [
        {"measure": "hip", "name": "hip", "unit": "deg", "a": 60.0, "b": 72.5, "difference": 12.5,
         "text": "+12.5\u00b0 real change, improved", "label": "real_change"},
        {"measure": "lag", "name": "lag", "unit": "s", "a": 0.2, "b": 0.1, "difference": -0.1,
         "text": "-0.10 s not judged", "label": "blocked"},
    ]  # fmt: skip
    told = {"comparable": True, "why": "", "differences": rows, "a": brief(1), "b": brief(2)}
    page = site({"GET /api/compare": told}).open("/compare/1/2")
    text = page.locator(".differences").inner_text()
    assert "+12.5\u00b0 real change, improved" in text
    assert "Not judged: how much this number differs between two measurements is not" in text


def test_report_is_shown_in_a_frame_and_a_missing_pdf_says_the_way_out(site: Site) -> None:
    html = "<!doctype html><title>r</title><style>p { color: red }</style><p>The visit</p>"
    error = {"code": 2, "reason": "no_pdf", "message": "No PDF.", "fields": {}}
    stub = site(
        {
            "GET /api/subjects/P-014/report.html": html,
            "GET /api/subjects/P-014/report.pdf": lambda _sent: (
                501,
                {"schema": 1, "error": error},
            ),
        }
    )
    page = stub.open("/subjects/P-014/report")
    frame = page.frame_locator("iframe[title='Report of P-014']")
    assert frame.locator("p").inner_text() == "The visit"
    page.get_by_role("button", name="Save as PDF").click()
    page.get_by_text("This computer cannot write PDF files by itself.").wait_for()


def test_a_report_that_is_not_there_is_told_in_a_sentence(site: Site) -> None:
    page = site({}).open("/subjects/P-014/report")
    page.get_by_text("There is nothing at /api/subjects/P-014/report.html.").wait_for()
    assert page.locator("iframe").is_hidden()
