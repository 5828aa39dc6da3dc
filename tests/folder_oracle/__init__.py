"""A second opinion on whole folders: what the statement says, read straight from the CSV files and tried out.

What it is. ``Oracle(Folder(path))`` reads ``plan.toml`` and the tables of an instance folder as plain text and
answers, for small folders, what models/problem.md answers: which timetables are admitted, which promises another one
breaks, what each term is worth, and the best value of each level of the objective. It has no solver: it tries timetable
after timetable. ``Draw(seed).write(path)`` writes a random folder to try it on.

Why it exists. The other comparisons of the tests begin with an instance that has been read already, so they cannot see
a mistake in the reading itself: which row speaks for a package, what a blank cell means, in which bucket a row counts.
Here nothing is shared with the program but the files and the statement. No module of this folder may import the
program; ``test_folders.py``, where the two are compared, makes sure of that.

How it reads. Tables are rows of text (``tables``), one row speaks for a package (``facts``), a cell of a package is
judged and priced by itself (``cells``), links, pools and the reserve judge several packages (``links``, ``pools``,
``reserve``), payments are built up year by year (``money``), and ``oracle`` tries timetables. It is meant to be read
beside the statement, line by line: slow, plain, without a thought of large folders. ``pencil``, ``draw``, ``ties``,
``supplies`` and ``funding`` make the folders; whoever draws need not know what a row does.

What it leaves out. It refuses only what the statement calls a fault, and what leaves it without an answer. The program
refuses more, to catch slips of the pen: ``test_folders.py`` lists the kinds of faults in which it may be stricter.
"""

from folder_oracle.draw import Draw
from folder_oracle.facts import Cell
from folder_oracle.oracle import Oracle
from folder_oracle.tables import Folder, Package, RefusedError

__all__ = ["Cell", "Draw", "Folder", "Oracle", "Package", "RefusedError"]
