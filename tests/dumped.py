"""A generated dump as a corpus: the commands that read files read its quads instead."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from ogx_rdf.corpus import Corpus
from ogx_rdf.model import Iri, Triple
from ogx_rdf.oxi import Dataset, from_ox, parse_quads, parse_turtle

__all__ = ["Dumped", "lines", "truth"]


def lines(folder: Path) -> Iterator[str]:
    """The lines of a generated dump."""
    with gzip.open(folder / "claims.nq.gz", "rt", encoding="utf-8", newline="\n") as file:
        yield from file


def truth(folder: Path) -> list[tuple[str, str, str]]:
    """What must be found in a generated dump: rule, severity and focus, sorted."""
    rows = (folder / "truth.tsv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "rule\tseverity\tfocus"
    return sorted((rule, severity, focus) for rule, severity, focus in (row.split("\t") for row in rows[1:]))


class Dumped(Corpus):
    """The corpus that a generated folder holds."""

    def texts(self) -> Iterator[tuple[str, str]]:
        """No Turtle files: a finding has no line."""
        yield from ()

    @cached_property
    def dataset(self) -> Dataset:
        """All quads, in memory."""
        dataset = Dataset()
        dataset.bulk(gzip.decompress((self.root / "claims.nq.gz").read_bytes()))
        return dataset

    def quads(self) -> Iterator[tuple[Triple, str]]:
        """Every triple with its graph."""
        with gzip.open(self.root / "claims.nq.gz", "rb") as file:
            for quad in parse_quads(cast(IO[bytes], file), "nq"):
                subject, value = Iri(str(from_ox(quad.subject))), from_ox(quad.object)
                yield (subject, Iri(quad.predicate.value), value), str(from_ox(quad.graph_name))

    @staticmethod
    def reads(quad: str) -> list[Triple]:
        """The triple of a line, as the loader takes it from a file."""
        return parse_turtle(f"{quad[:-3].rpartition(' ')[0]} .", "dump")[0]

    def triples_of(self, graph: str) -> list[Triple]:
        """The triples of one graph, as written."""
        end = f" <{graph}> .\n"
        mine = "".join(f"{line.removesuffix(end)} .\n" for line in lines(self.root) if line.endswith(end))
        return parse_turtle(mine, "dump")[0]
