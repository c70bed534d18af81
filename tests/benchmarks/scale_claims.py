"""The claims of a dump, sorted and ready to be judged in this process."""

from __future__ import annotations

from itertools import islice

from scale_data import Setting

from ogx_rdf.bundles.run import Options, spooled
from ogx_rdf.bundles.spool import Run as Lines
from ogx_rdf.bundles.spool import read_part
from ogx_rdf.bundles.workers import Worker
from ogx_rdf.corpus import open_corpus

__all__ = ["Claims"]


class Claims:
    """The claims of a dump, sorted as the pass sorts them."""

    def __init__(self, setting: Setting) -> None:
        options = Options(workers=0)
        spool = setting.stack.enter_context(spooled(open_corpus(setting.data), [str(setting.dump)], options))
        self._parts, self._folder = spool.parts, spool.folder
        self.worker = Worker(spool.setting)

    def groups(self, most: int) -> list[list[Lines]]:
        """The lines of some claims, claim by claim."""
        every = (runs for number in self._parts for runs in read_part(self._folder, number).values())
        return list(islice(every, most))

    def text(self, most: int) -> str:
        """Some claims with all that they reach, as N-Triples."""
        runs = [run for group in self.groups(most) for run in group]
        return self.worker.judge.batch(runs).text.decode()
