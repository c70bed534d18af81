"""What a curator does by command: start a corpus, draft a claim, format the files."""

__all__: list[str] = []
