"""Angles become results: repetitions, measures, gates, grades."""
