"""Writing one page: ask the wiki, let the pure decision decide, act, and write down what became of it.

One file for each thing that can happen to a page: made, written anew, kept private, moved, marked.
"""

from app.services.writing.ground import Ground
from app.services.writing.turns import is_due, write
from app.services.writing.writing import Writing

__all__ = ["Ground", "Writing", "is_due", "write"]
