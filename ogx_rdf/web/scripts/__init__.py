"""The scripts of the pages: their sources, and what builds them; no part of the wheel."""

__all__: list[str] = []
