"""Bytes arrive: replay now, radio later, behind one interface."""
