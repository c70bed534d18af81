"""What if it falls: claims, chains and totals without a source, or under a policy (:mod:`.policies`).

A removed entry's markers count no more; a removed work takes its entries with it, and the reports that were read in it
or tell its results; a removed study takes every work that reports it.  A claim then has *lost* all support, is
*undetermined*, *weakened*, *kept*, or *had none* to lose (:data:`.effect.OUTCOMES`).  Nothing is written to the corpus.
"""

from __future__ import annotations

from .effect import Effect, Impact, impact
from .policies import Policy

__all__ = ["Effect", "Impact", "Policy", "impact"]
