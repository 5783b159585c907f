"""What the recorder's thread does: begin, commit, end, and put aside what cannot be committed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from collector.live.recording.pending import Came, Pending
from collector.live.recording.rescue import rescue
from collector.store import Store
from devices import registry
from devices.profile import DeviceProfile
from schemas.errors import StoreError
from schemas.recording import Event, Recording, RecordingInfo
from schemas.units import US_PER_S


class Writing:
    """One trial in one open store; everything here runs in one thread.

    Attributes
    ----------
    committed_us
        Latest arrival that is on the disk.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        info: RecordingInfo,
        profiles: Sequence[DeviceProfile],
        *,
        subject: str | None,
        note: str,
    ) -> None:
        known = profiles or [registry.profile(use.profile_id) for use in info.sensors]
        if len(known) != len(info.sensors):
            raise ValueError(f"{len(info.sensors)} sensors and {len(known)} profiles")
        self.committed_us = 0
        self._open_store = open_store
        self._pending = Pending(info, known)
        self._subject = subject
        self._note = note
        self._failed = ""
        self._trial = 0

    def begin(self) -> int:
        """Open the store and begin the trial; return its number."""
        self._store = self._open_store()
        try:
            self._trial = self._store.begin_trial(
                self._pending.info, subject=self._subject, note=self._note
            )
        except BaseException:
            self._store.close()
            raise
        return self._trial

    def abandon(self) -> None:
        """End a trial that was begun for nobody."""
        if self._trial:
            self.end("interrupted before it began")

    def commit(self, came: deque[Came]) -> StoreError | None:
        """Commit what came and what waits; return why it failed, and then keep it."""
        pending = self._pending
        failure = self._try(lambda: pending.take(_drained(came))) or self._try_commit()
        if failure is None:
            self.committed_us, self._failed = pending.last_us, ""
            return None
        if failure.reason != self._failed:
            self._failed = failure.reason
            pending.events.append(Event(pending.last_us, "store_failed", failure.reason))
        return self._lost(pending.refused) if pending.refused else failure

    def end(self, interrupted: str) -> tuple[Recording | None, StoreError | None]:
        """Close the trial and the store; return what is stored, and what went wrong.

        Nothing is returned as stored where something could not be committed: the trial is then in
        a file, and the error says where.
        """
        with self._store as store:
            if not self._pending.empty:
                return None, rescue(store, self._trial, self._pending)
            failure = self._try(lambda: store.close_trial(self._trial, interrupted=interrupted))
            return store.load_recording(self._trial), failure and self._not_closed(failure)

    def _try_commit(self) -> StoreError | None:
        pending = self._pending
        if pending.empty:
            return None
        failure = self._try(
            lambda: self._store.append_chunks(
                self._trial, pending.chunks, tuple(pending.events), info=pending.new_info
            )
        )
        if failure is None:
            pending.committed()
        return failure

    def _try(self, act: Callable[[], None]) -> StoreError | None:
        try:
            act()
        except StoreError as error:
            return error
        except Exception as error:  # a defect must not end the recording in silence
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            return StoreError(f"Storing failed by a defect of ours ({what}).", reason="defect")
        return None

    def _lost(self, count: int) -> StoreError:
        return StoreError(
            f"Nothing has been committed for so long that memory is full: {count} "
            f"notifications were not recorded, the last at {self._pending.last_us / US_PER_S:.1f} "
            "s; end the trial.",
            reason="memory_full",
        )

    def _not_closed(self, failure: StoreError) -> StoreError:
        return StoreError(
            f"Trial {self._trial} is stored whole but could not be closed; the next start of "
            f"hipgonio closes it. {failure.message}",
            reason=failure.reason,
        )


def _drained(came: deque[Came]) -> Iterator[Came]:
    """Take until nothing is left: the event loop appends meanwhile, and both are atomic."""
    while came:
        yield came.popleft()
