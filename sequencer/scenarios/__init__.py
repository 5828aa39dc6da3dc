"""Scenarios: a plan tried against what may come otherwise, and plans that stand more of it.

>>> from sequencer import read, scenarios
>>> instance = read("instances/tiny/worked-example")
>>> drawn = scenarios.draw(instance, scenarios.Uncertainty(spread=5), 100, seed=1)  # doctest: +SKIP
"""

from sequencer.scenarios.compare import compare_plans
from sequencer.scenarios.draw import draw
from sequencer.scenarios.held import Held, Stress, stress
from sequencer.scenarios.optimum import Optimum, reoptimise
from sequencer.scenarios.scenario import Kind, Scenario, Shock
from sequencer.scenarios.secured import secured
from sequencer.scenarios.staged import Staged, staged
from sequencer.scenarios.uncertainty import Failing, Uncertainty

__all__ = [
    "Failing",
    "Held",
    "Kind",
    "Optimum",
    "Scenario",
    "Shock",
    "Staged",
    "Stress",
    "Uncertainty",
    "compare_plans",
    "draw",
    "reoptimise",
    "secured",
    "staged",
    "stress",
]
