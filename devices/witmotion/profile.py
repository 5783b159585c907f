"""The WitMotion BLE 5.0 family as a value."""

from __future__ import annotations

from typing import Final

from devices.profile import DeviceProfile, Mode, Recognition
from devices.witmotion.codec import NOTIFY, WitMotionDecoder, encode
from devices.witmotion.commands import QUERIES, UNLOCK, WRITE, set_rate, start, stop
from devices.witmotion.frames import LONG, SHORT
from devices.witmotion.redaction import Redactor, redact
from devices.witmotion.registers import RATE_CODES, register_reply

_SENDS: Final = ("acc_m_s2", "gyr_rad_s", "euler_rad")

PROFILE: Final = DeviceProfile(
    id="witmotion",
    version=1,
    name="WitMotion BLE 5.0",
    models=(
        "WT901BLE67",
        "WT901BLE68",
        "WT901BLECL",
        "BWT901BLE5.0",
        "WT9011DCL-BT50",
        "WT901SDCL-BT50",
    ),
    recognition=Recognition(
        name_parts=("WT",),
        service_uuids=(
            "0000ffe5-0000-1000-8000-00805f9a34fb",  # 9a: the family's own base, no misprint
            "0000ffe5-0000-1000-8000-00805f9b34fb",
        ),
    ),
    service="ffe5",
    characteristics={"notify": NOTIFY, "write": WRITE},
    modes=(
        Mode(None, "acceleration, rate, angles", NOTIFY, SHORT, _SENDS, "datasheet, hardware"),
        Mode(
            None,
            "acceleration, rate, angles, chip time",
            NOTIFY,
            LONG,
            (*_SENDS, "device_time_s"),
            "maker's page, hardware (WT901SDCL-BT50)",
        ),
    ),
    default_mode=None,
    rates_hz=RATE_CODES,
    default_rate_hz=100.0,
    clock="arrival",
    start=start,
    stop=stop,
    set_rate=set_rate,
    decoder=lambda _mode: WitMotionDecoder(),
    encode=encode,
    redact=redact,
    redactor=Redactor,
    queries=QUERIES,
    probe=UNLOCK,
    other_encoders={"register_reply": register_reply},
    confidence="hardware",
    docs="docs/adding-a-device.md",
    notes=(
        "No checksum, counter or time in the 20-byte frame: loss shows as a rate deficit only.",
        "The true rate is up to 1 % below the nominal one and differs per unit.",
        "Angles may be frozen or off gravity for seconds after the start: use acceleration and "
        "rate.",
        "A saved zero reference (registers 0x79, 0x7A) biases every later angle: read it back.",
        "Never write register 0x02: it silences the stream.",
        "Register 0x96 = 1 puts displacement and speed into the same frame, unmarked.",
    ),
)
