"""Draws a set: ``python -m sequencer.bench.draw KIND FOLDER --seeds 1-20 [--places N] [--store]``.

It writes ``seeds.csv``, which ``sequencer bench`` draws the set from again; with ``--store`` the instances stay, too.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sequencer.bench.draw.kinds import KINDS
from sequencer.bench.sets import write_seeds


def main() -> None:
    """Draw a set into a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=list(KINDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", default="1", metavar="A-B", help="seeds, the first and the last (default 1)")
    parser.add_argument("--places", type=int, metavar="N", help="places of each (default 5, 30 or 400, by kind)")
    parser.add_argument("--store", action="store_true", help="keep the instances in the folder")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    places = KINDS[options.kind][0] if options.places is None else options.places
    seeds = range(int(first), int(last or first) + 1)
    write_seeds(options.folder, options.kind, places, seeds, store=options.store)


if __name__ == "__main__":
    main()
