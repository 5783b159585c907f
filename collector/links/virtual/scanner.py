"""bleak's scanner on the virtual adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner
from bumble.device import Advertisement

from collector.links.virtual.adverts import read_advert

if TYPE_CHECKING:
    from collector.links.virtual.adapter import Adapter


class VirtualScanner(BaseBleakScanner):
    """Hears what an `Adapter` hears; a subclass of it binds `adapter`."""

    adapter: ClassVar[Adapter]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"] = "active",
        **_system: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"

    async def start(self) -> None:
        """Begin to listen."""
        self.seen_devices = {}
        await self.adapter.start_scan(self, self._active)

    async def stop(self) -> None:
        """Stop listening."""
        await self.adapter.stop_scan(self)

    def heard(self, advertisement: Advertisement) -> None:
        """Take an advert that the adapter heard."""
        advert = read_advert(advertisement)
        if not self.is_allowed_uuid(advert.service_uuids):
            return
        address = str(advertisement.address)
        device = self.create_or_update_device(
            address, address, advert.local_name, advertisement.address, advert
        )
        self.call_detection_callbacks(device, advert)
