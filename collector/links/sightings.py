"""The adverts of one scan: the latest of every address, with what earlier ones told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from collector.links.radio import Advert


class Sightings:
    """Gathers adverts and says when there are enough.

    Parameters
    ----------
    found
        Hears each new or changed one.
    is_enough
        Judges all that were seen.
    """

    def __init__(
        self,
        found: Callable[[Advert], None] | None = None,
        is_enough: Callable[[tuple[Advert, ...]], bool] | None = None,
    ) -> None:
        self._adverts: dict[str, Advert] = {}
        self._found = found
        self._is_enough = is_enough
        self.enough = asyncio.Event()

    def hear(self, advert: Advert) -> None:
        """Take an advert. Name and services often come in different ones: they are gathered."""
        before = self._adverts.get(advert.address)
        merged = advert if before is None else _merged(before, advert)
        self._adverts[advert.address] = merged
        if self._found is not None and merged != before:
            self._found(merged)
        if self._is_enough is not None and self._is_enough(tuple(self._adverts.values())):
            self.enough.set()

    def by_strength(self) -> tuple[Advert, ...]:
        """Return all of them, strongest signal first."""
        return tuple(sorted(self._adverts.values(), key=_weakness))


def _merged(before: Advert, now: Advert) -> Advert:
    return replace(
        now,
        name=now.name or before.name,
        service_uuids=tuple(dict.fromkeys((*before.service_uuids, *now.service_uuids))),
        company_ids=tuple(dict.fromkeys((*before.company_ids, *now.company_ids))),
    )


def _weakness(advert: Advert) -> float:
    return float("inf") if advert.rssi_dbm is None else -advert.rssi_dbm
