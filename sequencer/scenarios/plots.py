"""Plots of scenarios; only here matplotlib is needed (``pip install 'sequencer[plots]'``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sequencer.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sequencer.scenarios.held import Stress


def s_curve(stress: Stress, ax: Axes | None = None) -> Axes:
    """Draw the share of scenarios that have ended by each month.

    Parameters
    ----------
    stress : Stress
    ax : Axes, optional
        Default: of a new figure.

    Raises
    ------
    UsageError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - wanted by few
    except ImportError:
        raise UsageError("plots need matplotlib: pip install 'sequencer[plots]'") from None
    if ax is None:
        ax = Figure().subplots()
    curve = stress.s_curve
    ax.step(curve["month"], 100 * curve["share"], where="post")
    every = max(1, len(curve) // 8)
    ax.set_xticks(curve["month"][::every], curve["date"][::every], rotation=45, ha="right")
    ax.set_ylim(0, 100)
    ax.set_ylabel("% of scenarios ended")
    ax.set_title(f"Exit, shifted right: {len(stress.held)} scenarios, {stress.outside} not within the plan")
    return ax
