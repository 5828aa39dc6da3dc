"""The formats a plan can be exported to, by name; nothing heavy is imported to know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from sequencer.exports.shown import Shown

#: A file, or the files of a folder by name.
Made: TypeAlias = "bytes | Mapping[str, bytes]"


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes
    ----------
    home, function : str
        The module, and the function in it that makes a file, or the files of a folder, of a ``Shown``.
    says : str
        What it is, for help.
    """

    home: str
    function: str
    says: str

    def make(self, shown: Shown) -> Made:
        """Return the bytes of the file, or of each file of a folder by name."""
        maker: Callable[[Any], Made] = getattr(import_module(self.home), self.function)
        return maker(shown)


#: By the word that ``sequencer export`` takes.
FORMATS: dict[str, Format] = {
    "xlsx": Format("sequencer.exports.xlsx", "workbook", "workbook for Excel or LibreOffice"),
    "project": Format("sequencer.exports.mspdi", "project", "Microsoft Project XML, also for ProjectLibre"),
    "ical": Format("sequencer.exports.ical", "calendar", "calendar of transfers and exits, for Outlook and others"),
    "ganttproject": Format("sequencer.exports.gan", "gantt_project", "GanttProject (.gan)"),
    "csv": Format("sequencer.exports.tidy", "tables", "folder of long tables with a Table Schema, for Power BI"),
    "svg": Format("sequencer.exports.images", "svg", "folder of the report's charts as drawings"),
    "png": Format("sequencer.exports.images", "png", "the same as pictures, for slides"),
    "pdf": Format("sequencer.exports.images", "pdf", "the same for papers"),
}
