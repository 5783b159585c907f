"""The norms of this site, `norms.csv` in the config folder, before all that ship."""

from __future__ import annotations

from pathlib import Path

from collector.own_files import config_folder
from schemas.errors import InputError
from schemas.norm import Norm
from schemas.norm_file import packaged_norms, read_norms
from schemas.norm_file.cells import BAD_NORMS


def norms_path() -> Path:
    """Return where the site's own norms are looked for; the file need not exist."""
    return config_folder() / "norms.csv"


def own_norms() -> tuple[Norm, ...]:
    """Return the site's own norms; none where there is no file.

    Raises
    ------
    InputError
        ``bad_norms`` naming file, line and column.
    """
    path = norms_path()
    return read_checked(path) if path.exists() else ()


def all_norms() -> tuple[Norm, ...]:
    """Return the site's own norms, then those that ship; raises as `own_norms`."""
    return (*own_norms(), *packaged_norms())


def read_checked(path: Path) -> tuple[Norm, ...]:
    """Read a file of own norms; raises `InputError`, also where an id is that of one that ships."""
    norms = read_norms(path)
    shipped = {norm.id for norm in packaged_norms()}
    for norm in norms:
        if norm.id in shipped:
            raise InputError(
                f"{path}: the id {norm.id!r} is that of a norm that ships: give yours another.",
                reason=BAD_NORMS,
            )
    return norms
