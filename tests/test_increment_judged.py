"""A change finds what two passes over everything, before it and after it, find between them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from changed import held, keep, parts_of, put, record_of
from generate import generate

from ogx_rdf.bundles.run import Options, run_pass
from ogx_rdf.corpus import Corpus
from ogx_rdf.increment import add
from ogx_rdf.increment.changing import LIKE, Change, change_parts
from ogx_rdf.increment.methods import open_writer
from ogx_rdf.model import Finding

Told = set[tuple[str, str, str, str | None]]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated dump with nearly every fault."""
    folder = tmp_path_factory.mktemp("increment") / "faulty"
    generate(240, folder, faults=0.15)
    return folder


@pytest.fixture(scope="module")
def store(faulty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of it."""
    return keep(faulty, tmp_path_factory.mktemp("increment") / "store")


def told(findings: list[Finding]) -> Told:
    return {(f.rule, f.severity, f.focus, f.value) for f in findings}


def passed(folder: Path, dump: Path) -> Told:
    options = Options(sources=([folder / "sources"], {}), workers=0)
    return told(run_pass(Corpus(folder), [str(dump)], options).findings)


def chosen(parts: dict[str, list[str]], base: str, whole: Told) -> list[str]:
    """Parts of every kind, most of them with something wrong, in an order that no one planned."""
    draw = Random(4)
    wrong = {focus for _, _, focus, _ in whole}
    kinds: dict[str, list[str]] = {}
    for name, lines in sorted(parts.items()):
        graph = name.partition(" ")[0]
        if not graph.endswith("/graph/vocabulary"):
            faults = any(line[1 : line.index(">")] in wrong for line in lines)
            kind = graph.removeprefix(base).partition("/")[0 if not graph.startswith(f"{base}graph/") else 2]
            kinds.setdefault(f"{kind} {faults}", []).append(name)
    wanted = {"c True": 6, "c False": 2}
    drawn = ((names, min(len(names), wanted.get(kind, 1))) for kind, names in sorted(kinds.items()))
    return [name for names, count in drawn for name in draw.sample(names, count)]


def test_what_a_change_finds_is_the_difference_of_two_passes(
    faulty: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, parts = Corpus(faulty), parts_of(faulty)
    whole, quads, record = passed(faulty, faulty / "claims.nq.gz"), held(store), record_of(store)
    names = chosen(parts, corpus.base, whole)
    assert {"c", "doc", "graph"} <= {name.removeprefix(corpus.base).partition("/")[0] for name in names}
    monkeypatch.setattr(Change, "refused", False)
    seen: set[str] = set()
    with open_writer(store, corpus=faulty) as writer:
        for name in names:
            file = put(tmp_path / "part.nq", parts[name])
            rest = put(tmp_path / "rest.nq", *(lines for other, lines in parts.items() if other != name))
            without = passed(faulty, rest)
            own = {line[1 : line.index(">")] for line in parts[name]}

            def mine(item: tuple[str, str, str, str | None], own: set[str] = own) -> bool:
                return item[2] in own or (item[0] in LIKE and (item[3] or "")[1:-1] in own)

            gone = change_parts(writer, {name: None}, {"removed": [name]}, [], [str(faulty / "sources")], strict=False)
            assert told(gone.findings) == without - whole, name
            assert told(gone.healed) == whole - without, name
            back = add(writer, file, sources=[str(faulty / "sources")])
            assert told(back.findings) == {item for item in whole if item not in without or mine(item)}, name
            others = {item for item in without - whole if not mine(item)}
            assert {item for item in told(back.healed) if not mine(item)} == others, name
            seen |= {rule for rule, *_ in told(back.findings) | told(back.healed)}
    assert len(seen) > 12
    assert held(store) == quads
    assert {**record_of(store), "changes": 0} == record
