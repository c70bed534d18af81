"""A corpus of any size, with everything that a checker must find in it.

    python tests/benchmarks/generate.py N OUT [--seed S] [--faults RATE] [--shuffle] [--blank-nodes]

It writes OUT/claims.nq.gz (the whole dump), OUT/corpus.toml and OUT/prefixes.ttl (so that ``--corpus OUT`` works),
OUT/sources/*.txt (the texts of the documents) and OUT/truth.tsv: rule, severity and focus of every finding that
validation and verification must have, no more and no less.  The same N, seed and options give the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from random import Random

from bulk_faults import Faults
from bulk_lines import claim_lines, document_lines, tension_lines
from bulk_notes import Note
from bulk_world import BASE, EACH, OWN, POOLS, Group, group, shared, shared_lines, work_lines

from ogx_rdf.model import Iri
from ogx_rdf.oxi import nquad, parse_turtle
from ogx_rdf.resources import resource

PER_NOTE = 40
"""About how many claims a document makes."""

LEAST = 20
BLOCK = 1 << 21
TITLE = "Generated notes"


class World:
    """What documents ask of the world: things that all share, drawn unevenly; and what is expected to be found."""

    def __init__(self, notes: int, seed: int) -> None:
        self.notes, self.seed = notes, seed
        self.groups = (notes + 1) // 2
        self.used: dict[str, set[int]] = {pool: set() for pool in POOLS}
        self.turns: Counter[str] = Counter()
        self.truth: list[tuple[str, str, str]] = []

    def told(self, rule: str, severity: str, focus: str) -> None:
        """Note a finding that must come."""
        self.truth.append((rule, severity, focus.strip("<>")))

    def popular(self, rng: Random) -> Group:
        """A group, the first ones by far the most often."""
        return group(int(self.groups * rng.random() ** 3))

    def any_work(self, rng: Random, note: int, slot: int | None = None) -> int:
        """A work of another document (where there is another), the first ones most often; or one of its kind."""
        works = self.notes * EACH
        number = int(works * rng.random() ** 3)
        if number // EACH == note:
            number = (number + EACH) % works
        return number if slot is None else number - number % EACH + slot

    def pick(self, pool: str, rng: Random) -> int:
        """One of a pool: each in turn until all were used, then the first ones most often."""
        size = len(POOLS[pool][1])
        if self.turns[pool] < size:
            self.turns[pool] += 1
            return self.turns[pool] - 1
        return int(size * rng.random() ** 2)

    def use(self, pool: str, number: int) -> str:
        """The thing of a number, from now on used."""
        self.used[pool].add(number)
        return shared(pool, number)[0]

    def take(self, pool: str, rng: Random) -> tuple[str, str]:
        """A thing of a pool and its name."""
        number = self.pick(pool, rng)
        self.use(pool, number)
        return shared(pool, number)

    def unused(self) -> Iterator[str]:
        """What was described and never used."""
        for pool, used in self.used.items():
            for number in range(len(POOLS[pool][1])):
                if number not in used and not (pool == "care" and self.groups):
                    yield shared(pool, number)[0]


class Dump:
    """The file of quads: blocks compressed in a thread of their own, each a member of the gzip file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._pool = ThreadPoolExecutor(1)
        self._waiting: list[Future[bytes]] = []
        self._held: list[str] = []
        self._size = 0

    def add(self, lines: list[str]) -> None:
        """Write lines."""
        self._held += lines
        self._size += sum(map(len, lines))
        if self._size > BLOCK:
            self._flush()

    def _flush(self) -> None:
        self._waiting.append(self._pool.submit(_member, "".join(self._held)))
        self._held, self._size = [], 0
        while len(self._waiting) > 3:
            self._file.write(self._waiting.pop(0).result())

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        for each in self._waiting:
            self._file.write(each.result())
        self._pool.shutdown()
        self._file.close()


def _member(text: str) -> bytes:
    """A text as one member of a gzip file, without the time in it."""
    squeezer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return squeezer.compress(text.encode()) + squeezer.flush()


def _vocabulary(prefixes: str) -> list[str]:
    graph = f"{BASE}graph/vocabulary"
    texts = [(resource("ontology") / name).read_text(encoding="utf-8") for name in ("ogx.ttl", "relations.ttl")]
    return [nquad(Iri(s), p, o, graph) for text in [*texts, prefixes] for s, p, o in parse_turtle(text, "shipped")[0]]


def _prefixes() -> str:
    text = (resource("ontology") / "prefixes.ttl").read_text(encoding="utf-8")
    for folder in OWN.values():
        text = text.replace(f"https://w3id.org/ogx-rdf/{folder}", BASE + folder)
    return text


def _notes(n: int, world: World) -> Iterator[Note]:
    each, more = divmod(n, world.notes)
    first, before = 1, None
    for number in range(world.notes):
        count = each + (number < more)
        note = Note(number, first, count, world, before)
        if before is not None:
            before.before = None
        yield note
        first, before = first + count, note


def _designed(note: Note, world: World) -> None:
    """The warnings and infos that documents have by design."""
    for label, _, _, _ in note.entries:
        if not note.cited[label]:
            world.told("reference-orphan", "info", f"{note.name}.ref{label}>")
    if note.number % 40 == 17:
        world.told("reference-unjudged", "warning", f"{note.name}.ref7>")
    quoted = {unit.place.name for unit in note.units if unit.place} | note.again
    for place in note.places:
        if not place.skipped and place.name not in quoted:
            world.told("passage-open", "warning", f"{place.name}>")
        for number, (_, _, label) in enumerate(place.markers, 1):
            if label in note.unknown:
                world.told("marker-entry", "info", f"{place.name}.m{number}>")


def blocks(n: int, world: World, sources: Path, prefixes: str, faults: Faults | None) -> Iterator[list[str]]:
    """The lines of the dump: what is shared first, then each document with its claims, one graph after another."""
    yield _vocabulary(prefixes)
    yield shared_lines()
    for number in range(world.groups):
        lines = group(number).lines()
        if faults is not None:
            faults.shared(group(number), lines)
        yield lines
    for first in range(0, world.notes * EACH, EACH):
        lines = [line for number in range(first, first + EACH) for line in work_lines(number)]
        if faults is not None:
            faults.works(first, lines)
        yield lines
    for note in _ahead(n, world):
        yield from _block(note, world, faults)
        (sources / f"{note.id}.txt").write_bytes(note.text.encode())


def _ahead(n: int, world: World) -> Iterator[Note]:
    """Each document when the next one is written, which may state its claims again."""
    held: Note | None = None
    for note in _notes(n, world):
        if held is not None:
            yield held
        held = note
    if held is not None:
        yield held


def _block(note: Note, world: World, faults: Faults | None) -> Iterator[list[str]]:
    _designed(note, world)
    document, tension = document_lines(note), tension_lines(note)
    claims = [claim_lines(unit) for unit in note.units]
    if faults is not None:
        faults.note(note, document, claims, tension)
    yield from (document, *claims, tension)


def _shuffled(lines: Iterable[list[str]], n: int, seed: int) -> Iterator[list[str]]:
    """All lines in a random order: dealt out to files that fit into memory, each shuffled by itself."""
    rng, piles = Random(f"shuffle {seed}"), 1 + n // 2500
    with tempfile.TemporaryDirectory() as folder:
        files = [(Path(folder) / str(pile)).open("w+", encoding="utf-8", newline="\n") for pile in range(piles)]
        for block in lines:
            for line in block:
                files[int(piles * rng.random())].write(line)
        for file in files:
            file.seek(0)
            pile = file.readlines()
            file.close()
            rng.shuffle(pile)
            for begin in range(0, len(pile), 1000):
                yield pile[begin : begin + 1000]


def generate(
    n: int,
    out: Path,
    *,
    seed: int = 1,
    faults: float | None = None,
    shuffle: bool = False,
    blank_nodes: bool = False,
) -> list[str]:
    """Write a corpus of ``n`` claims into the folder ``out``; returns the faults for which there was no room.

    :param faults: each fault is seeded at least once, and about so many of all units get one; None: no faults
    :param blank_nodes: whether some faults are blank nodes, which the loader of a corpus refuses
    """
    if n < LEAST:
        raise SystemExit(f"at least {LEAST} claims")
    sources = out / "sources"
    shutil.rmtree(sources, ignore_errors=True)
    sources.mkdir(parents=True)
    world = World(max(1, round(n / PER_NOTE)), seed)
    prefixes = _prefixes()
    (out / "prefixes.ttl").write_text(prefixes, encoding="utf-8")
    (out / "corpus.toml").write_text(f'title = "{TITLE}"\nbase = "{BASE}"\nversion = "{n}"\n', encoding="utf-8")
    dump = Dump(out / "claims.nq.gz")
    seeded = None if faults is None else Faults(faults, world.notes, seed, n + 1, world.told, blank_nodes)
    lines = blocks(n, world, sources, prefixes, seeded)
    for block in _shuffled(lines, n, seed) if shuffle else lines:
        dump.add(block)
    dump.close()
    for entity in world.unused():
        world.told("entity-orphan", "warning", entity)
    rows = sorted("\t".join(row) + "\n" for row in world.truth)
    (out / "truth.tsv").write_text("rule\tseverity\tfocus\n" + "".join(rows), encoding="utf-8")
    return [] if seeded is None else seeded.missing


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("n", type=int, metavar="N", help="how many claims")
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to write into")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another corpus (default: 1)")
    parser.add_argument(
        "--faults", type=float, metavar="RATE", help="break each rule at least once, and so many of all"
    )
    parser.add_argument("--shuffle", action="store_true", help="write the lines in a random order")
    parser.add_argument(
        "--blank-nodes", action="store_true", help="with --faults: blank nodes too, which no loader takes"
    )
    given = parser.parse_args()
    missing = generate(
        given.n,
        given.out,
        seed=given.seed,
        faults=given.faults,
        shuffle=given.shuffle,
        blank_nodes=given.blank_nodes,
    )
    if missing:
        print(f"too few claims to seed {', '.join(missing)}")


if __name__ == "__main__":
    main()
