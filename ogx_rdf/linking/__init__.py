"""External links: the mapping sets of a corpus, and what endpoints of other vocabularies say on what they name.

Reading a mapping set is here; asking an endpoint is in the modules beside it and loads only when something is asked.
"""

from __future__ import annotations

from .sssom import Mapping, load_mappings, mapping_iri, mapping_name, read_mappings

__all__ = ["Mapping", "load_mappings", "mapping_iri", "mapping_name", "read_mappings"]
