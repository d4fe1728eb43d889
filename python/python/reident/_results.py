"""What comes out: evaluations, inspections and verdicts."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import _core, _records
from ._errors import InputError

_NAN = float("nan")
_COLUMNS = (
    "attack", "attacker", "columns", "secret", "neighbors", "attempted", "successes", "rate", "rate_low", "rate_high",
    "control_rate", "baseline_rate", "risk", "risk_signed", "risk_low", "risk_high", "status",
)  # fmt: skip


class Evaluation:
    """Evidence of a run. Its fields are those of the evidence (``reident.schema()``), as read-only records: ``attacks``, ``headline``,
    ``inputs``, ``settings``, ``warnings`` and so on.

    >>> import reident
    >>> evaluation = reident.demo(rows=200, leak=0.5).evaluation
    >>> evaluation.headline["linkability"].status
    'measured'
    >>> evaluation.rows()[0]["attack"]
    'singling_out'
    """

    __slots__ = ("_text", "_data", "_record", "_outcomes")

    def __init__(self, text: str, outcomes: str | None = None) -> None:
        set_ = object.__setattr__
        set_(self, "_text", text)
        set_(self, "_data", json.loads(text))
        set_(self, "_record", _records.evidence(self._data))
        set_(self, "_outcomes", outcomes)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("an evaluation cannot be changed")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._record, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._data})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evaluation) and other.to_json() == self.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> Any:
        return Evaluation, (self._text, self._outcomes)

    @property
    def outcomes(self) -> list[dict[str, list[bool]] | None] | None:
        """Who was hit, per attacker, in row order: ``main`` of the original and ``control``; ``None`` where it was not asked for. It says
        which rows are at risk, so it belongs with the original."""
        if self._outcomes is None:
            return None
        bits = [None if one is None else {key: [bit == "1" for bit in text] for key, text in one.items() if text is not None}
                for one in json.loads(self._outcomes)["attackers"]]  # fmt: skip
        return bits

    def attack(self, kind: str, secret: str | None = None) -> tuple[Any, ...]:
        """The attackers of a kind, and of a secret where one is named."""
        def is_meant(attack: Any) -> bool:
            return attack.attack == kind and (secret is None or getattr(attack.attacker, "secret", None) == secret)

        return tuple(attack for attack in self.attacks if is_meant(attack))

    def worst(self, kind: str) -> Any | None:
        """The attacker that the headline of a kind names; ``None`` when none counts."""
        at = self.headline[kind].attacker
        return None if at is None else self.attacks[at]

    def to_dict(self) -> dict[str, Any]:
        """The evidence as plain Python values."""
        return json.loads(self._text)

    def to_json(self, run: bool = False) -> str:
        """The evidence as ``reident evaluate --reproducible --out`` writes it; with ``run`` also when and where it ran."""
        if run or "run" not in self._data:
            return self._text
        data = self.to_dict()
        del data["run"]
        return _core.read_evidence(json.dumps(data, ensure_ascii=False))

    def save(self, path: str | os.PathLike[str], run: bool = True) -> None:
        """Writes the evidence into a file, for ``reident check``, ``report`` and ``sign``."""
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(self.to_json(run=run))

    def to_html(self, lang: str = "en", policy: str | None = None) -> str:
        """The report as one page, in English (``en``) or Chinese (``zh``); with the verdict of a policy where one is named."""
        return _core.report(self._text, "html", lang, policy, [], False)

    def to_markdown(self, lang: str = "en", policy: str | None = None) -> str:
        """The report as Markdown."""
        return _core.report(self._text, "markdown", lang, policy, [], False)

    def rows(self) -> list[dict[str, Any]]:
        """One row per attacker, as :meth:`to_frame` has them. Numbers that do not exist are NaN, never 0."""
        return [self._row(attack) for attack in self._data["attacks"]]

    def _row(self, attack: Mapping[str, Any]) -> dict[str, Any]:
        attacker = attack["attacker"]
        main, risk = attack.get("main"), attack.get("risk")

        def of(part: Mapping[str, Any] | None, key: str) -> Any:
            value = None if part is None else part.get(key)
            return _NAN if value is None else value

        low, high = (main or {}).get("interval", (_NAN, _NAN))
        risk_low, risk_high = (risk or {}).get("interval", (_NAN, _NAN))
        row = (
            attack["attack"], attacker.get("mode"), self._names(attacker.get("columns", [])), attacker.get("secret"),
            attacker.get("neighbors"), of(main, "attempted"), of(main, "successes"), of(main, "rate"), low, high,
            of(attack.get("control"), "rate"), of(attack.get("baseline"), "rate"), of(risk, "value"), of(risk, "signed"),
            risk_low, risk_high, attack["status"],
        )  # fmt: skip
        return dict(zip(_COLUMNS, row))

    def _names(self, columns: Sequence[Any]) -> tuple[str, ...]:
        known = self._data["inputs"]["columns"]

        def names() -> Iterator[str]:
            for run in columns:
                first, last = run if isinstance(run, list) else (run, run)
                for at in range(first, last + 1) if isinstance(first, int) else ():
                    yield known[at]["name"]
                if isinstance(run, str):
                    yield run

        return tuple(names())

    def to_frame(self) -> Any:
        """A pandas frame with one row per attacker."""
        import pandas as pd

        frame = pd.DataFrame(self.rows(), columns=list(_COLUMNS))
        return frame.astype({"neighbors": "Int64"})

    def show(self, lang: str = "en", policy: str | None = None) -> Any:
        """The whole report, in a frame of its own, for notebooks."""
        page = self.to_html(lang=lang, policy=policy)
        # Within another element: IPython takes a text that begins with a frame for a mistake, and says so in red.
        style = "width:100%;height:80vh;border:1px solid #ccc"
        framed = f'<div><iframe srcdoc="{html.escape(page, quote=True)}" style="{style}"></iframe></div>'
        try:
            from IPython.display import HTML
        except ImportError:
            return framed
        return HTML(framed)

    def _repr_html_(self) -> str:
        from ._notebook import evaluation

        return evaluation(self)

    def __repr__(self) -> str:
        said = []
        for kind, worst in self._data["headline"].items():
            if worst.get("risk") is None:
                said.append(f"{kind} {worst['status']}")
            else:
                low, high = worst["interval"]
                said.append(f"{kind} {worst['risk']:.3f} ({low:.3f} to {high:.3f}, {worst['status']})")
        return f"<reident.Evaluation: {'; '.join(said)}>"

    def __str__(self) -> str:
        return _core.terminal(self._text, 120)


class _Shown:
    """A document that has a text for persons."""

    __slots__ = ("_data", "_shown")

    def __init__(self, text: str, shown: str) -> None:
        self._data = json.loads(text)
        self._shown = shown

    def to_dict(self) -> dict[str, Any]:
        """The same as plain Python values."""
        return json.loads(json.dumps(self._data))

    def __str__(self) -> str:
        return self._shown

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._shown)}</pre>"


class Calibration(_Shown):
    """What the attacks would have noticed: fields of ``calibration`` in evidence, as read-only records. ``attacks`` has for each attack its
    ``false_alarms`` in worlds without a leak, and its ``power`` in worlds with one."""

    __slots__ = ("_record",)

    def __init__(self, text: str, shown: str) -> None:
        super().__init__(text, shown)
        self._record = _records.of({"$ref": "#/$defs/Calibration"}, self._data)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._record, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._data})

    def rows(self) -> list[dict[str, Any]]:
        """A row for each attack, kind of leak and share of persons; ``leak`` is ``None`` in worlds without one."""
        made = []
        for attack, notices in self._data["attacks"].items():
            none = {"leak": None, "share": 0.0, "planted": 0, "found": notices["false_alarms"]}
            for power in (none, *notices["power"]):
                found = power["found"]
                low, high = found["interval"]
                made.append({
                    "attack": attack, "leak": power["leak"], "share": power["share"], "planted": power["planted"], "worlds": found["worlds"],
                    "found": found["found"], "rate": found["rate"], "rate_low": low, "rate_high": high,
                })  # fmt: skip
        return made

    def to_frame(self) -> Any:
        """The same as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def __repr__(self) -> str:
        return f"<reident.Calibration of {', '.join(self._data['attacks'])}: {self.runs} worlds of {self.persons} persons>"


class CheckResult(_Shown):
    """The verdict of a policy. ``passed`` is true for a pass and nothing else; ``exit_code`` is the command line's, and ``to_dict()`` is what
    ``reident check --format json`` writes."""

    __slots__ = ()

    @property
    def verdict(self) -> str:
        """``pass``, ``fail`` or ``inconclusive``."""
        return self._data["verdict"]

    @property
    def passed(self) -> bool:
        """Whether the verdict is a pass. What could not be decided is none."""
        return self.verdict == "pass"

    @property
    def exit_code(self) -> int:
        """What ``reident check`` exits with."""
        return self._data["exit_code"]

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"<reident.CheckResult: {self.verdict}>"


class Inspection(_Shown):
    """Columns of tables, as the attacks will read them: ``columns``, ``tables`` and ``warnings`` as lists of dicts."""

    __slots__ = ("tables", "columns", "warnings")

    def __init__(self, text: str, shown: str) -> None:
        super().__init__(text, shown)
        self.tables: list[dict[str, Any]] = self._data["tables"]
        self.columns: list[dict[str, Any]] = self._data["columns"]
        self.warnings: list[dict[str, Any]] = self._data["warnings"]

    def kinds(self) -> dict[str, str | None]:
        """The kind of each column; ``None`` of keys, which are not read as values."""
        return {column["name"]: column["kind"] for column in self.columns}

    def __repr__(self) -> str:
        return f"<reident.Inspection of {len(self.tables)} tables, {len(self.columns)} columns>"


def read_evidence(given: str | os.PathLike[str] | bytes) -> Evaluation:
    """Evidence from a file, or from the bytes of one. What cannot have come from a run is refused."""
    if isinstance(given, bytes):
        text = given.decode("utf-8", errors="strict")
    else:
        try:
            with open(given, encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            path = os.fspath(given)
            raise InputError(f"{path}: cannot be read: {type(error).__name__}", file=path) from None
    return Evaluation(_core.read_evidence(text))
