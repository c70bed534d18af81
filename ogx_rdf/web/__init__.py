"""The graph over HTTP: SPARQL, stored queries and pages, read-only."""

from __future__ import annotations

from .app import create_app

__all__ = ["create_app"]
