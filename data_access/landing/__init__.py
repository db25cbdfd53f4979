"""Syncs: what dlt, Airbyte or Fivetran landed in a database comes in by the door of the imports, under the same rules.

`tables` says what a mapping reads there, `source` reads it, `marks` keeps how far a sync came, and `syncing` is the way
in. To find that nothing is new costs none of the imports' own libraries.
"""

from .syncing import Landing, has_news, load, prepare
from .tables import shipped

__all__ = ["Landing", "has_news", "load", "prepare", "shipped"]
