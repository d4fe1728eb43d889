"""Who is told how far a run is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple


class Step(NamedTuple):
    """How far a run is: attacker ``attacker`` of ``attackers`` has done ``done`` of ``total`` units."""

    name: str
    attacker: int
    attackers: int
    done: int
    total: int


def callback(progress: Any) -> tuple[Callable[..., None] | None, Callable[[], None]]:
    """What the extension calls, and what ends the display."""
    nothing = lambda: None  # noqa: E731
    if progress is None or progress is False:
        return None, nothing
    if progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return _line, lambda: print(file=sys.stderr)
        bar = tqdm(total=0, unit="", leave=False)
        return _drive(bar), bar.close
    if all(hasattr(progress, name) for name in ("update", "total", "set_description")):
        return _drive(progress), nothing
    if callable(progress):
        return (lambda *step: progress(Step(*step))), nothing
    raise TypeError("progress is True, a function of a Step, or a bar like tqdm's")


def _line(name: str, attacker: int, attackers: int, done: int, total: int) -> None:
    print(f"\r[{attacker}/{attackers}] {name} {done}/{total}".ljust(60), end="", file=sys.stderr, flush=True)


def _drive(bar: Any) -> Callable[..., None]:
    state = {"attacker": 0, "done": 0}

    def tell(name: str, attacker: int, attackers: int, done: int, total: int) -> None:
        if attacker != state["attacker"]:
            state.update(attacker=attacker, done=0)
            if hasattr(bar, "reset"):
                bar.reset(total=total)
            else:
                bar.total = total
            bar.set_description(f"[{attacker}/{attackers}] {name}")
        bar.update(max(done - state["done"], 0))
        state["done"] = done

    return tell
