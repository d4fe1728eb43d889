from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, final

__all__ = [
    "CancelToken",
    "Joined",
    "Table",
    "calibrate",
    "check",
    "demo",
    "estimate",
    "evaluate",
    "inspect",
    "main",
    "percent",
    "policies",
    "read_config",
    "read_evidence",
    "report",
    "schema",
    "table_of_lists",
    "terminal",
    "version",
]
version: str

@final
class CancelToken:
    def __new__(cls) -> CancelToken: ...
    def cancel(self) -> None: ...
    @property
    def cancelled(self) -> bool: ...

@final
class Table:
    @property
    def columns(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

@final
class Joined:
    def __new__(
        cls,
        tables: tuple[Any, Any, Any],
        config: str,
        attributes: Sequence[str],
        targets: int | None,
        seed: int,
        threads: int | None,
    ) -> Joined: ...
    @property
    def columns(self) -> list[str]: ...
    def single_out(
        self,
        columns: Sequence[str],
        columns_per_predicate: int | None,
        predicates: int,
        seed: int,
        confidence: float,
        threads: int | None,
    ) -> tuple[Any, ...]: ...
    def link(
        self,
        halves: Sequence[Sequence[str]],
        neighbors: int,
        threads: int | None,
    ) -> tuple[Any, ...]: ...
    def infer(
        self,
        secret: str,
        known: Sequence[str],
        tolerance: float | None,
        seed: int,
        threads: int | None,
    ) -> tuple[Any, ...]: ...
    @property
    def targets(self) -> tuple[list[int], list[int] | None]: ...

def estimate(
    main: tuple[int, int], control: tuple[int, int] | None, confidence: float
) -> tuple[float, float, float] | None: ...
def table_of_lists(columns: Sequence[tuple[str, Sequence[Any]]], name: str) -> Table: ...
def percent(share: float) -> str: ...
def read_config(path: str | PathLike[str]) -> str: ...
def evaluate(
    tables: tuple[Any, Any, Any],
    config: str,
    calibrate: bool,
    outcomes: bool,
    threads: int | None,
    progress: Callable[..., None] | None,
    cancel: CancelToken | None,
) -> tuple[str, str | None]: ...
def calibrate(
    tables: tuple[Any, Any, Any],
    config: str,
    threads: int | None,
    progress: Callable[..., None] | None,
    cancel: CancelToken | None,
) -> tuple[str, str]: ...
def inspect(tables: Sequence[Any], config: str, show_values: bool) -> tuple[str, str]: ...
def check(evidence: str, policy: str, set: Sequence[str], baseline: str | None) -> tuple[str, str]: ...
def policies() -> list[tuple[str, str]]: ...
def demo(
    rows: int, leak: float, seed: int, progress: Callable[..., None] | None
) -> tuple[Table, Table, Table, str]: ...
def read_evidence(text: str) -> str: ...
def report(
    evidence: str, form: str, lang: str, policy: str | None, set: Sequence[str], include_sensitive: bool
) -> str: ...
def terminal(evidence: str, width: int) -> str: ...
def schema() -> str: ...
def main(arguments: Sequence[str], program: Sequence[str]) -> int: ...
