"""Reading the pages that the program writes: what they say, and whether they are put together as HTML must be."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

#: Elements that have no end.
VOID = frozenset({"meta", "br", "input", "link", "img", "hr"})
#: Parts of a drawing that may be closed by themselves, so that nothing is inside.
EMPTY = frozenset({"rect", "line", "path", "circle", "use"})


class Read(HTMLParser):
    """A page as read: its text, its ids, what refers to them, its tables, and every fault in how it is put together."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.tags: set[str] = set()
        self.widths: list[list[int]] = []  # cells of each row, table by table
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    @property
    def text(self) -> str:
        """What people can read, or hear read: no style and no script."""
        return " ".join(self.said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self._seen(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without an end."""
        self._seen(tag, attrs)
        if tag not in VOID | EMPTY:
            self.faults.append(f"<{tag}/> is no element without an end")

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep what can be read."""
        if not {"style", "script"} & set(self._open):
            self.said.append(data)
        if self._open[-1:] in (["h2"], ["h3"]):
            self.headings.append(data)

    def _seen(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "table":
            self.widths.append([])
        elif tag == "tr" and self.widths:
            self.widths[-1].append(0)
        elif tag in {"td", "th"} and self.widths and self.widths[-1]:
            self.widths[-1][-1] += 1
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in {"aria-labelledby", "aria-describedby", "for", "data-full"}:
                self.referred.update((value or "").split())
            elif name in {"aria-label", "title"}:
                self.said.append(value or "")
            if name == "href" and (value or "").startswith("#"):  # a place on the page itself, which must be there
                self.referred.add((value or "")[1:])
            elif name.startswith("on") or name in {"src", "href"}:
                self.faults.append(f"<{tag}> has {name}")


def faults(page: str) -> list[str]:
    """Return every fault in how a page is put together: tags, ids, references, tables with rows of unequal length."""
    read = Read(page)
    found = list(read.faults)
    found += [
        f"id {name} stands {read.ids.count(name)} times" for name in sorted(set(read.ids)) if read.ids.count(name) > 1
    ]
    found += [f"nothing has the id {name}" for name in sorted(read.referred - set(read.ids))]
    found += [
        f"table {number} has rows of {set(rows)} cells" for number, rows in enumerate(read.widths) if len(set(rows)) > 1
    ]
    return found
