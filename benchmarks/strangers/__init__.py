"""Real defects of strangers, rebuilt by hand: how many the diagnosis names, and how many wrongly.

``python -m benchmarks.strangers`` judges each at the quick profile and rewrites its section of
``docs/power.md``.
"""

from benchmarks.strangers._games import GAMES as GAMES
from benchmarks.strangers._rows import ROWS as ROWS
from benchmarks.strangers._strangers import Stranger as Stranger
