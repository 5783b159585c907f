"""The engine behind the page: one job at a time on a thread of its own, and what viewers see."""
