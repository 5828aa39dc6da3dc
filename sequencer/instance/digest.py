"""A fingerprint of what is planned, so that an answer can be matched to its input."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from typing import Any

from sequencer.instance.instance import Instance


def digest(instance: Instance) -> str:
    """Return a SHA-256 over every fact but its origin, in hexadecimal.

    The same facts give the same digest whatever the encoding, the order of the columns or the wildcards they came from.
    """
    hasher = hashlib.sha256()
    for field in dataclasses.fields(instance):
        if field.name == "changes":
            continue  # how the facts came to be is not what they are
        value = getattr(instance, field.name)
        for fact in value if isinstance(value, tuple) else (value,):
            line = ",".join([field.name, *_words(fact)])
            hasher.update(line.encode() + b"\n")
    return hasher.hexdigest()


def _words(fact: Any) -> Iterator[str]:  # noqa: ANN401 - any kind of fact
    for field in dataclasses.fields(fact):
        value = getattr(fact, field.name)
        if field.name in {"negotiable", "as_of"} and not value:
            continue  # a plan that says nothing of it is what it was before there was the key: digests are on record
        if field.name != "origin":
            yield repr(sorted(value)) if isinstance(value, frozenset) else repr(value)
