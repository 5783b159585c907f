"""People and sensors that do not exist, with every angle known.

`simulate_trial` gives a recording as it would have come over the air, and its truth.
"""

from __future__ import annotations

from collector.simulate.person import Truth
from collector.simulate.radio import RadioModel
from collector.simulate.script import Performance
from collector.simulate.sensor import SensorErrors
from collector.simulate.six_poses import SixPoses, simulate_six_poses
from collector.simulate.trial import Simulated, hip_roles_of, roles_of, simulate_trial
from collector.simulate.variants import VARIANTS, Variant
from collector.simulate.wire import TrialConfig

__all__ = [
    "VARIANTS",
    "Performance",
    "RadioModel",
    "SensorErrors",
    "Simulated",
    "SixPoses",
    "TrialConfig",
    "Truth",
    "Variant",
    "hip_roles_of",
    "roles_of",
    "simulate_six_poses",
    "simulate_trial",
]
