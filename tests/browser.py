"""A page in a real browser: what a script that looks at it finds."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from conftest import require

__all__ = ["CHROMIUM", "NPM", "axe_source", "framed", "looked_at", "whole"]

AXE = "axe-core@4.14.1"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NPM = shutil.which("npm")


def axe_source(folder: Path) -> str:
    """The checker of accessibility, from the npm registry.

    :param folder: an empty one
    """
    require("node", NPM, "npm is not installed")
    assert NPM is not None
    run = subprocess.run([NPM, "pack", AXE], cwd=folder, capture_output=True, text=True, check=False)
    require("node", run.returncode == 0, f"npm gives no {AXE}")
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode("utf-8")


def whole(client: httpx.Client, path: str, *, dark: bool = False) -> str:
    """A page of a server with its stylesheet in it, so that it can be read from a file.

    :param dark: as it looks where the reader prefers dark
    """
    text = client.get(path).text
    style = client.get("/static/pages.css").text
    if dark:
        assert "@media (prefers-color-scheme: dark)" in style
        style = style.replace("@media (prefers-color-scheme: dark)", "@media all")
    return re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: f"<style>{style}</style>", text)


def framed(page: str, widths: Sequence[int]) -> str:
    """A page that shows another in frames of some widths, one after the other."""
    frames = (f'<iframe width="{width}" height="800" srcdoc="{html.escape(page)}"></iframe>' for width in widths)
    return f"<!DOCTYPE html><html><body>{''.join(frames)}</body></html>"


def looked_at(page: str, script: str, folder: Path) -> Any:
    """What a script finds in a page; it says so by ``done(value)``."""
    assert CHROMIUM is not None
    told = (
        "function done(value) { const out = document.createElement('pre'); out.id = 'found'; "
        "out.textContent = JSON.stringify(value); document.body.replaceChildren(out); }"
    )
    code = f"<script>{told}\n{script}</script>"
    assert code.count("</script") == 1
    file = folder / "page.html"
    file.write_text(page.replace("</body>", f"{code}</body>"), encoding="utf-8")
    words = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,1000"]
    words += ["--virtual-time-budget=60000", f"--user-data-dir={folder / 'profile'}", "--dump-dom", file.as_uri()]
    run = subprocess.run(words, capture_output=True, text=True, timeout=300, check=True)
    found = re.search(r'<pre id="found">(.*?)</pre>', run.stdout, re.DOTALL)
    assert found, run.stderr[-2000:]
    return json.loads(html.unescape(found[1]))
