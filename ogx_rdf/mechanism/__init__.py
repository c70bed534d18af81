"""The mechanism: claims as steps, chains of steps between two things, and what may be inferred from them.

**A step** is a positive claim over an influence (a relation typed ``ogx:Influence``), from its subject to its object,
that some evidence supports.  Claims that say "not" or "not shown" carry no chain; they stand beside the step of the
same subject, object and relation (a synonym counts as the same) as *contrary*, and so does a claim over an opposing
relation.

**Between two steps** stands the very same node, or one crossing between an aspect and its molecule (a drug, gene,
transcript or protein), in the open: "clusterin level" to clusterin, or back.  A crossing has a sign: the same direction
for level, synthesis, activity and gene expression, the reverse for degradation and inhibition, unsigned for any other
aspect.  Nothing else is crossed: no form, no gene, mRNA or protein, no member of a set, no component, nothing
"involved".  That an mRNA is translated into a protein is a step only where a claim states it.  What would have to be
crossed is named by the gap report (:mod:`.gaps`), and not crossed.

**The net sign** of a chain is the product of its signs where every step and crossing is signed and no step is disputed;
else it is unsigned, with the reasons.  A step is disputed where evidence of its claim disputes it, where the same is
stated with another polarity in the same setting, where an opposing relation between the same two things is claimed
(``ogx:opposes``, or influences of opposite sign), or where a curated tension that contests (contested, isoformConflict,
directionConflict) names it.  The length of a chain is the number of its claims; crossings are counted apart.

**The weakest link** is the step with the worst of :data:`.steps.WEAKNESSES`, worst first: inferred, disputed, uncited,
hedged, cited only to what names no work, to that and encyclopedias, to encyclopedias.  Chains are ordered by how many
steps have the worst one, then the next, and so on.  What a work that can carry a result is reported to support is not
weak for what a document cites beside it.

**Inferred** statements (:mod:`.infer`) are drawn on request, from two steps, and kept in a dataset of their own.
"""

__all__: list[str] = []
