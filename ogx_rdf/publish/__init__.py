"""What leaves the graph: the dataset, exports, cards, answers in print, reports."""

__all__: list[str] = []
