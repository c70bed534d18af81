"""Start a corpus: its configuration, its prefixes, its folders, and the first document."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..corpus import FOLDERS, open_corpus, shipped_hedges
from ..documents.intake import AddedSource, add_source
from ..documents.places import read_source
from ..errors import UsageError
from ..files import make_folder, write_atomic
from ..model import Iri, Literal, Triple
from ..namespaces import OGX, RDF, SH, XSD
from ..oxi import is_iri
from ..resources import resource
from ..turtle import write

__all__ = ["Started", "init"]


@dataclass(frozen=True, slots=True)
class Started:
    """A new corpus, and what the intake of its first document gave."""

    root: Path
    base: str
    document: str
    added: AddedSource

    def text(self) -> str:
        """What was done and what comes next, as printed on a terminal."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.added.passages.items())
        return (
            f"Started a corpus in {self.root}; its data is named under {self.base}\n"
            f"{self.document}: {sum(self.added.passages.values())} passages ({kinds}), "
            f"{self.added.markers} citation markers, {self.added.references} references.\n"
            f"The text is in {self.root / 'sources'}, which git ignores.\n"
            f"Next: describe the document in {self.root / 'documents' / self.document / 'about.ttl'}, the entities in "
            f"{self.root / 'entities'}; then: ogx-rdf claim new --passage p001 --corpus {self.root}"
        )


def slug(text: str) -> str:
    """An id from a name: ``My Guide (2)`` gives ``my-guide-2``."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "document"


def _configuration(title: str, base: str) -> str:
    hedges = "".join(f'    "{word}",\n' for word in shipped_hedges())
    name = json.dumps(title, ensure_ascii=False).replace("\x7f", "\\u007f")
    return (
        "# A corpus of ogx-rdf. Every command finds it from here and from any folder below.\n\n"
        f'title = {name}\nbase = {json.dumps(base)}\nversion = "0.1.0"\n\n'
        f"# Words and phrases that make a quote hedged, in any case, as whole words.\nhedges = [\n{hedges}]\n\n"
        "# The highest number allowed for a total of the audit, by its name.\n[budget]\n"
    )


def _registry(base: str) -> dict[str, str]:
    """The shipped prefixes, with the namespaces of the data under another base."""
    shipped = open_corpus(resource("ontology"))
    return {
        name: space if space == OGX.iri else space.replace(shipped.base, base, 1)
        for name, space in shipped.prefixes.items()
    }


def _prefixes(base: str, registry: Mapping[str, str]) -> str:
    out: list[Triple] = []
    for name, space in registry.items():
        node = Iri(f"{base}prefix/{name}")
        out.append((node, RDF.type, SH.PrefixDeclaration))
        out.append((node, SH.prefix, Literal(name)))
        out.append((node, SH.namespace, Literal(space, XSD.anyURI)))
    return write(out, registry)


def _files(root: Path, base: str, identifier: str, source: Path) -> dict[Path, bytes]:
    """What stands beside corpus.toml and the text, by its place."""
    registry, document = _registry(base), Iri(f"{base}doc/{identifier}")
    about: list[Triple] = [
        (document, OGX.obtain, Literal("Say here where the text can be had.")),
    ]
    texts = {
        root / "prefixes.ttl": _prefixes(base, registry),
        root / "sources" / ".gitignore": "# Source texts are found by digest and not redistributed.\n*\n",
        root / "documents" / identifier / "about.ttl": write(about, registry),
    }
    return {path: text.encode() for path, text in texts.items()}


def init(
    directory: str | Path, *, document: str | Path, base: str | None = None, document_id: str | None = None
) -> Started:
    """Start a corpus in ``directory`` with one document, and cut that into passages.

    The text itself goes into the corpus's ``sources/``, which git ignores.

    :param base: the IRI under which the corpus names its data; it ends in ``/``
    :param document_id: the id of the document; from the file name where not given
    :raises UsageError: where there is a corpus already, or the base or id is not usable
    :raises InputError: where the document cannot be read or the folder not written
    """
    root, source = Path(directory), Path(document)
    base = base or f"https://example.org/{slug(root.resolve().name)}/"
    identifier = document_id or slug(source.stem)
    if (root / "corpus.toml").exists():
        raise UsageError(
            "E325",
            f"there is a corpus.toml in {root} already",
            hint=f"Add the document to it: ogx-rdf source add {source} --id {identifier} --corpus {root}",
        )
    if not is_iri(base) or not base.startswith(("http://", "https://")) or not base.endswith("/"):
        raise UsageError("E326", f"{base!r} is no base", hint="Give an http(s) IRI that ends in /.")
    if slug(identifier) != identifier:
        raise UsageError(
            "E344", f"{identifier!r} cannot be the id of a document", hint="Use lower-case letters, digits and hyphens."
        )
    data, _ = read_source(source)
    files = _files(root, base, identifier, source)
    files[root / "sources" / source.name] = data
    for path, content in files.items():
        if path.exists() and path.read_bytes() != content:
            raise UsageError("E325", f"{path} is there already, with other content", hint="Choose another folder.")
    for folder in (*FOLDERS, "mappings"):
        make_folder(root / folder)
    for path, content in files.items():
        write_atomic(path, content)
    # Last, so that a start which was broken off can be made again.
    write_atomic(root / "corpus.toml", _configuration(root.resolve().name, base))
    added = add_source(open_corpus(root), root / "sources" / source.name, identifier)
    return Started(root=root, base=base, document=identifier, added=added)
