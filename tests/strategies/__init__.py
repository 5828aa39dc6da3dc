"""Random small instances and timetables, drawn in domain terms, for tests that compare independent readings."""

from strategies.draws import instances, plans
from strategies.whole import draw_instance

__all__ = ["draw_instance", "instances", "plans"]
