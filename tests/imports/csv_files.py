"""Small CSV files as other tools write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from devices.registry import profile
from schemas.recording import Recording
from schemas.samples import Samples

TABLE = (
    "time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s",
    "12.00,1,2,3,4,5,6",
    "12.01,1.5,2,3,4,5,6",
    "12.02,1,2,3,4,5,-6.25",
)
DOT_HEAD = (
    "sep=,",
    "DeviceTag:,Femur",
    "FirmwareVersion:,3.0.0",
    "SyncStatus:,Synced",
    "OutputRate:,60Hz",
    "StartTime: ,2024-12-09_17:31:07_886 GMT+1",
    "",
)
DOT_RAW = "PacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z"


def write(path: Path, *lines: str, end: str = "\n") -> Path:
    path.write_text(end.join([*lines, ""]), newline="")
    return path


def dot(path: Path, stamps: list[int], *, head: tuple[str, ...] = DOT_HEAD) -> Path:
    rows = [f"{i},{stamp},{i},0,9.8,180,0,-90" for i, stamp in enumerate(stamps, start=1)]
    return write(path, *head, DOT_RAW, *rows)


def samples(recording: Recording, sensor: int = 0) -> Samples:
    use = recording.info.sensors[sensor]
    return profile(use.profile_id).decoder(use.mode).feed(recording.chunks[sensor]).samples


def column(recording: Recording, name: str, sensor: int = 0) -> np.ndarray:
    value = getattr(samples(recording, sensor), name)
    assert value is not None, f"{name} is missing"
    return value
