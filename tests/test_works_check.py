"""The standing of works, asked of a server on this machine that speaks as the registries do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import Cli
from registries import Registries, registries
from requests_cache.backends.sqlite import SQLiteCache

from ogx_rdf import open_graph
from ogx_rdf.corpus import Corpus
from ogx_rdf.records import Records
from ogx_rdf.works import client
from ogx_rdf.works.answers import Description, MalformedAnswerError, read_crossref, read_pubmed

VALID = Path(__file__).parent / "data" / "valid"
ROOT = Path(__file__).resolve().parent.parent
VENUE = "Journal of Testoma and Related Research 7(4):101-109"
ME = "curator@example.org"
FIELDS = {
    "creator": "Lund A, Dahl B",
    "date": "2020",
    "title": "A study of varetin in testoma",
    "bibliographicCitation": VENUE,
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registries]:
    """The registries, with the environment that leads to them; nobody waits between attempts."""
    with registries() as running:
        monkeypatch.setenv("OGX_RDF_CROSSREF", f"{running.address}/crossref")
        monkeypatch.setenv("OGX_RDF_EUTILS", f"{running.address}/eutils/")
        monkeypatch.setenv("OGX_RDF_MAILTO", ME)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(client, "WAITS", (0.0, 0.0))
        monkeypatch.setattr(client, "PER_SECOND", 1000)
        yield running


Make = Callable[..., Path]


@pytest.fixture
def make(empty_corpus: Corpus) -> Make:
    """A corpus of works: name=identifiers, all of them otherwise the article that the server describes."""

    def corpus(fields: dict[str, str] | None = None, **works: str) -> Path:
        lines = [f"PREFIX {p}: <{i}>" for p, i in empty_corpus.prefixes.items()]
        for name, names in works.items():
            own = [f'dcterms:{field} "{value}"' for field, value in (FIELDS if fields is None else fields).items()]
            own += [f'dcterms:identifier "{identifier}"' for identifier in names.split()]
            lines += [f"work:{name} a ogx:Work ; ogx:sourceType ogx:review ; {' ; '.join(own)} ."]
        (empty_corpus.root / "works").mkdir(exist_ok=True)
        (empty_corpus.root / "works" / "works.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return empty_corpus.root

    return corpus


@pytest.fixture
def online(cli: Cli, server: Registries, tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Run the command online with a cache of its own; gives the exit code and the JSON answer with its rows by name."""

    def run(corpus: Path, *words: str) -> tuple[int, dict[str, Any]]:
        place = ("--cache", str(tmp_path / "cache"))
        done = cli("works", "check", "--online", *place, "--format", "json", "--corpus", str(corpus), *words)
        answer = json.loads(done.stdout)
        answer["rows"] = {row["work"].removeprefix("work:"): row for row in answer["rows"]}
        return done.returncode, answer

    return run


Online = Callable[..., tuple[int, dict[str, Any]]]


@pytest.mark.parametrize(
    ("names", "standing", "notices"),
    [
        ("doi:10.9999/current", "current", []),
        ("pmid:101", "current", []),
        ("doi:10.9999/both pmid:101", "current", []),
        ("doi:10.9999/retracted", "retracted", ["doi:10.9999/erratum", "doi:10.9999/notice"]),
        ("pmid:102", "retracted", ["pmid:9102"]),
        ("doi:10.9999/both pmid:102", "retracted", ["pmid:9102"]),
        ("doi:10.9999/corrected pmid:102", "retracted", ["doi:10.9999/erratum", "pmid:9102"]),
        ("doi:10.9999/marked", "retracted", ["https://doi.org/10.9999/marked"]),
        ("pmid:104", "retracted", ["https://pubmed.ncbi.nlm.nih.gov/104/"]),
        ("doi:10.9999/corrected", "corrected", ["doi:10.9999/erratum"]),
        ("pmid:103", "corrected", ["https://pubmed.ncbi.nlm.nih.gov/103/"]),
        ("doi:10.9999/preprint", "superseded", ["doi:10.9999/Current"]),
        ("pmid:105", "superseded", ["pmid:101"]),
        ("doi:10.9999/concern", "unknown", ["doi:10.9999/concern-notice"]),
        ("doi:10.9999/unheard-of", "unknown", ["doi:10.9999/reconsidered"]),
        ("pmid:106", "unknown", ["pmid:9106"]),
        ("doi:10.9999/notice", "current", []),
        ("pmid:107", "current", []),
        ("doi:10.9999/absent", "unknown", []),
        ("pmid:999", "unknown", []),
        ("doi:10.9999/absent pmid:101", "current", []),
        ("doi:10.9999/alias", "current", []),
    ],
)
def test_a_standing_is_what_the_registries_name(
    names: str, standing: str, notices: list[str], make: Make, online: Online
) -> None:
    code, answer = online(make(one=names))
    row = answer["rows"]["one"]
    assert (row["standing"], row["notices"], row["failures"]) == (standing, notices, [])
    assert answer["answer"] == "rows"
    assert row["checked"] is not None
    assert code == (1 if standing == "retracted" else 0)


def test_what_was_said_stands_beside_the_standing(make: Make, online: Online, server: Registries) -> None:
    at = {"Crossref": f"Crossref at {server.address}/crossref", "PubMed": f"PubMed at {server.address}/eutils"}
    root = make(
        a="doi:10.9999/retracted pmid:101",
        b="doi:10.9999/absent",
        c="pmid:106",
        d="doi:10.9999/notice",
        e="pmid:107",
        f="doi:10.9999/concern",
    )
    rows = online(root)[1]["rows"]
    assert rows["a"]["source"] == f"{at['Crossref']} and {at['PubMed']}"
    assert rows["a"]["says"] == [
        f"{at['Crossref']}: retraction: doi:10.9999/notice",
        f"{at['Crossref']}: its title there begins with 'RETRACTED:'",
        f"{at['Crossref']}: erratum: doi:10.9999/erratum",
    ]
    assert rows["b"]["says"] == [f"{at['Crossref']}: no record of doi:10.9999/absent"]
    assert rows["c"]["says"] == [
        f"{at['PubMed']}: expression of concern in: pmid:9106",
        f"{at['PubMed']}: republished in: pmid:9107",
    ]
    assert rows["d"]["says"] == [f"{at['Crossref']}: is itself a notice (retraction) on doi:10.9999/retracted"]
    assert rows["e"]["says"] == [
        f"{at['PubMed']}: is itself a notice (Retraction of Publication)",
        f"{at['PubMed']}: retraction of: pmid:102",
    ]
    assert rows["f"]["says"] == [f"{at['Crossref']}: expression of concern: doi:10.9999/concern-notice"]


def test_one_failure_is_one_failure(make: Make, online: Online, server: Registries) -> None:
    names = ("broken", "current", "page", "cut", "corrected", "slow", "list", "busy", "other", "retracted", "malformed")
    root = make(**{f"w{i:02}": f"doi:10.9999/{name}" for i, name in enumerate(names)}, w99="doi:10.9999/forbidden")
    code, answer = online(root, "--timeout", "0.4")
    where = f"Crossref at {server.address}/crossref"
    failed = {row: answer["rows"][row]["failures"] for row in answer["rows"] if answer["rows"][row]["failures"]}
    assert failed == {
        "w00": [f"{where}: it answered with status 500"],
        "w02": [f"{where}: its answer is no JSON object (it is text/html)"],
        "w03": [f"{where}: its answer broke off before its end"],
        "w05": [f"{where}: no answer within 0.4 s"],
        "w06": [f"{where}: its answer is no JSON object (it is application/json)"],
        "w08": [f"{where}: its answer is not of the form expected: it speaks of 10.9999/another"],
        "w10": [f"{where}: its answer is not of the form expected: updated-by is no list of objects"],
        "w99": [f"{where}: it answered with status 403"],
    }
    assert {answer["rows"][row]["standing"] for row in failed} == {"unknown"}
    assert {answer["rows"][row]["checked"] for row in failed} == {None}
    assert [answer["rows"][f"w{i:02}"]["standing"] for i in (1, 4, 7, 9)] == [
        "current",
        "corrected",
        "current",
        "retracted",
    ]
    assert (code, answer["answer"], answer["counts"]["failed"]) == (3, "rows", 8)
    # A fault of the server is tried again, an answer that came and cannot be used is not.
    tries = {name: server.seen[f"/crossref/works/10.9999/{name}"] for name in (*names, "forbidden")}
    assert tries == dict.fromkeys((*names, "forbidden"), 1) | {"broken": 3, "busy": 2}


def test_beside_a_failure_nothing_is_current(make: Make, online: Online, server: Registries) -> None:
    root = make(a="doi:10.9999/broken pmid:101", b="doi:10.9999/broken pmid:103")
    code, answer = online(root)
    assert [answer["rows"][name]["standing"] for name in "ab"] == ["unknown", "corrected"]
    server.pubmed_status = 429
    code, answer = online(root, "--refresh")
    assert code == 3
    assert answer["answer"] == "failed"
    assert answer["rows"]["a"]["failures"][1].endswith("it answered with status 429")


def test_a_registry_that_is_down_is_left_alone(make: Make, online: Online, server: Registries) -> None:
    server.retry_after = "3600"
    root = make(a="doi:10.9999/busy", b="doi:10.9999/current", c="pmid:101")
    code, answer = online(root)
    where = f"Crossref at {server.address}/crossref"
    assert answer["rows"]["a"]["failures"] == [f"{where}: it answered with status 429 and asked to wait 3600 s"]
    assert answer["rows"]["b"]["failures"] == [f"{where}: not asked, since it failed before"]
    assert answer["rows"]["c"]["standing"] == "current"
    assert (code, server.paths) == (3, ["/eutils/esummary.fcgi", "/crossref/works/10.9999/busy"])


@pytest.mark.parametrize(("asked", "waits"), [("7", [7.0]), ("0", [0.0]), ("soon", [1.0])])
def test_the_server_says_how_long_to_wait(
    asked: str, waits: list[float], make: Make, online: Online, server: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(client, "WAITS", (1.0, 4.0))
    monkeypatch.setattr("ogx_rdf.works.client.time.sleep", waited.append)
    server.retry_after = asked
    online(make(a="doi:10.9999/busy"))
    assert waited == waits
    online(make(a="doi:10.9999/broken"))
    assert waited == [*waits, 1.0, 4.0]


def test_a_registry_out_of_reach_is_given_up(
    make: Make, online: Online, server: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.shutdown()
    server.server_close()
    _, answer = online(make(**{f"w{i}": "doi:10.9999/current" for i in range(5)}))
    reasons = [row["failures"][0].partition(": ")[2] for row in answer["rows"].values()]
    assert reasons == ["it could not be reached"] * 3 + ["not asked, since it failed before"] * 2
    assert answer["answer"] == "failed"


def test_what_was_answered_is_not_asked_again(make: Make, online: Online, server: Registries) -> None:
    root = make(a="doi:10.9999/current pmid:101", b="doi:10.9999/absent", c="doi:10.9999/page")
    first = online(root)[1]
    assert len(server.log) == 4
    assert online(root)[1] == first
    assert server.paths[4:] == ["/crossref/works/10.9999/page"]
    online(root, "--refresh")
    assert len(server.log) == 9


def test_the_day_is_that_of_the_answer(make: Make, online: Online, tmp_path: Path) -> None:
    root = make(a="doi:10.9999/current")
    today = online(root)[1]["rows"]["a"]["checked"]
    cache = SQLiteCache(tmp_path / "cache" / "registries.sqlite", serializer="json")
    for key in list(cache.responses):
        kept = cache.responses[key]
        kept.created_at -= timedelta(days=40)
        cache.responses[key] = kept
    cache.close()  # type: ignore[no-untyped-call]
    checked = online(root, "--write")[1]["rows"]["a"]["checked"]
    assert date.fromisoformat(today) - date.fromisoformat(checked) == timedelta(days=40)
    assert f'ogx:standingCheckedOn "{checked}"^^xsd:date' in (root / "works" / "standing.ttl").read_text("utf-8")


def test_the_installed_corpus_is_not_written(
    make: Make, cli: Cli, server: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(a="doi:10.9999/current")
    monkeypatch.setattr("ogx_rdf.works.standing.packaged", lambda folder: folder == root)
    done = cli("works", "check", "--online", "--write", "--corpus", str(root))
    assert (done.returncode, done.stdout, server.log) == (3, "", [])
    assert done.stderr.startswith("E605 ")


def test_several_numbers_go_in_one_request_and_none_twice(
    make: Make, online: Online, server: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BATCH", 3)
    online(make(a="pmid:101", b="pmid:102", c="pmid:103", d="pmid:104", e="pmid:101"))
    assert [parameters["id"] for _, parameters, _ in server.log] == ["101,102,103", "104"]


def test_who_asks_is_said(make: Make, online: Online, server: Registries) -> None:
    online(make(a="doi:10.9999/current pmid:101"), "--mailto", "somebody@example.org")
    (_, summary, headers), (_, work, _) = server.log
    assert headers["User-Agent"].startswith("ogx-rdf/")
    assert headers["User-Agent"].endswith(" (+https://w3id.org/ogx-rdf; mailto:somebody@example.org)")
    assert summary == {
        "db": "pubmed",
        "id": "101",
        "retmode": "json",
        "tool": "ogx-rdf",
        "email": "somebody@example.org",
    }
    assert work == {"mailto": "somebody@example.org"}


def test_requests_are_spaced(server: Registries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(client, "PER_SECOND", 3)
    with client.Client(cache=tmp_path) as asking:
        adapter = asking._session.get_adapter(server.address)
        limit = adapter.limiter.bucket_factory.rates  # type: ignore[attr-defined]
        assert [(rate.limit, rate.interval) for rate in limit] == [(3, 1000)]
        through = adapter.limiter.try_acquire  # type: ignore[attr-defined]

        def counted(name: str, **how: Any) -> Any:
            taken.append(name)
            return through(name, **how)

        monkeypatch.setattr(adapter.limiter, "try_acquire", counted)  # type: ignore[attr-defined]
        asking.crossref("10.9999/current")
        asking.crossref("10.9999/current")
        with pytest.raises(client.NoAnswerError):
            asking.crossref("10.9999/broken")
    # Every attempt passes the limiter, what comes from the cache does not.
    assert len(taken) == len(server.log) == 4


@pytest.mark.parametrize(
    ("words", "environment", "code", "says"),
    [
        ("--online", {"OGX_RDF_MAILTO": ""}, 2, "E603 no mail address was given"),
        ("--online --mailto nobody", {}, 2, "E603 'nobody' is no mail address"),
        ("--online --mailto a@b\r\nX:1", {}, 2, "E603"),
        ("--online", {"OGX_RDF_CROSSREF": "ftp://x"}, 2, "E602 OGX_RDF_CROSSREF is no address: 'ftp://x'"),
        ("--online --timeout 0", {}, 2, "E602 the timeout cannot be 0 s"),
        ("--online --timeout inf", {}, 2, "E602"),
        ("--write", {}, 2, "E606 offline nothing is found that could be written"),
        ("--online --cache works/works.ttl", {}, 3, "E604 works/works.ttl/registries.sqlite: the cache cannot be used"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_asked(
    words: str,
    environment: dict[str, str],
    code: int,
    says: str,
    make: Make,
    cli: Cli,
    server: Registries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = cli("works", "check", *words.split(" "), at=make(a="doi:10.9999/current"))
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(says)
    assert server.log == []


def test_a_cache_that_is_no_cache_is_said(make: Make, cli: Cli, server: Registries, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "registries.sqlite").write_text("this is no database" * 100, encoding="utf-8")
    words = ("works", "check", "--online", "--cache", str(tmp_path / "cache"))
    done = cli(*words, "--corpus", str(make(a="doi:10.9999/current")))
    assert done.returncode == 3
    assert done.stderr.startswith("E604 ")


def test_without_the_extra_everything_else_works(make: Make, tmp_path: Path) -> None:
    root = make(a="doi:10.9999/current")
    code = (
        "import sys\nsys.modules['requests_cache'] = None\nfrom ogx_rdf.cli import main\n"
        f"print(main(['works', 'check', '--corpus', {str(root)!r}]))\n"
        f"print(main(['works', 'check', '--online', '--mailto', 'a@b', '--corpus', {str(root)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-2:] == ["0", "3"]
    assert done.stderr.startswith("E601 asking the registries needs a library that is not installed (requests_cache)")
    assert "pip install 'ogx-rdf[online]'" in done.stderr


def test_offline_says_so(make: Make, cli: Cli) -> None:
    root = make(a="doi:10.9999/current", b="pmid:102")
    done = cli("works", "check", "--corpus", str(root))
    assert done.returncode == 0
    assert done.stdout == (
        "work:a: unknown (never checked)\nwork:b: unknown (never checked)\n\n"
        "2 works: 0 retracted, 0 corrected, 0 superseded, 2 unknown, 0 current; 2 never checked\n"
        "offline: nothing was asked; use --online\n"
    )
    answer = json.loads(cli("works", "check", "--format", "json", "--corpus", str(root)).stdout)
    assert (answer["answer"], answer["online"], answer["written"]) == ("rows", False, None)
    assert answer["counts"]["asked"] == 0


def test_a_corpus_without_works_has_none(empty_corpus: Corpus, cli: Cli) -> None:
    done = cli("works", "check", "--format", "json", "--corpus", str(empty_corpus.root))
    assert (done.returncode, json.loads(done.stdout)["answer"]) == (0, "none")


def test_what_differs_is_said_with_both_values_and_nothing_is_overwritten(make: Make, online: Online) -> None:
    root = make(a="doi:10.9999/differs pmcid:PMC1", b="doi:10.9999/current", c="pmid:101")
    before = (root / "works" / "works.ttl").read_bytes()
    code, answer = online(root, "--write")
    found = [(d["field"], d["here"], d["there"]) for d in answer["rows"]["a"]["differences"]]
    assert found == [
        ("title", "A study of varetin in testoma", "A study of kelsin"),
        ("first author", "Lund A, Dahl B", "The Testoma Group"),
        ("journal", "Journal of Testoma and Related Research", "Testoma Letters"),
        ("volume", "7", "8"),
        ("issue", "4", "5"),
        ("pages", "101-109", "101-108"),
    ]
    assert answer["rows"]["b"]["differences"] == []
    assert [(d["field"], d["here"]) for d in answer["rows"]["c"]["differences"]] == [("pmcid", None)]
    assert code == 0
    assert (root / "works" / "works.ttl").read_bytes() == before


def test_what_is_missing_here_is_told(make: Make, online: Online, cli: Cli, tmp_path: Path) -> None:
    root = make({"title": "[a study whose title was not seen]"}, a="pmid:101", b="doi:10.9999/current")
    rows = online(root)[1]["rows"]
    assert {(d["field"], d["here"], d["there"]) for d in rows["a"]["differences"]} == {
        ("title", None, "A study of varetin in testoma"),
        ("year", None, "2020 or 2019"),
        ("authors", None, "Lund A; Dahl B"),
        ("venue", None, "Journal of testoma and related research : official journal of nobody 7"),
        ("pmcid", None, "PMC101"),
    }
    done = cli("works", "check", "--online", "--cache", str(tmp_path / "cache"), "--corpus", str(root))
    assert "  missing here: authors: Crossref at http" in done.stdout
    assert "'Lund, Anna; Dahl, Bo'\n" in done.stdout


def test_the_list_of_authors_that_ends_in_others_lacks_some(make: Make, online: Online) -> None:
    root = make(FIELDS | {"creator": "Lund A, et al."}, a="doi:10.9999/current")
    assert online(root)[1]["rows"]["a"]["differences"][0]["there"] == "Lund, Anna; Dahl, Bo"


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """The small valid corpus, with two of its works known to the server."""
    shutil.copytree(VALID, tmp_path / "mini")
    file = tmp_path / "mini" / "works" / "works.ttl"
    text = file.read_text(encoding="utf-8")
    text = text.replace("doi:10.9999/testoma.1", "doi:10.9999/retracted").replace("pmid:12345678", "pmid:103")
    file.write_text(text, encoding="utf-8")
    return tmp_path / "mini"


def test_what_is_written_is_canonical_and_valid_and_the_same_each_time(
    mini: Path, online: Online, cli: Cli, server: Registries
) -> None:
    before = {path: path.read_bytes() for path in mini.rglob("*.ttl")}
    code, answer = online(mini, "--write")
    file = mini / "works" / "standing.ttl"
    written = file.read_bytes()
    assert (code, answer["written"].endswith("works/standing.ttl")) == (1, True)
    assert {path: path.read_bytes() for path in before} == before
    assert cli("fmt", "--check", "--corpus", str(mini)).returncode == 0
    done = cli("validate", "--corpus", str(mini))
    assert done.returncode == 0, done.stdout
    online(mini, "--write")
    assert file.read_bytes() == written
    day = answer["rows"]["berg-2019"]["checked"]
    block = written.decode().partition("\nwork:berg-2019\n")[2]
    assert block == (
        '    ogx:notice "doi:10.9999/erratum" ;\n'
        + '    ogx:notice "doi:10.9999/notice" ;\n'
        + "    ogx:standing ogx:retracted ;\n"
        + f'    ogx:standingCheckedOn "{day}"^^xsd:date ;\n'
        + f'    ogx:standingSource "Crossref at {server.address}/crossref" ;\n.\n'
    )
    work = next(w for w in Records(Corpus(mini)).works.values() if w.iri.endswith("berg-2019"))
    assert (work.standing, work.standing_checked) == ("retracted", day)
    # What is recorded is told offline too, and stays a finding.
    done = cli("works", "check", "--corpus", str(mini))
    assert done.returncode == 1
    assert f"work:berg-2019: retracted (checked {day}, Crossref at" in done.stdout


def test_a_curated_standing_stays_and_the_contradiction_is_told(mini: Path, online: Online) -> None:
    code, answer = online(mini, "--write")
    row = answer["rows"]["lund-2020"]
    lines = (mini / "works" / "works.ttl").read_text(encoding="utf-8").splitlines()
    assert row["conflict"].startswith(
        f"mini/works/works.ttl:{lines.index('    ogx:standing ogx:current ;') + 1} states "
    )
    assert " states current, PubMed at " in row["conflict"]
    assert row["conflict"].endswith(": corrected; the file was not changed")
    assert (row["recorded"], row["standing"], code) == ("current", "corrected", 1)
    assert "lund-2020" not in (mini / "works" / "standing.ttl").read_text(encoding="utf-8")


def test_a_registry_that_names_nothing_contradicts_no_curator(mini: Path, online: Online) -> None:
    file = mini / "works" / "works.ttl"
    text = file.read_text(encoding="utf-8").replace("pmid:103", "pmid:101").replace("ogx:current", "ogx:corrected")
    file.write_text(text, encoding="utf-8")
    row = online(mini, "--write")[1]["rows"]["lund-2020"]
    assert (row["standing"], row["conflict"]) == ("corrected", None)
    assert re.fullmatch(
        r"mini/works/works\.ttl:\d+ states corrected; PubMed at .*: nothing of the kind", row["says"][-1]
    )


def test_no_answer_replaces_no_record(make: Make, online: Online, server: Registries) -> None:
    root = make(a="pmid:102", b="doi:10.9999/current")
    file = root / "works" / "standing.ttl"
    online(root, "--write")
    written = file.read_bytes()
    assert written.count(b"ogx:standing ") == 2
    server.pubmed_status = 500
    code, answer = online(root, "--write", "--refresh")
    assert (code, answer["rows"]["a"]["standing"], file.read_bytes()) == (3, "retracted", written)
    # A number that is gone from the registry says nothing of what it said before.
    server.pubmed_status = 200
    make(a="pmid:999", b="doi:10.9999/current")
    code, answer = online(root, "--write")
    assert (answer["rows"]["a"]["standing"], file.read_bytes()) == ("retracted", written)
    assert answer["rows"]["a"]["says"] == [f"PubMed at {server.address}/eutils: no record of pmid:999"]
    # Another answer does.
    make(a="pmid:101", b="doi:10.9999/current")
    code, answer = online(root, "--write")
    assert answer["rows"]["a"]["says"][-1].startswith("until now: retracted (checked ")
    assert file.read_bytes().count(b"ogx:current") == 2


def test_what_a_curator_states_later_leaves_the_derived_file(make: Make, online: Online) -> None:
    root = make(a="pmid:102", b="doi:10.9999/current")
    online(root, "--write")
    works = root / "works" / "works.ttl"
    stated = 'work:a ogx:standing ogx:retracted ; ogx:standingCheckedOn "2026-01-01"^^xsd:date .\n'
    works.write_text(works.read_text(encoding="utf-8") + stated, encoding="utf-8")
    _code, answer = online(root, "--write")
    assert answer["rows"]["a"]["conflict"] is None
    text = (root / "works" / "standing.ttl").read_text(encoding="utf-8")
    assert ("work:a\n" in text, "work:b\n" in text) == (False, True)


def test_superseded_is_recorded_where_the_later_work_is_here(make: Make, online: Online) -> None:
    root = make(a="doi:10.9999/preprint", b="doi:10.9999/old-version", c="doi:10.9999/current")
    rows = online(root, "--write")[1]["rows"]
    text = (root / "works" / "standing.ttl").read_text(encoding="utf-8")
    assert "work:a\n    dcterms:isReplacedBy work:c ;" in text
    assert rows["b"]["standing"] == "superseded"
    assert rows["b"]["says"][-1] == "recorded as unknown until doi:10.9999/elsewhere is described here"
    assert text.count("ogx:standing ogx:superseded") == text.count("ogx:standing ogx:unknown") == 1


def test_the_library_gives_the_same(mini: Path, server: Registries, tmp_path: Path) -> None:
    graph = open_graph(mini)
    done = graph.works_check(online=True, cache=tmp_path / "cache", write=True)
    assert (done.exit_code, done.counts["retracted"], done.counts["conflicts"]) == (1, 1, 1)
    assert graph.works_check().counts["retracted"] == 1


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"DOI": 5},
        {"DOI": "10.1/b"},
        {"DOI": "10.1/a", "updated-by": {"type": "retraction"}},
        {"DOI": "10.1/a", "updated-by": ["retraction"]},
        {"DOI": "10.1/a", "title": "A title"},
        {"DOI": "10.1/a", "author": [1]},
        {"DOI": "10.1/a", "issued": {"date-parts": []}},
        {"DOI": "10.1/a", "relation": [1]},
        None,
    ],
)
def test_an_answer_of_another_form_says_nothing(message: Any) -> None:
    with pytest.raises(MalformedAnswerError):
        read_crossref({"message": message}, "10.1/a")
    with pytest.raises(MalformedAnswerError):
        read_pubmed(message or {}, "5")


def test_a_year_that_is_not_given_is_none() -> None:
    message = {"DOI": "10.1/A", "issued": {"date-parts": [[None]]}, "title": ["A &amp; <sub>2</sub> p &lt; 5 < 7"]}
    answer = read_crossref({"message": message}, "10.1/a")
    assert answer.standing == "current"
    assert answer.description == Description(titles=("A & 2 p < 5 < 7",), identifiers={"doi": "10.1/A"})
