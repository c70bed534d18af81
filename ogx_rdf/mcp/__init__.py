"""The graph as tools for assistants (Model Context Protocol), read-only: what they can call, and the server for it."""

from __future__ import annotations

from .tools import TOOLS, Desk, Tool, call

__all__ = ["TOOLS", "Desk", "Tool", "call"]
