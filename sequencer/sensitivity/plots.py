"""Pictures of sweeps, tornados and fronts, where matplotlib is installed. What is not proven is drawn hollow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sequencer.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sequencer.sensitivity.front import Front
    from sequencer.sensitivity.sweeps import Sweep
    from sequencer.sensitivity.tornado import Tornado

DARK, LIGHT = "#1b4965", "#e07a5f"  # told apart by colour-blind readers, and in print


def axes(ax: Axes | None) -> Axes:
    """Return axes to draw on, new ones where none are given; raises UsageError without matplotlib."""
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - optional
    except ImportError:
        raise UsageError("pictures need matplotlib: pip install 'sequencer[plots]'") from None
    return Figure(layout="constrained").subplots()


def lines(swept: Sweep, factor: str, term: str, ax: Axes | None = None) -> Axes:
    """Draw a term against a factor: the best value, hollow and with its bound where it is not proven."""
    ax = axes(ax)
    frame = swept.frame[1:]
    for proven, part in frame.groupby(frame["status"] == "OPTIMAL"):
        x, y = part[factor].astype(str), part[term].astype(float)
        ax.scatter(x, y, facecolors=DARK if proven else "none", edgecolors=DARK, label="proven" if proven else "found")
        if not proven:
            ax.scatter(x, part[f"{term}_bound"].astype(float), marker="_", color=LIGHT, label="bound")
    none = frame[frame[term].isna()]
    at = ("data", "axes fraction")
    for value, status in zip(none[factor].astype(str), none["status"], strict=True):
        ax.annotate(status.lower(), (value, 0), xycoords=at, rotation=90, ha="center", va="bottom")
        ax.scatter([value], [np.nan])  # keeps its place on the axis
    ax.set(xlabel=factor, ylabel=term)
    ax.legend()
    return ax


def heat(swept: Sweep, across: str, up: str, term: str, ax: Axes | None = None) -> Axes:
    """Draw a term by two factors; what is not proven has a tilde, what has no plan its status."""
    ax = axes(ax)
    frame = swept.frame[1:]
    columns, rows = (list(dict.fromkeys(frame[name])) for name in (across, up))
    shades = np.full((len(rows), len(columns)), np.nan)
    for _, run in frame.iterrows():
        y, x = rows.index(run[up]), columns.index(run[across])
        known = pd.notna(run[term])
        shades[y, x] = float(run[term]) if known else np.nan
        text = ("" if run["status"] == "OPTIMAL" else "~") + f"{run[term]}" if known else str(run["status"]).lower()
        ax.text(x, y, text, ha="center", va="center", fontsize="small")
    ax.imshow(shades, cmap="cividis", alpha=0.6, origin="lower", aspect="auto")
    ax.set_xticks(range(len(columns)), [str(value) for value in columns])
    ax.set_yticks(range(len(rows)), [str(value) for value in rows])
    ax.set(xlabel=across, ylabel=up, title=term)
    return ax


def tornado(found: Tornado, ax: Axes | None = None) -> Axes:
    """Draw a bar from the base to either side for each number; without a proven value there is no bar, but words."""
    ax = axes(ax)
    frame = found.frame[::-1].reset_index(drop=True)
    base = frame["base"].iloc[0]
    if pd.isna(base):
        raise UsageError("there is no plan to compare with: the instance as it is has none")
    for side, colour, height in (("low", LIGHT, -0.4), ("high", DARK, 0.4)):
        told = zip(frame[f"{side}_status"], frame[f"{side}_value"], frame[side], strict=True)
        for y, (status, value, given) in enumerate(told):
            if status == "OPTIMAL":
                ax.barh(y, int(value) - int(base), left=int(base), height=height, align="edge", color=colour)
            else:
                ax.text(int(base), y + height / 2, f" {given}: {str(status).lower()}", va="center", fontsize="small")
    ax.axvline(int(base), color="black", linewidth=0.8)
    ax.set_yticks(range(len(frame)), list(frame["factor"]))
    ax.set(xlabel=found.term)
    return ax


def front(found: Front, ax: Axes | None = None) -> Axes:
    """Draw the first two terms of a front, proven points filled."""
    ax = axes(ax)
    first, second = found.terms[:2]
    for proven, part in found.frame[~found.frame["dominated"]].groupby("proven"):
        face = DARK if proven else "none"
        label = "proven" if proven else "found"
        ax.scatter(part[first].astype(float), part[second].astype(float), facecolors=face, edgecolors=DARK, label=label)
    ax.set(xlabel=first, ylabel=second)
    ax.legend()
    return ax
