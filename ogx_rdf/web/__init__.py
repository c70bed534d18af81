"""The graph over HTTP: answers for machines, pages for people."""

__all__: list[str] = []
