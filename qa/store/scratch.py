"""The folder for temporary files of the page."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from qa.errors import StoreError

SCRATCH = "scratch"


def scratch_folder(home: Path) -> Path:
    """A folder inside the archive's, made anew: empty, and closed to other users of this host. Raises StoreError."""
    folder = home.resolve() / SCRATCH
    try:
        if os.path.lexists(folder):
            shutil.rmtree(folder)  # it refuses a link, and follows none
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise StoreError(
            f"{folder} was expected to be a folder that can be emptied and made anew, found: "
            f"{error.strerror or error}. Remove it, then start again."
        ) from error
    return folder
