"""A radio that delivers late: frames become notifications, wait for the link, and arrive in bursts.

The delay of a notification is never negative: it waits for the next connection event, perhaps for
another one after a retransmission, perhaps behind a stall, and then for the host to look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schemas.units import US_PER_S, BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class RadioModel:
    """How one sensor's link treats its frames. Times in seconds, probabilities per notification.

    Attributes
    ----------
    interval_s
        Connection interval, in the host's time.
    frames_per_notification
        A notification is ready when its last frame is.
    phase_s
        Time of one connection event; None draws it.
    packets_per_event
        How many notifications one event can carry.
    packet_s
        How much later the next packet of the same event is.
    latency_s
        Fixed delay from the event to the host.
    jitter_s
        Mean of the host's scheduling delay (exponential).
    retry_probability
        Chance that an event fails and the queue waits for the next (geometric, so the tail is
        heavy and made of whole intervals).
    stalls_per_min, stall_s
        How often the link falls silent, and the shortest and longest silence.
    loss_probability
        Chance that a notification vanishes without a trace.
    queue
        Notifications that the sensor can hold; those that find it full are lost. None: no limit.
    """

    interval_s: float = 0.03
    frames_per_notification: int = 4
    phase_s: float | None = None
    packets_per_event: int = 6
    packet_s: float = 0.0
    latency_s: float = 0.003
    jitter_s: float = 0.001
    retry_probability: float = 0.02
    stalls_per_min: float = 0.0
    stall_s: tuple[float, float] = (0.1, 0.3)
    loss_probability: float = 0.0
    queue: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Delivery:
    """What arrived, in order.

    `first`, `last` (M,) are the frames of every notification, both included; `arrival_us` (M,) is
    when the host saw it, never decreasing; `lost` (L,) are the frames that never came. Frames at
    the end that do not fill a notification are still in the sensor: neither delivered nor lost.
    """

    first: IntArray
    last: IntArray
    arrival_us: IntArray
    lost: IntArray


def deliver(ready_s: FloatArray, model: RadioModel, rng: np.random.Generator) -> Delivery:
    """Deliver frames that are ready at `ready_s` (N,) host seconds, never decreasing."""
    batch = model.frames_per_notification
    last = np.arange(batch - 1, len(ready_s), batch, dtype=np.int64)
    ready = np.asarray(ready_s, dtype=np.float64)[last]
    phase = rng.uniform(0.0, model.interval_s) if model.phase_s is None else model.phase_s
    stalls = _stalls(ready, model, rng)
    retries = rng.geometric(1.0 - model.retry_probability, len(ready)) - 1
    keep = rng.random(len(ready)) >= model.loss_probability
    event = _events(ready, phase, retries, stalls, model)
    if model.queue is not None:
        sent = phase + event * model.interval_s
        keep &= _backlog(ready, sent.astype(np.float64)) <= model.queue
    event = _events(ready[keep], phase, retries[keep], stalls, model)
    late = model.latency_s + rng.exponential(model.jitter_s, len(ready))[keep]
    late += model.packet_s * _place(event)
    arrival = np.maximum.accumulate(phase + event * model.interval_s + late)
    frames = np.arange(batch, dtype=np.int64) - (batch - 1)
    return Delivery(
        first=last[keep] - (batch - 1),
        last=last[keep],
        arrival_us=np.rint(arrival * US_PER_S).astype(np.int64),
        lost=(last[~keep, None] + frames).ravel(),
    )


def _stalls(ready: FloatArray, model: RadioModel, rng: np.random.Generator) -> FloatArray:
    """Draw silences as rows of (start, end), in order of their start."""
    if not len(ready):
        return np.zeros((0, 2))
    count = rng.poisson(model.stalls_per_min * (ready[-1] - ready[0]) / 60.0)
    start = np.sort(rng.uniform(ready[0], ready[-1], count))
    return np.column_stack([start, start + rng.uniform(*model.stall_s, count)])


def _events(
    ready: FloatArray, phase: float, retries: IntArray, stalls: FloatArray, model: RadioModel
) -> IntArray:
    """Return the connection event that carries each notification: first in, first out."""
    wait = ready.copy()
    for start, end in stalls:
        wait[(wait >= start) & (wait < end)] = end
    event = np.ceil((wait - phase) / model.interval_s).astype(np.int64) + retries
    event = np.maximum.accumulate(event)
    full = np.arange(len(event)) // model.packets_per_event
    for place in range(min(model.packets_per_event, len(event))):
        lane = slice(place, None, model.packets_per_event)
        event[lane] = np.maximum.accumulate(event[lane] - full[lane]) + full[lane]
    return event


def _backlog(ready: FloatArray, sent: FloatArray) -> IntArray:
    """Count the notifications still unsent when each one becomes ready, itself included."""
    return np.arange(1, len(ready) + 1) - np.searchsorted(sent, ready, side="right")


def _place(event: IntArray) -> IntArray:
    """Give every packet its number inside its event, from zero."""
    new: BoolArray = np.ones(len(event), dtype=np.bool_)
    new[1:] = event[1:] != event[:-1]
    index = np.arange(len(event))
    return index - np.maximum.accumulate(np.where(new, index, 0))
