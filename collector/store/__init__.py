"""What is kept: subjects, trials, raw notifications, results, in one SQLite file."""

from collector.store.store import Store, default_path, open_store

__all__ = ["Store", "default_path", "open_store"]
