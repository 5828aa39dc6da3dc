"""Places, regions and the country: the packages of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sequencer.instance.instance import Instance


@dataclass(frozen=True, slots=True)
class Scope:
    """Blocks of packages that are looked at side by side, by the name of each."""

    blocks: Mapping[str, tuple[str, ...]]

    @classmethod
    def all_of(cls, instance: Instance) -> tuple[Scope, ...]:
        """Return places, regions and the country; a level that says nothing new is left out."""
        region = {place.name: place.region for place in instance.places}
        keys: list[Callable[[str], str]] = [lambda place: place, lambda place: region.get(place, ""), lambda _: ""]
        scopes: list[Scope] = []
        for key in keys:
            blocks: dict[str, list[str]] = {}
            for package in instance.packages:
                blocks.setdefault(key(package.place), []).append(package.name)
            scope = cls({name: tuple(names) for name, names in blocks.items()})
            if not scopes or len(scope.blocks) < len(scopes[-1].blocks):
                scopes.append(scope)
        return tuple(scopes)
