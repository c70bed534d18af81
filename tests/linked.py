"""What the tests of links share: a corpus that is mapped to real terms, and a server that fails as servers do."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from servers import ISQL, Server
from serving import serving

from ogx_rdf.corpus import Corpus

EXCERPTS = Path(__file__).parent / "data" / "links"

HEAD = """\
#mapping_set_id: https://example.org/x/mappings/links.sssom.tsv
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  CHEBI: http://purl.obolibrary.org/obo/CHEBI_
#  GO: http://purl.obolibrary.org/obo/GO_
#  MMO: http://purl.obolibrary.org/obo/MMO_
#  RO: http://purl.obolibrary.org/obo/RO_
#  chembl.compound: http://rdf.ebi.ac.uk/resource/chembl/molecule/
#  drugbank: "https://identifiers.org/drugbank:"
#  entity: https://example.org/x/entity/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: "http://www.w3.org/2004/02/skos/core#"
#  sssom: https://w3id.org/sssom/
#  uniprot: http://purl.uniprot.org/uniprot/
#  uniprot.isoform: http://purl.uniprot.org/isoforms/
#  wikidata: http://www.wikidata.org/entity/
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment
"""
FIRST = HEAD.count("\n") + 1
"""The line of the first mapping."""

ROWS = (
    ("clusterin", "exactMatch", "uniprot:P10909", "CLU"),
    ("p53", "exactMatch", "uniprot:P04637", "TP53"),
    ("bax", "exactMatch", "uniprot:Q07812", "BAX"),
    ("gone", "exactMatch", "uniprot:Z9Z9Z9", ""),
    ("merged", "exactMatch", "uniprot:A0A009K1D9", ""),
    ("reelin", "exactMatch", "uniprot:P78509", "RELN"),
    ("secretory-clusterin", "exactMatch", "uniprot.isoform:P10909-1", "Isoform 1 (synonym sCLU)"),
    ("inhibition", "exactMatch", "RO:0002408", "directly inhibits"),
    ("inhibition", "closeMatch", "RO:0002449", "directly inhibits"),
    ("inhibition", "broadMatch", "RO:0002630", "Directly negatively-regulates"),
    ("indirect-inhibition", "exactMatch", "RO:0002409", "indirectly negatively regulates"),
    ("regulation", "closeMatch", "RO:0002448", "regulates"),
    ("space", "exactMatch", "GO:0005615", "extracellular space"),
    ("ihc", "exactMatch", "MMO:0000498", "immunohistochemistry"),
    ("histology", "exactMatch", "MMO:0000496", "histology"),
    ("rt-pcr", "exactMatch", "MMO:0000462", "quantitative reverse transcription polymerase chain reaction"),
    ("docetaxel", "closeMatch", "CHEBI:4672", "docetaxel anhydrous"),
    ("docetaxel", "exactMatch", "chembl.compound:CHEMBL92", ""),
    ("lepirudin", "exactMatch", "drugbank:DB00001", "Lepirudin"),
    ("paracetamol", "exactMatch", "drugbank:DB00316", "Paracetamol"),
    ("universe", "exactMatch", "wikidata:Q1", "universe"),
    ("cosmos", "exactMatch", "wikidata:Q13165295", "Universe"),
    ("rasmussen", "relatedMatch", "wikidata:Q28319104", "Lars Løkke Rasmussen"),
)
CLASSES = {"docetaxel": "Drug", "lepirudin": "Drug", "clusterin": "Protein", "p53": "Protein"}
OTHER_NAMES = {"inhibition": ("direct inhibition", "directly inhibits"), "p53": ("tumour protein p53", "TP53")}


def line_of(term: str) -> int:
    """The line on which a term is mapped."""
    return FIRST + next(at for at, row in enumerate(ROWS) if row[2] == term)


def write_links(corpus: Corpus, rows: tuple[tuple[str, str, str, str], ...] = ROWS, nothing: str = "unmapped") -> Path:
    """Give a corpus entities and mappings; one entity more has a row that says that no term was found."""
    names = [*dict.fromkeys(row[0] for row in rows), nothing]
    lines = [f"PREFIX {p}: <{i}>" for p, i in corpus.prefixes.items()]
    for name in names:
        label, *others = OTHER_NAMES.get(name, (name,))
        surface = "".join(f' ; skos:altLabel "{other}"' for other in others)
        kind = CLASSES.get(name, "Process")
        lines.append(f'entity:{name} a ogx:{kind}, ogx:Entity ; skos:prefLabel "{label}"{surface} .')
    (corpus.root / "entities").mkdir(exist_ok=True)
    (corpus.root / "entities" / "all.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    how = "semapv:ManualMappingCuration"
    cells = [(f"entity:{e}", e, f"skos:{match}", term, label, how, "") for e, match, term, label in rows]
    cells.append((f"entity:{nothing}", nothing, "skos:exactMatch", "sssom:NoTermFound", "", how, "Looked in RO."))
    (corpus.root / "mappings").mkdir(exist_ok=True)
    text = HEAD + "".join("\t".join(row) + "\n" for row in cells)
    (corpus.root / "mappings" / "links.sssom.tsv").write_text(text, encoding="utf-8")
    return corpus.root


def load_excerpts(server: Server) -> None:
    """Load every excerpt into the default graph of a server."""
    for file in sorted(EXCERPTS.glob("*.ttl")):
        headers = {"Content-Type": "text/turtle"}
        urlopen(Request(f"{server.data}?default", file.read_bytes(), headers, method="POST"), timeout=30).close()


def load_virtuoso(server: Server, folder: Path) -> None:
    """Load every excerpt into a graph of its own of a Virtuoso that may read the folder."""
    assert ISQL is not None
    for file in sorted(EXCERPTS.glob("*.ttl")):
        copy = folder / file.name
        copy.write_bytes(file.read_bytes())
        load = f"exec=DB.DBA.TTLP(file_to_string('{copy}'), '', 'urn:x-excerpt:{file.stem}', 0);"
        subprocess.run([ISQL, f"127.0.0.1:{server.sql}", "dba", "dba", load], check=True, capture_output=True)


class Moody(ThreadingHTTPServer):
    """A server that answers each request in the way that ``moods`` names next; after the last it answers well.

    Each request is logged with its query and its headers.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.moods: list[str] = []
        self.log: list[tuple[str, dict[str, str]]] = []
        self.released = threading.Event()
        self.retry_after = "0"
        self.rows: list[dict[str, object]] = []

    @property
    def sparql(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sparql"


@contextmanager
def moody() -> Iterator[Moody]:
    """The server for as long as the block lasts."""
    server = Moody()
    with serving(server, server.released):
        yield server


class _Handler(BaseHTTPRequestHandler):
    server: Moody
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        self.reply(parse_qs(urlsplit(self.path).query))

    def do_POST(self) -> None:
        self.reply(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

    def reply(self, asked: dict[str, list[str]]) -> None:
        query = asked["query"][0]
        self.server.log.append((query, dict(self.headers)))
        mood = self.server.moods.pop(0) if self.server.moods else "well"
        columns = ["there", "property", "value", "label"] if "?property" in query else ["there", "role", "value"]
        good = json.dumps({"head": {"vars": columns}, "results": {"bindings": self.server.rows}}).encode()
        if mood == "busy":
            self.answer(429, b"too many requests", "text/plain", Retry_After=self.server.retry_after)
        elif mood == "broken":
            self.answer(500, b"out of memory", "text/plain")
        elif mood == "page":
            self.answer(200, b"<html><body>Sign in</body></html>", "text/html")
        elif mood == "cut":
            self.answer(200, good[: len(good) // 2], length=str(len(good)))
            self.close_connection = True
        elif mood == "short":
            self.answer(200, good[: len(good) // 2])
        elif mood == "slow":
            self.server.released.wait()
            self.close_connection = True
        else:
            self.answer(200, good)

    def answer(self, status: int, body: bytes, kind: str = "application/sparql-results+json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", headers.pop("length", str(len(body))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
