"""The step of the package's build that puts the scripts of the pages into the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["Scripts"]

NEEDED = "OGX_RDF_SCRIPTS"
"""Set to ``required``, a wheel without scripts is none; else it is built without them where npm cannot build them."""


class Scripts(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the scripts before a wheel is packed; an installation to edit is left as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the scripts into the folder that is packed."""
        if version == "editable":
            return
        folder = Path(self.root) / "ogx_rdf" / "web"
        done = subprocess.run([sys.executable, str(folder / "scripts" / "build.py")], check=False)
        if done.returncode and os.environ.get(NEEDED) == "required":
            raise RuntimeError("the scripts of the pages could not be built")
        if done.returncode:
            self.app.display_warning("The wheel has no scripts: its pages do without search as you type and the like.")
