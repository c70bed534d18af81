"""Which form of a page is sent: as its ending says, else as the client's ``Accept`` prefers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["FORMS", "HTML", "Form", "by_suffix", "preferred"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which a page is sent: what it is called, the ending that asks for it, its media type."""

    name: str
    suffix: str
    media: str

    @property
    def header(self) -> str:
        """The media type as the response names it."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


HTML = Form("HTML", ".html", "text/html")
FORMS = (
    HTML,
    Form("Turtle", ".ttl", "text/turtle"),
    Form("N-Triples", ".nt", "application/n-triples"),
    Form("JSON-LD", ".jsonld", "application/ld+json"),
)
"""Every form of a page of the graph, the one for whoever has no wish first."""


def by_suffix(path: str) -> tuple[str, Form | None]:
    """A path without the ending of a form, and that form; or the path as it is, and None."""
    for form in FORMS:
        if path.endswith(form.suffix) and len(path) > len(form.suffix):
            return path.removesuffix(form.suffix), form
    return path, None


def preferred(accept: str | None, forms: Sequence[Form] = FORMS) -> Form | None:
    """The form that an ``Accept`` header prefers, the first where it has no wish; None where it takes none of them.

    What cannot be read as such a header is no wish.
    """
    import mimeparse  # type: ignore[import-untyped]

    if accept is None or not accept.strip():
        return forms[0]
    offered = {form.media: form for form in reversed(forms)}
    try:
        found = mimeparse.best_match(list(offered), accept)
    except (mimeparse.MimeTypeParseException, ValueError):
        return forms[0]
    return offered.get(found)
