"""The header of a stored query: ``#+ key: value`` lines above valid SPARQL, from a closed set of keys.

    #+ summary: Claims about an entity.
    #+ question: What do the documents say about X?
    #+ param: entity | entity | required | | The thing asked about.
    #+ columns: entity iri; claim iri; label string
    #+ empty: not-stated | The documents state nothing about {entity}.
    #+ example: entity=clusterin

A query of the group ``audit`` adds problem, fix and severity, one of the group ``tensions`` adds problem, and may add
``sides``: what is ``here`` and what is ``there``, in words (``#+ sides: supports it | disputes it``).
``param`` may be repeated and reads name | type | default | allowed | description, where the default is ``required``,
``any`` (left unbound: all values) or a value.  A line that begins with more than one space goes on with the line above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import UsageError
from ..model import Severity
from ..sparql import projection

__all__ = ["COLUMN_TYPES", "PARAM_TYPES", "Column", "Param", "StoredQuery", "parse"]

KEYS = ("summary", "question", "param", "columns", "empty", "example")
GROUP_KEYS = {"audit": ("problem", "fix", "severity"), "tensions": ("problem",)}
"""What the queries of a group say beside."""
EXTRA_KEYS = ("problem", "fix", "severity", "sides")
MAY_KEYS = {"tensions": ("sides",)}
"""What the queries of a group may say beside."""
RESERVED = ("corpus", "debug", "file", "format", "help", "limit", "name", "offset", "self")
"""What the command, the API call and the HTTP API take for themselves."""
PARAM_TYPES = (
    "claim",
    "disease",
    "document",
    "entity",
    "external",
    "integer",
    "passage",
    "reference",
    "section",
    "string",
    "trial",
    "word",
    "work",
)
COLUMN_TYPES = (
    "iri",
    "word",
    "string",
    "integer",
    "decimal",
    "boolean",
    "citations",
    "iris",
    "strings",
    "words",
)
"""The last four are lists: one string in SPARQL, parted by ``" | "``; citations are labels as printed, in order."""

FIRST = {"audit": ("focus", "path", "value"), "tensions": ("here", "there")}
"""The columns with which the queries of a group begin; the sides of a tension are lists of nodes (``iris``)."""


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a stored query.

    :param type: one of :data:`PARAM_TYPES`
    :param default: ``required``, ``any`` or a value
    :param allowed: the only values it may take, where they are listed (the words of type ``word`` always are), each
        with the local name of its term (``form=formField`` in the header where the two differ)
    """

    name: str
    type: str
    default: str
    allowed: Mapping[str, str]
    description: str

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default == "required"

    def as_dict(self) -> dict[str, object]:
        """The parameter as a JSON object."""
        return {
            "name": self.name,
            "type": self.type,
            "default": self.default,
            "allowed": list(self.allowed),
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer and the type of its cells, one of :data:`COLUMN_TYPES` (``term`` in unstored queries)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A stored query as documented.

    :param group: ``read``, ``audit``, ``tensions`` or ``own`` (of the corpus)
    :param file: where it stands, as messages show it
    :param empty: the kind of answer that no rows are: ``none`` or ``not-stated``
    :param sentence: the same in words; ``{name}`` stands for the value of a parameter
    :param problem: of an audit query or a tension query, what is wrong; else None
    :param severity: of the findings of an audit query, else None
    :param sides: what the columns ``here`` and ``there`` of a tension query hold, in words, where it says so
    """

    id: str
    group: str
    file: str
    text: str
    summary: str
    question: str
    params: tuple[Param, ...]
    columns: tuple[Column, ...]
    empty: str
    sentence: str
    example: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    fix: str | None = None
    severity: str | None = None
    sides: tuple[str, str] | None = None

    def as_dict(self) -> dict[str, object]:
        """The documentation of the query as a JSON object."""
        shown: dict[str, object] = {
            "id": self.id,
            "group": self.group,
            "summary": self.summary,
            "question": self.question,
            "params": [param.as_dict() for param in self.params],
            "columns": [{"name": column.name, "type": column.type} for column in self.columns],
            "empty": {"answer": self.empty, "sentence": self.sentence},
            "example": dict(self.example),
        }
        for key in EXTRA_KEYS:
            value = getattr(self, key)
            shown |= {} if value is None else {key: list(value) if isinstance(value, tuple) else value}
        return shown | {"sparql": self.text}


class _Header:
    """The lines of a header by key, each with its line number; every problem is raised with its place."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.values: dict[str, list[tuple[str, int]]] = {}
        key = ""
        for number, line in enumerate(text.splitlines(), 1):
            if not line.startswith("#+"):
                continue
            more = line[2:]
            if more.startswith("  ") and key:
                value, first = self.values[key][-1]
                self.values[key][-1] = (f"{value} {more.strip()}", first)
                continue
            key, colon, value = (part.strip() for part in more.partition(":"))
            if not colon or key not in KEYS + EXTRA_KEYS:
                known = ", ".join(KEYS + EXTRA_KEYS)
                raise self.error(f"unknown key {key!r} in the header", number, f"Known: {known}.")
            if key in self.values and key != "param":
                raise self.error(f"{key!r} stands twice in the header", number, "Only param may be repeated.")
            self.values.setdefault(key, []).append((value, number))

    def error(self, message: str, line: int | None, hint: str | None = None) -> UsageError:
        return UsageError("E510", message, file=self.file, line=line, hint=hint)

    def one(self, key: str) -> tuple[str, int]:
        if key not in self.values or not self.values[key][0][0]:
            raise self.error(f"the header has no {key!r}", 1, "Every stored query says what it asks, takes and gives.")
        return self.values[key][0]

    def params(self) -> tuple[Param, ...]:
        found = tuple(self._param(value, line) for value, line in self.values.get("param", ()))
        names = [param.name for param in found]
        if len(set(names)) != len(names):
            raise self.error("two parameters have one name", self.values["param"][0][1])
        return found

    def _param(self, value: str, line: int) -> Param:
        parts = [part.strip() for part in value.split("|")]
        if len(parts) != 5:
            raise self.error("a param has five parts", line, "name | type | default | allowed | description")
        name, kind, default, allowed, description = parts
        if kind not in PARAM_TYPES:
            raise self.error(f"unknown type {kind!r} of param {name!r}", line, f"Known: {', '.join(PARAM_TYPES)}.")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not default or not description:
            raise self.error("a param needs a name in small letters, a default and a description", line)
        if name in RESERVED:
            raise self.error(f"a param cannot be named {name!r}", line, f"Taken: {', '.join(RESERVED)}.")
        pairs = (word.strip().partition("=") for word in allowed.split(",") if word.strip())
        words = {word: term or word for word, _, term in pairs}
        if kind == "word" and not words:
            raise self.error(f"param {name!r} is a word, so its allowed words must be listed", line)
        return Param(name, kind, default, words, description)

    def columns(self) -> tuple[Column, ...]:
        value, line = self.one("columns")
        found = []
        for part in value.split(";"):
            name, _, kind = part.strip().partition(" ")
            if kind.strip() not in COLUMN_TYPES:
                raise self.error(f"column {name!r} has no known type", line, f"Known: {', '.join(COLUMN_TYPES)}.")
            found.append(Column(name, kind.strip()))
        return tuple(found)

    def extra(self, group: str) -> dict[str, str]:
        """What a query of the group says beside, and no other."""
        wanted = GROUP_KEYS.get(group, ())
        for key in EXTRA_KEYS:
            if key not in (*wanted, *MAY_KEYS.get(group, ())) and key in self.values:
                of = (*GROUP_KEYS.items(), *MAY_KEYS.items())
                groups = " and ".join(name for name, keys in of if key in keys)
                raise self.error(f"{key!r} belongs to {groups} queries", self.values[key][0][1])
        said = {key: self.one(key) for key in wanted}
        if "severity" in said and said["severity"][0] not in Severity.ORDER:
            value, line = said["severity"]
            raise self.error(f"unknown severity {value!r}", line, f"Known: {', '.join(Severity.ORDER)}.")
        return {key: value for key, (value, _) in said.items()}

    def sides(self) -> tuple[str, str] | None:
        """The two sides of a tension in words, where the header gives them."""
        if "sides" not in self.values:
            return None
        value, line = self.one("sides")
        here, _, there = (part.strip() for part in value.partition("|"))
        if not here or not there:
            raise self.error("sides reads what is here | what is there", line)
        return here, there

    def empty(self) -> tuple[str, str]:
        value, line = self.one("empty")
        kind, _, sentence = (part.strip() for part in value.partition("|"))
        if kind not in ("none", "not-stated") or not sentence:
            raise self.error("empty reads none | sentence, or not-stated | sentence", line)
        return kind, sentence

    def example(self, params: tuple[Param, ...]) -> dict[str, str]:
        value, line = self.one("example")
        if value == "none":
            given: dict[str, str] = {}
        else:
            given = {k.strip(): v.strip() for k, _, v in (part.partition("=") for part in value.split(";"))}
        known = {param.name for param in params}
        if not set(given) <= known or not {param.name for param in params if param.required} <= set(given):
            raise self.error("the example does not give the required parameters, and no others than there are", line)
        return given


def parse(text: str, id_: str, group: str, file: str) -> StoredQuery:
    """Read a stored query; its columns must be its projection, and every parameter must be projected.

    :raises UsageError: E510, with file and line
    """
    header = _Header(text, file)
    params, columns = header.params(), header.columns()
    names = [column.name for column in columns]
    line = header.one("columns")[1]
    selected = projection(text)
    if names != selected:
        raise header.error("columns differ from what the query selects", line, f"It selects: {', '.join(selected)}.")
    for param in params:
        if param.name not in names:
            raise header.error(f"param {param.name!r} is not selected, so it cannot be bound", line)
    extra = header.extra(group)
    first = FIRST.get(group, ())
    if tuple(names[: len(first)]) != first:
        raise header.error(f"a query of the group {group} selects {' '.join(f'?{name}' for name in first)} first", line)
    if group == "tensions" and {column.type for column in columns[:2]} != {"iris"}:
        raise header.error("the sides of a tension are of the type iris", line)
    empty, sentence = header.empty()
    return StoredQuery(
        id=id_,
        group=group,
        file=file,
        text=text,
        summary=header.one("summary")[0],
        question=header.one("question")[0],
        params=params,
        columns=columns,
        empty=empty,
        sentence=sentence,
        example=header.example(params),
        sides=header.sides(),
        **extra,
    )
