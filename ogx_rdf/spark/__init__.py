"""The streaming pass over many machines: the same bundles, the same judge, spread by Spark (the extra ``spark``).

**sort** (each file of the dump on some machine) → **near** (:mod:`.reach`: units ask for the shared nodes that they
reach, by joins) → **judge** (a :class:`~ogx_rdf.bundles.workers.Worker` for each unit) → **sift** (the marks, share by
share) → **whole** (at the driver, on the few claims and nodes that the marks leave: :mod:`.fetch`).  Findings,
coverage, counts and rows of the evidence table are those of the local pass.

Its limits: every machine finds dump, corpus and texts under the same path; one file of a dump is read by one machine,
so a large dump comes in many files; the driver holds the findings, the names of open passages and, on its disk, what
the rules over the whole are asked about and the rows of the evidence table.
"""

from .run import ClusterSpool, clustered, run_on_cluster
from .session import LOCAL

__all__ = ["LOCAL", "ClusterSpool", "clustered", "run_on_cluster"]
