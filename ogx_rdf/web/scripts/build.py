"""Builds the scripts of the pages by npm, from pinned packages; none of these is kept in the project.

Usage: ``python build.py [FOLDER]``; without a folder, to where the pages look for them.  It needs Node and npm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["BUILT", "build", "main"]

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / "static" / "built"
"""Where the pages look for the scripts."""
SOURCES = (".npmrc", "build.js", "package.json", "package-lock.json", "src", "tsconfig.json")


def build(target: Path = BUILT, *, check: bool = False) -> None:
    """Install the packages in a folder of their own, and build the scripts; a failure leaves what was built before.

    :param check: look at the types first
    :raises FileNotFoundError: where there is no npm
    :raises subprocess.CalledProcessError: where a step fails; what it printed is on standard error
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    with tempfile.TemporaryDirectory(prefix="ogx-rdf-scripts.") as folder:
        for name in SOURCES:
            source = HERE / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(folder) / name)
        steps = (["ci"], *([["run", "check"]] if check else []), ["run", "build", "--", str(target.resolve())])
        for step in steps:
            subprocess.run([npm, *step], cwd=folder, check=True, stdout=sys.stderr)


def main() -> int:
    """Build as the command line says; 1 where it fails, with the reason on standard error."""
    try:
        build(*map(Path, sys.argv[1:2]))
    except (OSError, subprocess.CalledProcessError) as exc:
        sys.stderr.write(f"the scripts of the pages are not built: {exc}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
