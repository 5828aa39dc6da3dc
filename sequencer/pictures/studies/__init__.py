"""What-if studies and trials in scenarios as files: recognised, read, and given to a page as plain data."""

from sequencer.pictures.studies.kinds import Bar, Curve, Dates, Front, Heat, Known, Point, State, Study, Sure, Tornado
from sequencer.pictures.studies.reading import read

__all__ = [
    "Bar",
    "Curve",
    "Dates",
    "Front",
    "Heat",
    "Known",
    "Point",
    "State",
    "Study",
    "Sure",
    "Tornado",
    "read",
]
