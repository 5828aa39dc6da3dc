"""The engines by name; each is imported only when it is asked for."""

from __future__ import annotations

from pathlib import Path

from sequencer.engine.run import Engine
from sequencer.errors import UsageError

ENGINES = ("auto", "cpsat", "milp", "milp-cbc")


def by_name(
    name: str, dump: Path | str | None = None, *, overwrite: bool = False, deterministic: bool = False
) -> Engine:
    """Return an engine.

    Parameters
    ----------
    name : str
        One of ``ENGINES``.
    dump : Path or str, optional
        File that the engine writes its model to.
    overwrite : bool
        Whether it may replace a file that is there.
    deterministic : bool
        Whether it must give the same bytes every time.

    Raises
    ------
    UsageError
        If there is no such engine here, it has no model to write, or cannot repeat itself.
    """
    if name not in ENGINES:
        raise UsageError(f"no engine {name!r}; there is: {', '.join(ENGINES)}")
    if name in {"auto", "cpsat"}:
        if dump is not None:
            raise UsageError("only the engine milp writes its model to a file: add --engine milp")
        if name == "auto":
            from sequencer.auto.engine import Auto  # noqa: PLC0415 - takes time to import

            return Auto()
        from sequencer.cpsat.engine import CpSat  # noqa: PLC0415

        return CpSat()
    if deterministic:
        raise UsageError("a MILP solver has no repeatable clock: leave out --deterministic, or ask for --engine cpsat")
    from sequencer.milp.engine import Milp  # noqa: PLC0415 - takes time to import

    file = None if dump is None else Path(dump)
    return Milp(solver="cbc" if name == "milp-cbc" else "highs", dump=file, overwrite=overwrite)
