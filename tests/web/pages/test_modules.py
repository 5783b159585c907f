"""The page's own modules in a real browser, on a page that has nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

STATIC = Path(__file__).resolve().parents[3] / "collector/web/pages/static"
SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
ORIGIN = "http://page.test"
BLANK = """<!doctype html><html lang="en"><title>blank</title><body>
<main id="main" tabindex="-1"></main><div id="say" aria-live="polite"></div>
<div id="say-now" aria-live="assertive"></div>"""
KINDS = {".js": "text/javascript", ".css": "text/css"}
GERMAN = {
    "lang": "de",
    "messages": {
        "thigh": "Oberschenkel",
        "Hold": "Halten",
        "Lie still.": "Still liegen.",
        "pelvis": "Becken",
        " and ": " und ",
        "degrees": "Grad",
        "Go on": "Weiter",
        "{count} visits": "{count} Besuche",
    },
    "patterns": [
        [r"^Repetition (\d+) of (\d+): hip (.+?)\.$", "Wiederholung {1} von {2}: Hüfte {3}."],
        [r"^The (.+?) is lost\.$", "{1}: verloren."],
        ["^(broken$", "never"],
    ],
}

Run = Callable[..., Any]


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A blank page of an origin whose files are ours; no server stands behind it."""
    with chromium.new_context() as context:
        yield opened(context)


@pytest.fixture(scope="module")
def blank(chromium: Any) -> Iterator[Any]:
    """A blank page that many tests may use: what is called there leaves nothing behind."""
    with chromium.new_context() as context:
        yield opened(context)


def opened(context: Any) -> Any:
    page = context.new_page()
    page.set_default_timeout(5000)
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/blank")
    return page


def answer(route: Any) -> None:
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = STATIC / path.removeprefix("/static/")
        route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "text/plain"))
    elif path == "/api/texts/de":
        route.fulfill(json=GERMAN)
    elif path == "/api/refuses":
        fields = {"code": "Expected a code of 1 to 64 characters, got 99."}
        error = {"code": 2, "reason": "usage", "message": "No.", "fields": fields}
        route.fulfill(status=422, json={"schema": 1, "error": error})
    else:
        route.fulfill(body=BLANK, content_type="text/html")


def run(page: Any, module: str, body: str, *values: object) -> Any:
    """The value of `body`, a function's body that knows the module as `m` and the values as `v`."""
    code = f"async (v) => {{ const m = await import('/static/js/{module}.js'); {body} }}"
    return page.evaluate(code, list(values))


def test_every_module_loads_with_all_that_it_imports(blank):
    code = """async (paths) => Object.fromEntries(await Promise.all(paths.map(async (path) =>
      [path, await import("/static/" + path).then(() => "loaded", String)])))"""
    # main.js begins the page: the end-to-end tests load it
    found = blank.evaluate(code, [path for path in SCRIPTS if path != "js/main.js"])
    assert {path: told for path, told in found.items() if told != "loaded"} == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,5", 2.5),
        ("2.5", 2.5),
        (" -3 ", -3),
        ("\u22123", -3),
        (",5", 0.5),
        ("0", 0),
        ("", None),
        ("12a", None),
        ("1.000,5", None),
        ("1e5", None),
        ("Infinity", None),
        ("-", None),
    ],
)
def test_number_is_read_with_comma_or_point(blank, text, value):
    assert run(blank, "texts", "return m.parseNumber(v[0])", text) == value


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("Lie still.", "Still liegen."),
        ("Hold.", "Halten."),
        ("Repetition 2 of 3: hip 67.4 degrees.", "Wiederholung 2 von 3: Hüfte 67,4 Grad."),
        ("The pelvis and thigh is lost.", "Becken und Oberschenkel: verloren."),
        ("Lie still. The thigh is lost.", "Still liegen. Oberschenkel: verloren."),
        ("Lie still. Unknown 2.5 words.", "Still liegen. Unknown 2.5 words."),
        ("12.5 %", "12,5 %"),
        ("Nobody knows this.", "Nobody knows this."),
        ("constructor", "constructor"),
        ("", ""),
    ],
)
def test_sentence_of_the_server_is_translated(blank, said, german):
    body = "await m.setLanguage('de'); return m.say(v[0])"
    assert run(blank, "texts", body, said) == german


def test_page_says_the_same_as_the_server(blank):
    catalogue = pytest.importorskip("collector.web.texts.catalogue")
    saying = pytest.importorskip("collector.web.texts.saying")
    texts = catalogue.page_texts("de")
    plain = [text for text in texts["messages"] if "{" not in text][:400]
    said = plain + [f"{one} 12.5 and {other}." for one, other in pairwise(plain)]
    said += [catalogue.PLACEHOLDER.sub("7.5", text) for text in texts["messages"] if "{" in text]
    body = "const german = m.translator(v[0], 'de'); return v[1].map(german.sentence)"
    found = run(blank, "sentences", body, texts, said)
    german = saying.translator("de")
    assert dict(zip(said, found, strict=True)) == {text: german.say(text) for text in said}


def test_numbers_follow_the_language(page):
    body = """await m.setLanguage('de');
      return [m.t('{count} visits', {count: 3}), m.deg(67.44, 1), m.num(-0.04, 1), m.deg(null),
        m.pct(74), m.amount(1.5, 's'), m.clock(65.9), m.clock(0), document.documentElement.lang]"""
    expected = ["3 Besuche", "67,4°", "0,0", "--", "74\u00a0%", "1,5\u00a0s", "1:05", "0:00", "de"]
    assert run(page, "texts", body) == expected


def test_missing_catalogue_leaves_english(page):
    page.route("**/api/texts/de", lambda route: route.abort())
    assert run(page, "texts", "await m.setLanguage('de'); return m.t('Go on')") == "Go on"


FORM = """
  const node = m.form({ name: "test", fields: [
    { name: "code", label: "Code", kind: "text", help: "A pseudonym." },
    { name: "year", label: "Year", kind: "number", whole: true, min: 1900, max: 2026 },
    { name: "weight", label: "Weight", kind: "number" },
    { name: "sex", label: "Sex", kind: "choice", required: true,
      choices: [{value: "f", label: "f"}, {value: "m", label: "m"}] },
  ], submit: { label: "Add", action: async (values) => {
    window.sent = values;
    if (values.code === "99") await (await import("/static/js/api.js")).post("refuses");
  } } });
  document.getElementById("main").replaceChildren(node);
"""


def described(page: Any, name: str) -> str:
    """What a screen reader adds to a control's name."""
    ids = (page.get_attribute(f"[name={name}]", "aria-describedby") or "").split()
    return " ".join(page.inner_text(f"#{each}") for each in ids)


def test_message_stands_beside_its_field(page):
    run(page, "forms", FORM)
    page.fill("[name=year]", "19x8")
    page.check("[value=f]")
    page.click("[type=submit]")
    assert described(page, "year").endswith('Expected a whole number, got "19x8".')
    assert page.get_attribute("[name=year]", "aria-invalid") == "true"
    assert page.evaluate("document.activeElement.name") == "year"
    assert page.evaluate("window.sent") is None
    page.fill("[name=year]", "1978")
    assert page.get_attribute("[name=year]", "aria-invalid") is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1850", "Expected 1900 to 2026, got 1850."),
        ("1978,5", 'Expected a whole number, got "1978,5".'),
    ],
)
def test_number_outside_its_range_is_told(page, typed, sentence):
    run(page, "forms", FORM)
    page.fill("[name=year]", typed)
    page.click("[type=submit]")
    assert sentence in described(page, "year")


def test_missing_choice_is_told_at_its_group(page):
    run(page, "forms", FORM)
    page.click("[type=submit]")
    group = page.locator("fieldset")
    assert "Choose one of these." in group.inner_text()
    assert page.evaluate("document.activeElement.name") == "sex"
    assert group.get_attribute("aria-describedby") == "test-sex-error"


def test_good_values_are_sent_as_numbers_and_texts(page):
    run(page, "forms", FORM)
    page.fill("[name=code]", "  P014 ")
    page.fill("[name=weight]", "71,5")
    page.check("[value=m]")
    page.click("[type=submit]")
    page.wait_for_function("window.sent")
    expected = {"code": "P014", "year": None, "weight": 71.5, "sex": "m"}
    assert page.evaluate("window.sent") == expected


def test_refusal_of_the_server_stands_beside_its_field_too(page):
    run(page, "forms", FORM)
    page.fill("[name=code]", "99")
    page.check("[value=f]")
    page.click("[type=submit]")
    page.wait_for_selector("#test-code-error:not([hidden])")
    help_and_error = "A pseudonym. ✕ Expected a code of 1 to 64 characters, got 99."
    assert described(page, "code").replace("✕ ", "") == help_and_error.replace("✕ ", "")
    assert page.input_value("[name=code]") == "99"


def test_draft_outlives_a_reload_and_ends_with_the_form(page):
    run(page, "forms", FORM)
    page.fill("[name=code]", "<b>P</b>")
    page.check("[value=m]")
    page.reload()
    run(page, "forms", FORM)
    assert page.input_value("[name=code]") == "<b>P</b>"
    assert page.is_checked("[value=m]")
    page.click("[type=submit]")
    page.wait_for_function("sessionStorage.length === 0")


def test_text_of_a_person_is_never_markup(page):
    body = """const text = '<img src=x onerror="window.hurt=1">';
      document.getElementById("main").append(m.h("p", { text }, text, m.h("b", [text])));
      return document.querySelectorAll("img").length"""
    assert run(page, "dom", body) == 0


def test_escape_closes_a_question_and_focus_returns(page):
    page.set_content(f"{BLANK}<button id=opener>Void</button>")
    page.focus("#opener")
    page.evaluate(
        """async () => { const m = await import('/static/js/forms.js');
        m.confirmDialog({ title: "Void?", yes: "Void", field: { name: "reason", label: "Reason" } })
          .then((answer) => { window.answer = [answer]; }); }"""
    )
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.press("Escape")
    page.wait_for_function("window.answer")
    assert page.evaluate("window.answer") == [None]
    assert page.evaluate("document.activeElement.id") == "opener"


ROUTES = """
  window.log = [];
  const view = (name) => (params, main) => {
    window.log.push(name + JSON.stringify(params));
    const h = document.createElement("h1"); h.textContent = name; main.append(h);
    return () => window.log.push("left " + name);
  };
  m.route("/", view("home"));
  m.route("/trials/:id", view("trial"));
  m.route("/slow", async (params, main) => {
    await new Promise((done) => { window.release = done; });
    return view("slow")(params, main);
  });
  m.route("/broken", () => { throw new Error("a defect"); });
  await m.start();
"""


def test_address_chooses_the_view_and_the_old_one_is_left(page):
    run(page, "router", ROUTES)
    page.evaluate("location.hash = '#/trials/a%20%2Fb'")
    page.wait_for_selector("h1:has-text('trial')")
    assert page.evaluate("window.log") == ["home{}", "left home", 'trial{"id":"a /b"}']
    page.wait_for_function("document.activeElement.tagName === 'H1'")


def test_view_that_comes_too_late_draws_nothing(page):
    run(page, "router", ROUTES)
    page.evaluate("location.hash = '#/slow'")
    page.wait_for_function("Boolean(window.release)")
    page.evaluate("location.hash = '#/trials/5'")
    page.wait_for_selector("h1:has-text('trial')")
    page.evaluate("window.release()")
    page.wait_for_function("window.log.at(-1) === 'left slow'")
    assert page.locator("h1").all_inner_texts() == ["trial"]


@pytest.mark.parametrize("path", ["#/broken", "#/nowhere", "#/trials/%E0%A4%A"])
def test_page_that_cannot_be_shown_says_so(page, path):
    run(page, "router", ROUTES)
    page.evaluate("(path) => { location.hash = path; }", path)
    page.wait_for_selector("a[href='#/']")
    assert page.locator("h1").count() == 1


def test_refused_storage_does_not_stop_the_page(page):
    body = """const refuse = { get() { throw new Error("private"); } };
      Object.defineProperty(window, "localStorage", refuse);
      m.set("sound", "off"); return m.get("sound", "tones")"""
    assert run(page, "settings", body) == "tones"
