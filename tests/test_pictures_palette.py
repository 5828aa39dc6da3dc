"""Colours: text can be read, and what stands side by side is told apart, whatever kind of colour blindness one has."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sequencer.pictures import palette
from sequencer.pictures.scene import DRAWN

Vector = NDArray[np.float64]

PALETTES = {"light": palette.LIGHT, "dark": palette.DARK}

#: Linear red, green and blue as those see them who lack a kind of cones (Machado, Oliveira and Fernandes 2009).
SEEN = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
TEMPLATES = Path(palette.__file__).parent / "templates"
APART = 14.0  # least distance in CIELAB of colours side by side; about 2 is just noticed

#: Text, and what it stands on.
TEXTS = [
    ("ink", "paper"),
    ("ink", "soft"),
    ("ink", "faint"),
    ("muted", "paper"),
    ("muted", "soft"),
    ("focus", "paper"),
    ("on-international", "international"),
    ("on-shared", "shared"),
    ("on-local", "local"),
]


def linear(colour: str) -> Vector:
    """Return red, green and blue of a colour as light, 0 to 1."""
    value = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2.2, 1 to 21."""
    low, high = sorted(float(LUMINANCE @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(light: Vector) -> Vector:
    """Return light in CIELAB, under D65."""
    x, y, z = XYZ @ light / (XYZ @ np.ones(3))
    f = [np.cbrt(v) if v > (6 / 29) ** 3 else v / (3 * (6 / 29) ** 2) + 4 / 29 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, seen: Vector) -> float:
    """Return how far two colours are apart in CIELAB to those who see so."""
    return float(np.linalg.norm(np.subtract(*(lab(np.clip(seen @ linear(colour), 0, 1)) for colour in (one, other)))))


def test_the_measures_are_those_of_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert distance("#d40000", "#6d6d00", SEEN["deuteranopia"]) < distance("#d40000", "#6d6d00", SEEN["all"]) / 2


@pytest.mark.parametrize("name", PALETTES)
def test_text_can_be_read(name: str) -> None:
    colours = PALETTES[name]
    assert [pair for pair in TEXTS if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    edges = [("edge", "paper"), ("there", "paper"), ("full", "paper"), ("focus", "faint"), ("joint", "paper")]
    assert [pair for pair in edges if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("name", PALETTES)
def test_what_stands_side_by_side_is_told_apart(name: str, kind: str) -> None:
    sources = [f"source-{number}" for number in range(palette.SOURCES)]
    pairs = [
        *pairwise(map(str, DRAWN)),
        *combinations(("international", "shared", "local"), 2),
        ("need", "full"),
        *pairwise(sources),
        *((stage, "paper") for stage in map(str, DRAWN)),
    ]
    close = {pair: distance(PALETTES[name][pair[0]], PALETTES[name][pair[1]], SEEN[kind]) for pair in pairs}
    assert {pair: apart for pair, apart in close.items() if apart < APART} == {}


def test_every_colour_has_a_use_and_every_use_a_colour_in_both() -> None:
    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("charts.css", "page.css"))
    assert set(palette.LIGHT) == set(palette.DARK)
    assert all(f"var(--{name})" in style for name in palette.LIGHT)
    assert "var(" not in palette.literal(style, palette.DARK)
    assert "#" not in style.replace("url(#hatch)", "").replace("#gantt", "")


def test_a_colour_that_is_not_there_is_not_passed_over() -> None:
    assert palette.literal("a { fill: var(--ink); }") == "a { fill: #16202a; }"
    with pytest.raises(KeyError):
        palette.literal("a { fill: var(--unknown); }")
