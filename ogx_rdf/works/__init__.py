"""Works and their registries: what became of a work after it was published, and how its fields are read."""

__all__: list[str] = []
