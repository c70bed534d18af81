"""The process that answers the calls of assistants, one after the other, from the same graph as the one that asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..corpus import open_corpus
from ..errors import OgxError
from ..oxi import Dataset
from ..serving.frames import pack
from ..serving.worker import work
from ..store.corpus import StoredCorpus, open_store
from ..store.remote import RemoteStore
from .tools import TOOLS, Desk, call

if TYPE_CHECKING:
    from ..api import Graph
    from ..corpus import Corpus

__all__ = ["main", "setting_of"]


def setting_of(graph: Graph) -> dict[str, Any]:
    """What a process needs to know to open the same graph; of a folder the generation that is open here."""
    kind, corpus = type(graph), graph.corpus
    made = {"module": kind.__module__, "kind": kind.__name__}  # the graph stands above its servers, and is not imported
    return made | _place_of(corpus)


def _place_of(corpus: Corpus) -> dict[str, Any]:
    if not isinstance(corpus, StoredCorpus):
        return {"corpus": str(corpus.root.resolve())}
    dataset = corpus.dataset
    folder = dataset.folder if isinstance(dataset, Dataset) else None
    return {
        "corpus": None if corpus.settings is None else str(corpus.settings.root.resolve()),
        "store": corpus.place if folder is None else str(folder.resolve()),
        "timeout": dataset.transport.timeout if isinstance(dataset, RemoteStore) else None,
    }


def _corpus(setting: Mapping[str, Any]) -> Corpus:
    if "store" not in setting:
        return open_corpus(setting["corpus"])
    return open_store(setting["store"], corpus=setting["corpus"], timeout=setting["timeout"])


def _failed(error: OgxError) -> bytes:
    return pack({"error": error.as_dict()})


def _begin(setting: dict[str, Any]) -> Callable[[dict[str, Any]], bytes]:
    """Read the graph, which is no part of the time of a call; where it cannot be read, every call says so."""
    try:
        corpus = _corpus(setting)
        _ = corpus.dataset
    except OgxError as exc:
        failed = _failed(exc)
        return lambda asked: failed
    graph = getattr(import_module(setting["module"]), setting["kind"])(corpus)
    return partial(_reply, Desk(graph), {tool.name: tool for tool in TOOLS})


def _reply(desk: Desk, tools: Mapping[str, Any], asked: Mapping[str, Any]) -> bytes:
    try:
        answer = call(desk, tools[asked["tool"]], asked["arguments"])
        return pack({}, json.dumps(answer, ensure_ascii=False).encode())
    except OgxError as exc:
        return _failed(exc)


def main() -> None:
    """Answer calls until the input ends."""
    work(_begin)
