"""The quote gate: whether the words of a quote stand in a text, exactly or but for named harmless differences.

Pure: no corpus, no files.  :func:`check_quotes` is the whole of it; :mod:`ogx_rdf.quotes.mutations` tries to fool it.
"""

from .gate import check_quotes
from .model import MAX_GAP, Difference, Quote, Verdict

__all__ = ["MAX_GAP", "Difference", "Quote", "Verdict", "check_quotes"]
