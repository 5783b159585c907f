"""What sensors say of themselves before anyone connects, as bleak tells it."""

from __future__ import annotations

from typing import Final

from bleak.backends.scanner import AdvertisementData
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement

_SERVICE_LISTS: Final = (
    AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


def read_advert(heard: Advertisement) -> AdvertisementData:
    """Return an advert as bleak's scanners hand it on."""
    data = heard.data
    uuids = [uuid for kind in _SERVICE_LISTS for part in data.get_all(kind) for uuid in part]
    companies = data.get_all(AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA)
    return AdvertisementData(
        local_name=data.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME),
        manufacturer_data=dict(companies),
        service_data={},
        service_uuids=sorted({uuid_text(uuid) for uuid in uuids}),
        tx_power=None,
        rssi=heard.rssi,
        platform_data=(heard,),
    )


def uuid_text(uuid: UUID) -> str:
    """Return a UUID as bleak writes it: 128 bits, lower case."""
    return UUID.from_bytes(uuid.to_bytes(force_128=True)).to_hex_str("-").lower()
