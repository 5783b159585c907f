"""The engine, as the endpoints of sensors, trial and status get it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from collector.web.station.station import Station


def station_of(connection: HTTPConnection) -> Station:
    """Return the engine of the application; `TypeError` where it has none."""
    station = connection.app.state.station
    if not isinstance(station, Station):
        raise TypeError("the application has no engine")
    return station


AtStation = Annotated[Station, Depends(station_of)]
