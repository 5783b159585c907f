"""Adverts of any content, for devices that are no sensor of ours."""

from __future__ import annotations

from collections.abc import Sequence

from bumble import data_types
from bumble.core import UUID, AdvertisingData, DataType
from bumble.device import Device

_ROOM = 31
_FLAGS = data_types.Flags(
    AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE | AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
)


async def advertise(
    device: Device,
    *,
    service_uuids: Sequence[str] = (),
    company_id: int | None = None,
    company_data: bytes = b"",
    interval_s: float = 0.1,
) -> None:
    """Have a device that is switched on advertise, now and after every disconnection."""
    fields: list[DataType] = [_FLAGS]
    if service_uuids:
        fields.append(_service_list([UUID(uuid) for uuid in service_uuids]))
    if company_id is not None:
        fields.append(data_types.ManufacturerSpecificData(company_id, company_data))
    fields.append(data_types.CompleteLocalName(device.name))
    advert, scan_response = _packed(fields)
    await device.start_advertising(
        auto_restart=True,
        advertising_data=advert,
        scan_response_data=scan_response,
        advertising_interval_min=interval_s * 1000,
        advertising_interval_max=interval_s * 1000,
    )


def _service_list(uuids: Sequence[UUID]) -> DataType:
    if all(len(uuid.uuid_bytes) == 2 for uuid in uuids):
        return data_types.CompleteListOf16BitServiceUUIDs(uuids)
    return data_types.CompleteListOf128BitServiceUUIDs(uuids)


def _packed(fields: Sequence[DataType]) -> tuple[bytes, bytes]:
    """Fill the advert in order; what finds no room goes into the scan response."""
    parts = [b"", b""]
    for field in fields:
        data = bytes(AdvertisingData([field]))
        for i, part in enumerate(parts):
            if len(part) + len(data) <= _ROOM:
                parts[i] += data
                break
        else:
            raise ValueError(f"no room for {field} in an advert: {len(data)} bytes too many")
    return parts[0], parts[1]
