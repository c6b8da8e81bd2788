"""How often the referee accuses an implementation that is right, or keeps the accuracy that it declares.

Every answer goes through the acceptance code of ``drmg-check validate``. ``python -m benchmarks.fairness``
judges round after round, prints a line for each accusation, and rewrites its section of ``docs/power.md``.
"""

from benchmarks.fairness._approximate import APPROXIMATE as APPROXIMATE
from benchmarks.fairness._exact import EXACT as EXACT
from benchmarks.fairness._exact import LAWFUL as LAWFUL
from benchmarks.fairness._exact import SETS as SETS
from benchmarks.fairness._honest import Honest as Honest
from benchmarks.fairness._judge import Count as Count
from benchmarks.fairness._judge import accusations as accusations
from benchmarks.fairness._learners import LEARNERS as LEARNERS
from benchmarks.fairness._learners import run_on as run_on
from benchmarks.fairness._rows import adversarial_rows as adversarial_rows
from benchmarks.fairness._rows import hardest_rows as hardest_rows
from benchmarks.fairness._solvers import PLANS as PLANS
from benchmarks.fairness._solvers import STAGES as STAGES
from benchmarks.fairness._values import VALUES as VALUES
