"""``python -m ogx_rdf`` is the command ``ogx-rdf``."""

from .cli import main

raise SystemExit(main())
