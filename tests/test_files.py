"""Files are replaced whole; links, pipes and devices stay what they are."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ogx_rdf.errors import InputError
from ogx_rdf.files import write_atomic

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path, there: bool) -> None:
    target, link = tmp_path / "target", tmp_path / "folder" / "link"
    link.parent.mkdir()
    link.symlink_to(target)
    if there:
        target.write_text("old", encoding="utf-8")
    write_atomic(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["folder", "link", "target"]


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    write_atomic(pipe, "words")
    reader.join(10)
    assert got == ["words"]
    assert pipe.is_fifo()


def test_standard_output_can_be_named(tmp_path: Path) -> None:
    # By a link of our own: should it be replaced, the one in /dev is safe.
    (tmp_path / "stdout").symlink_to("/proc/self/fd/1")
    code = "import pathlib, ogx_rdf.files as f; f.write_atomic(pathlib.Path('stdout'), 'words')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "words"


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_atomic(tmp_path, "words")
    assert caught.value.code == "E306"
