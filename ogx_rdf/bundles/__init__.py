"""The streaming pass: a dump of any size is read once, grouped by claim, and judged bundle by bundle.

**read** (:mod:`.reading`) → **spool** (:mod:`.spool`, an external grouping: parts of claims, blocks of shared nodes) →
**batches** (:mod:`.batch`) → **judge** (:mod:`.judge`: rules and texts; :mod:`.marks`: what only the whole can tell) →
**whole** (:mod:`.whole`, on the few candidates that the marks leave).  Memory holds one part for each worker, never
the dump.
"""

__all__: list[str] = []
