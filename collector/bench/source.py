"""Four simulated sensors at 200 Hz that send at their own pace, as a process of its own.

What it costs to make and pace them is so not counted to whoever takes them. Every notification goes
to standard output behind one byte for the sensor and two for its length.
"""

from __future__ import annotations

import struct
import sys
import time
from typing import Final

from collector.simulate import Performance, TrialConfig, simulate_trial
from schemas.recording import Recording
from schemas.units import US_PER_S

HEAD: Final = struct.Struct("<BH")


def paced_recording() -> Recording:
    """Return what is sent: sitting and standing up with four sensors."""
    how = Performance(peak_rate_deg_s=60.0)
    config = TrialConfig(how=how, roles=("pelvis", "thigh", "trunk", "shank"), rate_hz=200.0)
    return simulate_trial("sts", "left", 1, config).recording


def send(recording: Recording, seconds: float) -> None:
    """Send the notifications of the first seconds when they are due."""
    rows = sorted(
        (row.t_us, sensor, row.payload)
        for sensor, chunk in enumerate(recording.chunks)
        for row in chunk.notifications()
        if row.t_us < seconds * US_PER_S
    )
    begun_s = time.perf_counter()
    for t_us, sensor, payload in rows:
        wait_s = begun_s + t_us / US_PER_S - time.perf_counter()
        if wait_s > 0.0:
            time.sleep(wait_s)
        sys.stdout.buffer.write(HEAD.pack(sensor, len(payload)) + payload)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    send(paced_recording(), float(sys.argv[1]))
