"""Reading files and parsing Turtle, with every literal exactly as written."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from ..errors import InputError
from ..model import Iri, Triple
from .terms import from_ox, strange

__all__ = ["decode", "jsonld", "parse_turtle", "strange_quad", "syntax_error"]


def decode(path: Path, shown: str) -> str:
    """Read a text file as UTF-8 or raise InputError naming the byte that is not."""
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise InputError(
            "E301", f"cannot read the file ({exc.strerror})", file=shown, hint="Check the path and its permissions."
        ) from exc
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise InputError(
            "E302",
            f"not UTF-8: byte 0x{data[exc.start]:02x} at offset {exc.start}",
            file=shown,
            line=line,
            hint="Save the file as UTF-8 (for example: iconv -f latin1 -t utf-8 OLD > NEW).",
        ) from exc


def syntax_error(exc: SyntaxError, shown: str) -> InputError:
    """The refusal of a text that the parser does not take, with the line."""
    message = re.sub(r"^Parser error at line [^:]*: ", "", str(exc.msg or exc))
    return InputError(
        "E303",
        f"not valid Turtle: {message}",
        file=shown,
        line=exc.lineno,
        hint="Nothing was read from this file. Mend the line and run the command again.",
    )


def strange_quad(quad: ox.Quad, shown: str) -> InputError:
    """The refusal of a quad that holds a term with no place here."""
    what = strange(quad.subject) or strange(quad.object)
    if what == "blank node":
        return InputError(
            "E304",
            f"blank node beside {quad.predicate}",
            file=shown,
            why="Blank nodes have no stable name, so nobody can cite or compare them.",
            hint="Give the node an IRI of its own.",
        )
    return InputError(
        "E311",
        f"{what} beside {quad.predicate}",
        file=shown,
        why="It is new in RDF 1.2: the formats and engines that this graph is written for would drop it or refuse it.",
        hint="Write an IRI, a plain text, or a text with its language alone (such as @en).",
    )


def parse_turtle(text: str, shown: str) -> tuple[list[Triple], dict[str, str]]:
    """Parse Turtle into triples in document order and the prefixes declared.

    :raises InputError: on a syntax error (with its line), or on a term that :func:`from_ox` refuses
    """
    triples: list[Triple] = []
    try:
        parser = ox.parse(text, ox.RdfFormat.TURTLE)
        for quad in parser:
            try:
                triples.append((Iri(from_ox(quad.subject)), Iri(quad.predicate.value), from_ox(quad.object)))
            except ValueError as exc:
                raise strange_quad(quad, shown) from exc
    except SyntaxError as exc:
        raise syntax_error(exc, shown) from exc
    return triples, dict(parser.prefixes)


def jsonld(nquads: str) -> str:
    """N-Quads as JSON-LD; the same text for the same lines in the same order."""
    data = ox.serialize(ox.parse(nquads, ox.RdfFormat.N_QUADS), format=ox.RdfFormat.JSON_LD)
    return (data or b"").decode("utf-8")
