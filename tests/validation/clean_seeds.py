"""A hundred clean trials of one test, and what was said of them; work for a process of its own."""

from __future__ import annotations

from collections import Counter

from collector.pipeline import process
from collector.simulate import simulate_trial
from schemas.errors import HipgonioError

FIRST = 301
COUNT = 100


def said_of(protocol_id: str) -> tuple[Counter[str], Counter[str]]:
    """Return how often each grade came, and each code that weighs on one or refuses."""
    grades: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for seed in range(FIRST, FIRST + COUNT):
        side = "left" if seed % 2 else "right"
        try:
            result = process(simulate_trial(protocol_id, side, seed).recording).result
        except HipgonioError as refusal:
            grades["refused"] += 1
            codes[refusal.reason] += 1
            continue
        grades[result.grade] += 1
        codes.update(reason.code for reason in result.reasons)
    return grades, codes
