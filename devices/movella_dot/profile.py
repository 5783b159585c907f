"""The Movella DOT family as a value."""

from __future__ import annotations

from typing import Final

from devices.movella_dot import commands, payloads, values
from devices.movella_dot.decoder import DotDecoder
from devices.movella_dot.redaction import Redactor, redact
from devices.profile import DeviceProfile, Mode, Recognition


def _mode(layout: payloads.Layout) -> Mode:
    return Mode(
        number=layout.number,
        name=layout.name,
        notify=layout.characteristic,
        frame_bytes=layout.size,
        sends=("device_time_s", *(field.column for field in layout.fields)),
        source="XD0506P, Movella revision C (2023)" if layout.number == 26 else "XD0506P",
    )


PROFILE: Final = DeviceProfile(
    id="movella_dot",
    version=1,
    name="Movella DOT",
    models=("Xsens DOT", "Movella DOT", "Movella DOT v2"),
    recognition=Recognition(name_parts=("Xsens DOT", "Movella DOT"), company_ids=(0x0886,)),
    service="2000",
    characteristics={
        "information": values.INFO,
        "control": values.CONTROL,
        "report": values.REPORT,
        "measure": commands.MEASURE,
        "long": payloads.LONG,
        "medium": payloads.MEDIUM,
        "short": payloads.SHORT,
        "heading": commands.HEADING,
        "heading_result": "2007",
        "battery": values.BATTERY,
        "message": values.MESSAGE_OUT,
        "acknowledge": values.MESSAGE_ACK,
        "message_notify": values.MESSAGE_IN,
    },
    modes=tuple(_mode(layout) for layout in payloads.LAYOUTS.values()),
    default_mode=payloads.DEFAULT_MODE,
    rates_hz=commands.RATES_HZ,
    default_rate_hz=60.0,
    clock="device",
    start=commands.start,
    stop=commands.stop,
    set_rate=commands.set_rate,
    decoder=DotDecoder,
    encode=payloads.encode,
    redact=redact,
    redactor=Redactor,
    reads=(values.INFO, values.CONTROL, values.BATTERY),
    device_tick_s=1e-6,
    device_tick_bits=32,
    other_encoders={
        "battery": values.battery,
        "control": values.control,
        "device_info": values.device_info,
        "message": values.message,
    },
    confidence="document",
    docs="docs/adding-a-device.md",
    notes=(
        "UUIDs have the base 1517xxxx-4947-11e9-8646-d663bd873d93; services are not reliably "
        "advertised.",
        "Enable notifications on the payload characteristic before the start command.",
        "Without an MTU exchange a 40-byte payload arrives as 20 bytes that look like mode 5: "
        "refused by length.",
        "Only modes 20, 21 and 26 carry gravity; the others send free acceleration.",
        "The rate can be changed only while idle and before synchronizing.",
        "Revert the heading before another reset.",
        "A sensor that lost its link goes on streaming: after a reconnect stop, then start.",
    ),
)
