"""Writing files so that an interruption leaves either the old file or the new one, never a part; where caches go."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path

from .errors import InputError

__all__ = ["alone", "cache_folder", "make_folder", "write_atomic"]


def _cannot_write(path: Path, exc: OSError) -> InputError:
    return InputError(
        "E306",
        f"cannot write ({exc.strerror or exc})",
        file=str(path),
        why="What was there is unchanged.",
        hint="Choose another place, or mend the permissions.",
    )


def cache_folder() -> Path:
    """The folder where this user keeps what can be had again.

    :raises InputError: where the library that knows the place is not installed
    """
    try:
        from platformdirs import user_cache_path
    except ModuleNotFoundError as exc:
        raise InputError(
            "E601",
            f"finding the user's cache folder needs a library that is not installed ({exc.name})",
            hint="Name a folder with --cache, or install the extra: pip install 'ogx-rdf[online]'.",
        ) from exc
    return user_cache_path("ogx-rdf", appauthor=False)


def make_folder(path: Path) -> None:
    """Make a folder, with its parents, where there is none.

    :raises InputError: where it cannot be made
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise _cannot_write(path, exc) from exc


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write ``content`` (text as UTF-8, newlines as given) to ``path``, making its folders.

    The bytes go to a file beside the target, which then takes its place in one step.  A link stays a link to
    what it names; a pipe or a device is written to as it stands.

    :raises InputError: where the target cannot be written; nothing is left behind
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary: str | None = None
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, target)
        temporary = None
    except OSError as exc:
        raise _cannot_write(path, exc) from exc
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def alone(file: Path, *, writing: bool = False) -> int | None:
    """Lock a file (made where there is none) for this process; the handle, or None where another holds it.

    The system lets go when the handle is closed, or the process ends in whatever way.

    :param writing: whether the file is opened for writing as well
    :raises OSError: where it cannot be opened
    """
    handle = os.open(file, os.O_CREAT | os.O_CLOEXEC | (os.O_RDWR if writing else os.O_RDONLY), 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
