"""Who is told how far a run is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple


class Step(NamedTuple):
    """How far a run is: attacker ``attacker`` of ``attackers`` has done ``done`` of ``total`` units of a step ``name``, of which there may be
    several."""

    name: str
    attacker: int
    attackers: int
    done: int
    total: int


@contextmanager
def told(progress: Any) -> Iterator[Callable[..., None] | None]:
    """What the extension calls during a run, after which a display of our own ends."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            try:
                yield _line
            finally:
                print(file=sys.stderr)
            return
        with tqdm(total=0, unit="", leave=False) as bar:
            yield _drive(bar)
    elif all(hasattr(progress, name) for name in ("update", "total", "set_description")):
        yield _drive(progress)
    elif callable(progress):
        yield lambda *step: progress(Step(*step))
    else:
        raise TypeError("progress is True, a function of a Step, or a bar like tqdm's")


def _line(name: str, attacker: int, attackers: int, done: int, total: int) -> None:
    print(f"\r[{attacker}/{attackers}] {name} {done}/{total}".ljust(60), end="", file=sys.stderr, flush=True)


def _drive(bar: Any) -> Callable[..., None]:
    state: dict[str, Any] = {"step": None, "done": 0}

    def tell(name: str, attacker: int, attackers: int, done: int, total: int) -> None:
        step = (name, attacker, total)
        if step != state["step"] or done < state["done"]:
            state.update(step=step, done=0)
            if hasattr(bar, "reset"):
                bar.reset(total=total)
            else:
                bar.total = total
            bar.set_description(f"[{attacker}/{attackers}] {name}")
        bar.update(done - state["done"])
        state["done"] = done

    return tell
