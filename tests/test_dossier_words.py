"""What sections of the report say in words: the chain of the summary, who took part in a trial, what was not met."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from ogx_rdf.corpus import Corpus
from ogx_rdf.mechanism.answers import PathAnswer
from ogx_rdf.mechanism.chains import Chain, Found
from ogx_rdf.mechanism.steps import Step
from ogx_rdf.model import Iri
from ogx_rdf.namespaces import OGX
from ogx_rdf.publish.dossier import summary, trials
from ogx_rdf.publish.dossier.material import Material, gather
from ogx_rdf.publish.dossier.parts import Cell, Paragraph, Section, Table
from ogx_rdf.resources import resource


@pytest.fixture(scope="module")
def material() -> Material:
    return gather(Corpus(resource("ontology")), (), None, falls=False)


def entity(material: Material, name: str) -> Iri:
    iri = material.corpus.expand(f"entity:{name}")
    assert iri is not None
    return iri


def lines(section: Section, anchor: str) -> list[str]:
    """The lines of the first block of a part."""
    part = next(part for part in section.parts if part.anchor == anchor)
    block = part.blocks[0]
    assert isinstance(block, Paragraph)
    return ["".join(span.text for span in line) for line in block.lines]


def chain(material: Material, *things: str, sign: str = "+1", models: tuple[str, ...] = ()) -> Chain:
    """A chain of claims through things; each step in a model of its own where models are named."""
    ends = [entity(material, thing) for thing in things]
    steps = [
        Step(
            iri=Iri(f"https://ex.org/{'-'.join(things)}-{number}"),
            start=start,
            relation=OGX.activates,
            end=end,
            label=f"{things[number]} to {things[number + 1]}",
            sign=sign,
            certainty="asserted",
            context={"model": entity(material, models[number])} if models else {},
        )
        for number, (start, end) in enumerate(pairwise(ends))
    ]
    return Chain(tuple(steps))


def told(material: Material, *chains: Chain) -> str:
    """What the summary says of the chains from custirsen to apoptosis."""
    start, end = entity(material, "custirsen"), entity(material, "apoptosis")
    answer = material.answers[0]
    assert (answer.start, answer.end) == (start, end)
    given = PathAnswer(
        records=answer.records,
        start=start,
        end=end,
        max_length=5,
        order="strongest",
        inferred=False,
        limit=6,
        found=Found(chains, 5, complete=True),
        gaps=answer.gaps,
    )
    (line,) = lines(summary.section([], replace(material, answers=[given])), "summary-mechanism")
    return line


MODELS = ("achn-renal-cell-carcinoma-model", "lncap-castrate-resistant-xenograft")


def test_the_chain_of_the_summary_is_one_in_one_setting_that_does_not_come_back(material: Material) -> None:
    mixed = chain(material, "custirsen", "clusterin", "apoptosis", models=MODELS)
    back = chain(material, "custirsen", "clusterin", "akt", "secretory-clusterin", "apoptosis")
    plain = chain(material, "custirsen", "akt", "apoptosis", sign="unsigned")
    assert "custirsen to akt" in told(material, mixed, back, plain)
    assert "settings differ" not in told(material, mixed, back, plain)


def test_a_chain_of_the_summary_says_where_its_settings_differ_and_to_what_it_comes_back(material: Material) -> None:
    label = material.records.label
    first, second = (label(entity(material, model)) for model in MODELS)
    mixed = told(material, chain(material, "custirsen", "clusterin", "apoptosis", models=MODELS))
    assert f"no weak link found; settings differ (model: {first} / {second}); 1 chain in all" in mixed
    back = told(material, chain(material, "custirsen", "clusterin", "akt", "secretory-clusterin", "apoptosis"))
    assert "it comes back to clusterin (clusterin, then secretory clusterin)" in back
    own = told(material, chain(material, "custirsen", "clusterin", "secretory-clusterin", "apoptosis"))
    assert "comes back" not in own


def test_the_shipped_summary_says_that_settings_differ(material: Material) -> None:
    first, second = lines(summary.section([], material), "summary-mechanism")
    assert "settings differ" not in first
    assert "settings differ (model: hepatocellular carcinoma cells / docetaxel-resistant sublines of DU145" in second


def at_a_glance(material: Material) -> dict[str, dict[str, list[str]]]:
    """The table of all trials: by trial and column the lines of each cell."""
    table = trials.section(trials.trials_of(material), material).blocks[0]
    assert isinstance(table, Table)

    def read(cell: Cell) -> list[str]:
        return ["".join(span.text for span in line) for line in cell]

    rows = [dict(zip(table.columns, map(read, row.cells), strict=True)) for row in table.rows]
    return {row["Trial"][0]: row for row in rows}


def test_each_number_of_patients_says_what_was_counted(material: Material) -> None:
    found = at_a_glance(material)["AFFINITY"]["n, of whom"]
    assert found == [
        "635 randomized",
        "317 randomized to the treatment with custirsen",
        "318 randomized to the treatment without custirsen",
        "795 enrolled",
        "635 randomly assigned",
        "about 630 will be enrolled",
        "634 enrolled",
        "approximately 630 will be randomized",
        "c:0267",
    ]
    measures = {item.measurement.measure for item in material.records.evidence.values() if item.measurement}
    for row in at_a_glance(material).values():
        for line in row["n, of whom"]:
            told = any(line.endswith(f" {measure}") for measure in measures)
            assert told or line == "not stated" or line.startswith("c:"), line


def test_an_endpoint_of_some_patients_names_them(material: Material) -> None:
    row = at_a_glance(material)["AFFINITY"]
    some = "patients of AFFINITY with a poor prognosis"
    assert row["Primary endpoint"] == ["overall survival c:0268", f"overall survival, {some} c:0269"]
    assert row["Met?"] == ["not met c:0270", f"not met, {some} c:0271"]
