"""axe-core on a page: nothing serious or critical, in light and in dark."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE: Final = {"serious", "critical"}
DRAWN: Final = "() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok)))"
RULES: Final = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},  # all else is the same
}


def grave_faults(page: Page, name: str) -> list[str]:
    """Return what is grave on a page, each with the page's name, the rule and the elements."""
    found = []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DRAWN)
        found += [f"{name} ({scheme}): {each}" for each in _faults(page, rules)]
    page.emulate_media(color_scheme="light")
    return found


def _faults(page: Page, rules: dict[str, Any]) -> list[str]:
    results: dict[str, Any] = Axe().run(page, options=rules).response
    return [
        f"{fault['id']}: {[node['html'][:160] for node in fault['nodes'][:4]]}"
        for fault in results["violations"]
        if fault["impact"] in GRAVE
    ]
