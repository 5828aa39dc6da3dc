"""Performance profiles as plain SVG: what part of the problems an engine proves within so many times the best time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import TypeAlias

from sequencer.bench.runs import REFUSED, Row

#: By engine: for each problem, its seconds as a multiple of the fastest engine's; infinite where it did not get there.
Ratios: TypeAlias = Mapping[str, Sequence[float]]

#: From a number to pixels.
Scale: TypeAlias = Callable[[float], float]

LEAST = 0.1  # seconds: below, times count as equal
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 420, 60, 40, 150, 50  # pixels
FONT = 'font-family="sans-serif" font-size="12"'
COLOURS = ("#1b5e9b", "#c05a00", "#2c7a3f", "#8a2f7c", "#7a6a00", "#a32020", "#3d3d3d", "#00808a")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 2", "1 2", "12 4", "6 2 1 2")


def ratios(rows: Iterable[Row], column: str = "proof_s") -> dict[str, list[float]]:
    """Return the ratios of every engine over the problems that all engines were asked: instance, objective, seed.

    A problem that no engine got through counts, with an infinite ratio for all.
    """
    times: dict[tuple[str, ...], dict[str, float]] = {}
    for row in rows:
        if row["status"] != REFUSED:
            problem = (row["digest"], row["objective"], row["seed"], row["seconds"])
            reached = row[column] and float(row[column]) <= float(row["seconds"])
            time = max(LEAST, float(row[column])) if reached else math.inf
            times.setdefault(problem, {})[row["engine"]] = time
    engines = sorted({engine for mine in times.values() for engine in mine})
    found: dict[str, list[float]] = {engine: [] for engine in engines}
    for mine in times.values():
        if len(mine) < len(engines):
            continue
        best = min(mine.values())
        for engine in engines:
            found[engine].append(math.inf if math.isinf(mine[engine]) else mine[engine] / best)
    return found


def svg(found: Ratios, title: str) -> str:
    """Return a profile as SVG text; the axis of ratios is logarithmic."""
    finite = [ratio for mine in found.values() for ratio in mine if not math.isinf(ratio)]
    powers = max(1, math.ceil(math.log2(max(finite, default=2.0)) + 1e-9))
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(ratio: float) -> float:
        return LEFT + across * math.log2(ratio) / powers

    def y(part: float) -> float:
        return TOP + down * (1 - part)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="{TOP - 16}" font-size="14">{escape(title)}</text>',
    ]
    for tenth in range(0, 11, 2):
        height = y(tenth / 10)
        lines.append(f'<path d="M{LEFT} {height:.1f}H{LEFT + across}" stroke="#ddd"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{10 * tenth} %</text>')
    for power in range(0, powers + 1, max(1, powers // 6)):
        left = x(2.0**power)
        lines.append(f'<path d="M{left:.1f} {TOP}V{TOP + down}" stroke="#eee"/>')
        lines.append(f'<text x="{left:.1f}" y="{TOP + down + 18}" text-anchor="middle">{2**power}</text>')
    middle = LEFT + across / 2
    said = "seconds, as a multiple of the fastest engine's on the same problem"
    lines.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{said}</text>')
    for i, (engine, mine) in enumerate(found.items()):
        lines += _curve(i, engine, mine, x, y)
    return "\n".join([*lines, "</svg>", ""])


def _curve(i: int, engine: str, mine: Sequence[float], x: Scale, y: Scale) -> list[str]:
    """Return the curve of an engine, and its name in the legend."""
    end = WIDTH - RIGHT
    steps = sorted(ratio for ratio in mine if not math.isinf(ratio))
    path = f"M{LEFT} {y(0):.1f}"
    for count, ratio in enumerate(steps, 1):
        path += f"H{x(ratio):.1f}V{y(count / len(mine)):.1f}"
    colour, dash = COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)]
    look = f'stroke="{colour}" stroke-width="2"' + (f' stroke-dasharray="{dash}"' if dash else "")
    height = TOP + 12 + 20 * i
    part = f"{100 * len(steps) // max(1, len(mine))} %"
    return [
        f'<path d="{path}H{end}" fill="none" {look}/>',
        f'<path d="M{end + 12} {height}h24" {look}/>',
        f'<text x="{end + 42}" y="{height + 4}">{escape(engine)} ({part})</text>',
    ]
