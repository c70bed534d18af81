"""Files that are sent as they are; browsers keep each for good, for its digest is part of its address."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Mount

__all__ = ["ASSETS", "asset_routes", "versioned"]

ASSETS = Path(__file__).parent.parent / "static"
"""The folder with the files."""

FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache(maxsize=256)
def _digest(path: Path, changed: int, size: int) -> str:
    """The digest of a file, worked out again where it is changed."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _version(path: Path) -> str | None:
    try:
        found = path.stat()
        return _digest(path, found.st_mtime_ns, found.st_size) if path.is_file() else None
    except OSError:
        return None


def versioned(path: str) -> str:
    """The path of a file below ``static`` with its digest behind it; as it is where there is no such file."""
    version = _version(ASSETS / path.removeprefix("static/"))
    return f"{path}?v={version}" if version else path


def asset_routes() -> list[Mount]:
    """The files, at /static; one that is asked for by its digest need never be asked for again."""
    from starlette.responses import Response
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles
    from starlette.types import Scope

    class Files(StaticFiles):
        async def get_response(self, path: str, scope: Scope) -> Response:
            response = await super().get_response(path, scope)
            asked = scope.get("query_string", b"").decode("latin-1")
            same = response.status_code in (200, 304) and asked == f"v={_version(ASSETS / path)}"
            response.headers["Cache-Control"] = FOR_EVER if same else "no-cache"
            return response

    return [Mount("/static", Files(directory=ASSETS), name="static")]
