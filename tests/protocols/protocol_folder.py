"""A config folder with tests of the user's own, and the file that the documentation shows."""

from __future__ import annotations

import re
from pathlib import Path

DOC = (Path(__file__).parents[2] / "docs" / "adding-a-protocol.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", DOC, re.DOTALL).group(1)


def own_folder(monkeypatch, tmp_path, files):
    """Make a config folder with these files, by name, and have it used; return where they are."""
    folder = tmp_path / "config" / "protocols"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("HIPGONIO_CONFIG", str(folder.parent))
    return folder
