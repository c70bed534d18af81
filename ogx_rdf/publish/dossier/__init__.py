"""The report of a corpus: one folder with a page, its Markdown and its data, for those who never type a command.

:mod:`.material` gathers what is told, :mod:`.parts` is what it is told in, one module for each section makes that
of it, and :mod:`.report` renders and writes.  What a section says comes from the data by general rules.
"""

__all__: list[str] = []
