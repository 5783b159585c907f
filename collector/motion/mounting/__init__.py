"""How a sensor's axis to the subject's left is found: one module for each way."""
