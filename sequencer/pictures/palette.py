"""The colours of pictures, in one place: variables of a page's style, or literal colours for images."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Colours by use. Blue comes before the transfer and orange after it, in steps of lightness, so that stages are told
#: apart in any kind of colour blindness and in grey; sources of money take the colours of Okabe and Ito.
LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "ink": "#16202a",
    "muted": "#51606e",
    "faint": "#d5dbe1",
    "soft": "#f2f5f7",
    "edge": "#5f7180",
    "focus": "#0b57d0",
    "support": "#c6dff0",
    "proving": "#6aaed6",
    "joint": "#2171b5",
    "mentored": "#d95f0e",
    "advisory": "#fec44f",
    "international": "#2171b5",
    "on-international": "#ffffff",
    "shared": "#dfe5ea",
    "on-shared": "#16202a",
    "local": "#fec44f",
    "on-local": "#16202a",
    "need": "#9cc7e3",
    "full": "#d95f0e",
    "there": "#16202a",
    "source-0": "#0072b2",
    "source-1": "#e69f00",
    "source-2": "#56b4e9",
    "source-3": "#d55e00",
    "source-4": "#f0e442",
    "source-5": "#009e73",
    "source-6": "#cc79a7",
    "source-7": "#767676",
}

#: The same uses on dark paper: what comes closer to the transfer is lighter, not darker.
DARK: Mapping[str, str] = {
    **LIGHT,
    "paper": "#14191f",
    "ink": "#e8edf2",
    "muted": "#a9b6c2",
    "faint": "#38434d",
    "soft": "#1c232b",
    "edge": "#8798a6",
    "focus": "#a8c7fa",
    "support": "#2b4a61",
    "proving": "#3f7ba8",
    "joint": "#8cc4ee",
    "mentored": "#f0873c",
    "advisory": "#8f6420",
    "international": "#1f5f95",
    "on-international": "#ffffff",
    "shared": "#414d58",
    "on-shared": "#e8edf2",
    "local": "#e8a93a",
    "on-local": "#14191f",
    "need": "#3f7ba8",
    "full": "#f0873c",
    "there": "#e8edf2",
}

SOURCES = sum(name.startswith("source-") for name in LIGHT)  # of money that have a colour of their own


def variables() -> str:
    """Return the colours as CSS variables: dark ones where the reader prefers them, light ones on paper."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in colours.items()) for colours in (LIGHT, DARK))
    dark_screen = f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}}}"
    return f":root{{color-scheme:light;{light}}}\n{dark_screen}\n"


def literal(style: str, colours: Mapping[str, str] = LIGHT) -> str:
    """Return a style with colours in place of its variables, for programs without any; KeyError for unknown ones."""
    return re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], style)
