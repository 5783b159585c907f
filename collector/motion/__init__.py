"""Samples become angles: clocks, tilt, alignment, calibration, angles."""
