"""The invalid cases: a small valid corpus, and files that each break one rule of it.

A case is a Turtle file that is added to the corpus, with directives in its comments:

    # expect: violation case:9                    severity, and file:line of the one finding ("case" is the file itself)
    # remove: c:0001 ogx:kind ogx:mechanism       a triple taken out (its line stays, empty, so that no line moves)
    # remove: mappings/mini.sssom.tsv entity:bax  the row of a mapping set taken out
    # add row: entity:x | x | …                   a row put at the end of the mapping set

The name of the file is the rule, with ``--`` and a word where a rule has several cases.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CASES", "VALID", "Case", "make", "without"]

DATA = Path(__file__).parent / "data"
VALID = DATA / "valid"
MAPPINGS = "mappings/mini.sssom.tsv"
ADDED = "works/zz-case.ttl"


@dataclass(frozen=True)
class Case:
    """One case: its file, the rule that it breaks, and the finding that must come."""

    file: Path
    rule: str
    severity: str
    place: str
    removed: tuple[str, ...]
    rows: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether it is about a blank node, which the loader refuses before any rule is asked."""
        return self.place == "blank"


def read(file: Path) -> Case:
    """Read the directives of a case."""
    found: dict[str, list[str]] = {"expect": [], "remove": [], "add row": []}
    for key, value in re.findall(r"^# (expect|remove|add row): (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE):
        found[key].append(value)
    severity, place = found["expect"][0].split()
    name, colon, line = place.partition(":")
    shown = f"valid/{ADDED if name == 'case' else name}:{line}" if colon else place
    return Case(file, file.stem.partition("--")[0], severity, shown, tuple(found["remove"]), tuple(found["add row"]))


CASES = [read(file) for file in sorted(DATA.glob("invalid/*.ttl"))]


def _without(lines: list[str], subject: str, triple: str) -> bool:
    """Empty the line of a triple, and the block that is left without any."""
    if subject not in lines:
        return False
    first = lines.index(subject)
    last = lines.index(".", first)
    wanted = f"    {triple} ;"
    if wanted not in lines[first:last]:
        return False
    lines[lines.index(wanted, first, last)] = ""
    if not any(lines[first + 1 : last]):
        lines[first] = lines[last] = ""
    return True


def _remove(root: Path, directive: str) -> None:
    subject, _, triple = directive.partition(" ")
    row = subject == MAPPINGS
    for file in [root / MAPPINGS] if row else sorted(root.rglob("*.ttl")):
        lines = file.read_text(encoding="utf-8").split("\n")
        if row:
            lines[next(i for i, line in enumerate(lines) if line.startswith(f"{triple}\t"))] = ""
        elif not _without(lines, subject, triple):
            continue
        file.write_text("\n".join(lines), encoding="utf-8")
        return
    raise AssertionError(f"nothing to remove: {directive}")


def make(case: Case, folder: Path) -> Path:
    """The corpus of a case, in a folder of its own."""
    root = folder / "valid"
    shutil.copytree(VALID, root)
    for directive in case.removed:
        _remove(root, directive)
    for row in case.rows:
        cells = "\t".join(cell.strip() for cell in row.split("|"))
        path = root / MAPPINGS
        path.write_text(path.read_text(encoding="utf-8") + cells + "\n", encoding="utf-8")
    shutil.copy(case.file, root / ADDED)
    return root


def without(rule: str, shapes: str) -> str:
    """The shapes without one rule."""
    block = re.compile(rf"^shapes:{rule}\n(?:.*\n)*?\.\n", re.MULTILINE)
    return block.sub("", shapes.replace(f"    sh:property shapes:{rule} ;\n", ""))
