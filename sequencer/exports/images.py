"""Charts of the report as files: SVG, PNG, PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sequencer.exports.shown import Shown
from sequencer.outcome import Limits
from sequencer.phrases import Phrasebook
from sequencer.pictures import images
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation


def svg(shown: Shown) -> Mapping[str, bytes]:
    """Return every chart of the report as SVG, by file name; in light colours, with nothing to fetch."""
    return _files(shown, "svg", str.encode)


def png(shown: Shown) -> Mapping[str, bytes]:
    """Return every chart as PNG of 192 pixels an inch; raises UsageError without ``sequencer[images]``."""
    return _files(shown, "png", images.png)


def pdf(shown: Shown) -> Mapping[str, bytes]:
    """Return every chart as PDF, each on a page of its size; raises UsageError without ``sequencer[images]``."""
    return _files(shown, "pdf", images.pdf)


def _files(shown: Shown, kind: str, made: Callable[[str], bytes]) -> Mapping[str, bytes]:
    explanation = Explanation(outcome=shown.outcome, limits=Limits())
    told = Told(explanation, shown.audience, Phrasebook.of(shown.language))
    return {f"{name}.{kind}": made(drawn) for name, drawn in images.charts(told).items()}
