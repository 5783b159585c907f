"""Hip and pelvis told apart while the sensors stream: provisional, one frame a tick."""
