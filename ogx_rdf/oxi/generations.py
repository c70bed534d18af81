"""A store's folder: generations that nobody changes once they are there, and a link to the one that counts.

    PLACE/current              a link to the generation that counts, renamed into place last
    PLACE/generations/000007   an Oxigraph store with its record, never written to again

An Oxigraph store that is read while another process writes to it gives errors, and promises nothing (tried: a fifth of
the openings failed).  So a writer makes the next generation beside the last one, out of the same files as far as they
are the same (links to them: data files of the engine are never changed, only replaced), and moves the link.  Who reads
holds the generation that it opened, and sees nothing else; a generation is removed when nobody holds it.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from ..errors import InputError

__all__ = ["CURRENT", "GENERATIONS", "HELD", "Hold", "generation_of", "hold"]

CURRENT = "current"
GENERATIONS = "generations"
HELD = "in-use"
"""The file in a generation that readers lock, all at once; who removes or reuses the generation locks it alone."""

_PATIENCE = 10.0
"""Seconds after which a folder that never comes to rest is given up."""


class Hold:
    """A generation that stays as long as this object does; a process that ends lets go of it too.

    :param folder: where the engine's files are
    """

    def __init__(self, folder: Path, handle: int | None = None) -> None:
        self.folder = folder
        self._handle = handle

    def release(self) -> None:
        """Let go."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __del__(self) -> None:
        self.release()


def generation_of(place: Path) -> str | None:
    """The name of the generation that counts; None for a folder that has none."""
    try:
        return Path(os.readlink(place / CURRENT)).name
    except OSError:
        return None


def hold(place: Path) -> Hold:
    """Hold the generation that counts now, or a folder without generations as it is.

    :raises InputError: where the link leads nowhere
    """
    until = time.monotonic() + _PATIENCE
    while (name := generation_of(place)) is not None:
        folder = (place / GENERATIONS / name).resolve()
        try:
            handle = os.open(folder / HELD, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
        except OSError as exc:
            if generation_of(place) == name:
                hint = "Make the store anew: ogx-rdf build --store PLACE"
                raise InputError("E305", f"the store's generation {name} is gone", file=str(place), hint=hint) from exc
        else:
            if generation_of(place) == name:
                return Hold(folder, handle)
            os.close(handle)  # a writer moved on in between
        if time.monotonic() > until:
            raise InputError("E305", "the store does not come to rest", file=str(place), hint="Try again.")
        time.sleep(0.001)
    # A copy made by a tool that follows links has a folder in the place of the link.
    return Hold(place / CURRENT if (place / CURRENT).is_dir() else place)
