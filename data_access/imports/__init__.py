"""Imports: files of the contract, or of another system through a mapping, into the database, atomically.

`load` is the way in. The steps, one module each: readers (files to text), mapping and change_log (foreign
text to the contract's), lots (text per table), forms (text to types), rules and references (what may not
be), judge (all of it on one load), staging, load (into the tables) and sums (whether it still adds up there).
`undo`, of undoing, takes the last one back.
"""

from .foreign.draft import draft
from .load import Counts, Loaded, load
from .mapping import shipped
from .undoing import LastImport, last_import, undo

__all__ = ["Counts", "LastImport", "Loaded", "draft", "last_import", "load", "shipped", "undo"]
