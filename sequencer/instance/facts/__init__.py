"""What a planner can say, one frozen dataclass per kind of fact.

Facts are *resolved*: wildcards are expanded, so that each fact is about one package, place or resource.
Months are counted from the start of the plan, scores are thousandths of a point, money is in the plan's unit.
A field made by ``lever`` is a number that ``sequencer levers`` lists: its unit, the factor between the stored integer
and the unit shown, and the direction in which the rules that read it become easier to keep (0: no such direction).
"""

from sequencer.instance.facts.dates import Closure, Gate, Link, Width
from sequencer.instance.facts.fact import COUNTRY, HOST, LARGEST, RANGES, THOUSANDTHS, Fact, lever
from sequencer.instance.facts.money import Budget, Donor, Pledge
from sequencer.instance.facts.packages import Function, Option, Package, Place, Published
from sequencer.instance.facts.readiness import Criterion, Gain, Limit, Readiness, Threat
from sequencer.instance.facts.settings import Goal, Phase, Plan
from sequencer.instance.facts.supplies import Capacity, Guarantee, Need, Relapse, Reserve, Resource
from sequencer.vocabulary import MONTH, SCORE

__all__ = [
    "COUNTRY",
    "HOST",
    "LARGEST",
    "MONTH",
    "RANGES",
    "SCORE",
    "THOUSANDTHS",
    "Budget",
    "Capacity",
    "Closure",
    "Criterion",
    "Donor",
    "Fact",
    "Function",
    "Gain",
    "Gate",
    "Goal",
    "Guarantee",
    "Limit",
    "Link",
    "Need",
    "Option",
    "Package",
    "Phase",
    "Place",
    "Plan",
    "Pledge",
    "Published",
    "Readiness",
    "Relapse",
    "Reserve",
    "Resource",
    "Threat",
    "Width",
    "lever",
]
