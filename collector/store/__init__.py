"""What is kept: subjects, trials, raw notifications, results, in one SQLite file."""

from collector.store.entry import default_path, open_store, site_salt
from collector.store.store import Store

__all__ = ["Store", "default_path", "open_store", "site_salt"]
