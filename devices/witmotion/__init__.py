"""WitMotion BLE 5.0: a byte stream of frames without a clock, and registers to ask."""
