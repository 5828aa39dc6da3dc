"""Plans as files of other programs: a function for each format, from what is shown to bytes.

>>> from sequencer import read, solve
>>> from sequencer.exports import Audience, Shown, workbook
>>> outcome = solve(read("instances/tiny/worked-example"), haste=False)
>>> book = workbook(Shown(outcome, Audience.MISSION))
>>> book[:2]
b'PK'

Names are imported when first used. ``FORMATS`` is open: a format is a function of ``Shown`` and a row there.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sequencer.exports.registry import FORMATS as FORMATS

if TYPE_CHECKING:
    from sequencer.answers.discretion import Audience
    from sequencer.exports.command import again, write
    from sequencer.exports.gan import gantt_project
    from sequencer.exports.ical import calendar
    from sequencer.exports.images import pdf, png, svg
    from sequencer.exports.mspdi import project
    from sequencer.exports.shown import Shown
    from sequencer.exports.tidy import tables
    from sequencer.exports.xlsx import workbook

_HOMES = {
    "Audience": "sequencer.answers.discretion",
    "Shown": "sequencer.exports.shown",
    "again": "sequencer.exports.command",
    "calendar": "sequencer.exports.ical",
    "gantt_project": "sequencer.exports.gan",
    "pdf": "sequencer.exports.images",
    "png": "sequencer.exports.images",
    "project": "sequencer.exports.mspdi",
    "svg": "sequencer.exports.images",
    "tables": "sequencer.exports.tidy",
    "workbook": "sequencer.exports.xlsx",
    "write": "sequencer.exports.command",
}

__all__ = [
    "FORMATS",
    "Audience",
    "Shown",
    "again",
    "calendar",
    "gantt_project",
    "pdf",
    "png",
    "project",
    "svg",
    "tables",
    "workbook",
    "write",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute may be anything
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
