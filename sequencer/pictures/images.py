"""Charts as files of their own: SVG that needs no style sheet, and PNG and PDF made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Literal
from xml.etree import ElementTree as ET

from sequencer.errors import UsageError
from sequencer.pictures.page import SECTIONS, pictured, styles
from sequencer.pictures.told import Told

NAMESPACE = "http://www.w3.org/2000/svg"
DENSITY, SIDE = 192.0, 96.0  # pixels of an inch of a PNG, and units of a drawing in an inch
LARGEST = 40_000_000  # pixels of a PNG; larger charts are drawn less finely

CHART = re.compile(r"<svg\b(?![^>]*aria-hidden).*?</svg>", re.DOTALL)  # keys are hidden from readers of screens
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})  # tags that no other closes
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML, even escaped
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
VARIABLE = re.compile(r"var\((--[\w-]+)\)")
#: What a style sheet may say of a drawing; all else in it is about the page around.
DRAWN = re.compile(
    r"fill(-opacity)?|stroke(-width|-dasharray|-opacity|-linecap)?|opacity|font-(size|weight)|text-anchor"
)
#: Fonts that systems have, by name: what is merely called sans-serif is found by browsers alone.
BASE = "text{font-family:Arial,'Liberation Sans',Helvetica,'DejaVu Sans',sans-serif;fill:#16202a}"

#: What stands in a template of typst: the drawing alone, on a page of its size; no date, so the same bytes every time.
SOURCE = b"""#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""


def charts(told: Told) -> dict[str, str]:
    """Return every chart of a page as an SVG file of its own, in light colours.

    Parameters
    ----------
    told : Told

    Returns
    -------
    dict of str to str
        SVG by name: that of the section, with a number where it has several charts (``supplies-2``). What the
        audience may not see is not in it. It refers to nothing outside itself, and has no script.
    """
    style, found = light(styles()), dict[str, str]()
    for name in SECTIONS:
        html, outer = pictured(name, told), _Outer()
        outer.feed(html)
        drawn = CHART.findall(html)
        for number, (svg, around) in enumerate(zip(drawn, outer.found, strict=True), 1):
            found[name if len(drawn) == 1 else f"{name}-{number}"] = _alone(svg, around, style)
    return found


class _Outer(HTMLParser):
    """Finds the classes of all elements in which each chart stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found, self._open = list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element; note a chart."""
        said = dict(attrs)
        if tag == "svg" and "aria-hidden" not in said:
            self.found.append(" ".join(filter(None, self._open)))
        if tag not in VOID:
            self._open.append(said.get("class") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass an element that holds nothing, as SVG writes it."""

    def handle_endtag(self, tag: str) -> None:
        """Leave an element; our templates close whatever they open."""
        if tag not in VOID:
            self._open.pop()


def light(style: str) -> str:
    """Return what a style sheet says of drawings, with the light colours in place of names of colours."""
    style = _without_media(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))
    rules = [(selector.strip(), _said(body)) for selector, body in RULE.findall(style)]
    named = {name: value for selector, said in rules if selector == ":root" for name, value in said.items()}

    def value(text: str) -> str:
        while (name := VARIABLE.search(text)) is not None:
            text = text.replace(name[0], named[name[1]])
        return text

    kept = [BASE]
    for selector, said in rules:
        drawn = ";".join(f"{name}:{value(text)}" for name, text in said.items() if DRAWN.fullmatch(name))
        if drawn and ":" not in selector:  # of what is pointed at, an image knows nothing
            kept.append(f"{selector}{{{drawn}}}")
    return "".join(kept)


def _said(body: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
    return {name.strip(): text.strip() for name, text in pairs}


def _without_media(style: str) -> str:
    """Return a style sheet without what holds for some media only: dark screens, narrow ones, paper."""
    kept, depth, inside = list[str](), 0, False
    for part in re.split(r"(@media[^{]*\{|[{}])", style):
        if part.startswith("@media"):
            inside, depth = True, 1
        elif inside:
            depth += {"{": 1, "}": -1}.get(part, 0)
            inside = depth > 0
        else:
            kept.append(part)
    return "".join(kept)


def _alone(svg: str, around: str, style: str) -> str:
    """Return an SVG element of a page as a file: with its style, what it stands in as a group, and white paper."""
    svg = FORBIDDEN.sub("", svg).replace(f' xmlns="{NAMESPACE}"', "", 1)  # said once, below
    root = ET.fromstring(svg)  # noqa: S314 - made here, from a template that escapes all text
    for element in root.iter():
        for name in [name for name in element.attrib if name.startswith("data-") or name == "tabindex"]:
            del element.attrib[name]
    box = root.get("viewBox") or f"0 0 {root.get('width')} {root.get('height')}"
    x, y, width, height = box.split()
    inside = list(root)
    for element in inside:
        root.remove(element)
    root.attrib = {"xmlns": NAMESPACE, "width": width, "height": height, "viewBox": box}
    ET.SubElement(root, "style").text = style
    ET.SubElement(root, "rect", {"x": x, "y": y, "width": width, "height": height, "fill": "#ffffff"})
    ET.SubElement(root, "g", {"class": around}).extend(inside)
    return ET.tostring(root, encoding="unicode") + "\n"


def png(svg: str) -> bytes:
    """Return a chart as PNG; raises UsageError without ``sequencer[images]``."""
    width, height = _size(svg)
    density = min(DENSITY, SIDE * (LARGEST / (width * height)) ** 0.5)
    return _typeset(svg, "png", density)


def pdf(svg: str) -> bytes:
    """Return a chart as PDF, on a page of its size; raises UsageError without ``sequencer[images]``."""
    return _typeset(svg, "pdf", DENSITY)


def _size(svg: str) -> Iterator[float]:
    root = ET.fromstring(svg)  # noqa: S314 - made above
    return (float(root.attrib[name]) for name in ("width", "height"))


def _typeset(svg: str, kind: Literal["png", "pdf"], density: float) -> bytes:
    try:
        import typst  # noqa: PLC0415 - optional
    except ImportError:
        raise UsageError(f"{kind} needs typst: pip install 'sequencer[images]'; svg needs nothing more") from None
    return bytes(typst.compile(SOURCE, format=kind, ppi=density, sys_inputs={"svg": svg}))
