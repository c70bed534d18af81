"""The rules of the data: reading them, running them on two engines, and printing what they find."""

__all__: list[str] = []
