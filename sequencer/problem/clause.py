"""What a window promises, in parts that any language can say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sequencer.vocabulary import Event


class Closing(StrEnum):
    """What closes cells of a package."""

    OPTION = "option"
    BEGINNING = "beginning"
    END = "end"
    PAST = "past"
    BEGUN = "begun"
    DONE = "done"
    FIXED = "fixed"
    STAGE = "stage"
    EARLIEST = "earliest"
    LATEST = "latest"
    MANDATE = "mandate"
    DEPARTURE = "departure"
    FUNCTIONS = "functions"
    TRANCHES = "tranches"
    CALENDAR = "calendar"
    READINESS = "readiness"
    THREAT = "threat"
    TREND = "trend"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Clause:
    """What a window promises.

    Attributes
    ----------
    kind : Closing
    subject : str
        The planner's name of what closes: the option settled, the stage, phase, calendar event or criterion, or the
        place whose threat counts; empty where nothing has a name.
    event : Event or None
        What must not fall into the months closed; None: the transfer or no event at all.
    months : tuple of int
        The months named: the one fixed, the bound, the end of the mandate, the beginning or the end of the plan, or up
        to when all has happened; the first and the last of a calendar event; those a phase admits.
    names : tuple of str
        The functions a phase admits.
    length : int
        Months of the hold, or of the stretch in which the threat must not rise.
    yearly : bool
        Whether the months come again every year.
    """

    kind: Closing
    subject: str = ""
    event: Event | None = None
    months: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    length: int = 0
    yearly: bool = False
