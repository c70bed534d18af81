"""From a text to passages, and back: cutting, intake, finding texts at hand, comparing quotes with them."""

__all__: list[str] = []
