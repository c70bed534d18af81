"""The reports of a corpus: one folder of self-contained pages for those who never type a command."""
