"""Random small instances and timetables, drawn in domain terms, for tests that compare independent readings."""

from strategies.draws import draw_plan, instances, planned
from strategies.whole import draw_begun, draw_instance

__all__ = ["draw_begun", "draw_instance", "draw_plan", "instances", "planned"]
