"""An evaluation as a notebook shows it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import _core

if TYPE_CHECKING:
    from ._results import Evaluation

#: Attackers that are shown at once; the others stand behind a fold.
_SHOWN = 20
#: Attackers that are shown at all: the page stays small.
_MOST = 120

_WORDS = {
    "measured": "measured",
    "weak": "not better than the baseline",
    "infeasible": "nothing to attempt",
    "undetermined": "undetermined",
    "contradicted": "contradicted by the control",
}
_TITLES = {
    "singling_out": "Singling out", "linkability": "Linkability", "inference": "Attribute inference",
    "record_linkage": "Record linkage", "membership": "Membership",
}  # fmt: skip
_LEFT = "text-align:left;padding:2px 10px"
_RIGHT = "text-align:right;padding:2px 10px"


def _number(value: Any) -> str:
    return "–" if value is None or value != value else _core.percent(value)


def _span(low: Any, high: Any) -> str:
    return "" if low is None or low != low else f"{_number(low)} … {_number(high)}"


def _table(head: list[str], body: list[list[str]], left: int) -> str:
    cells = lambda tag, row: "".join(  # noqa: E731
        f'<{tag} style="{_LEFT if at < left else _RIGHT}">{html.escape(cell)}</{tag}>' for at, cell in enumerate(row)
    )
    rows = "".join(f"<tr>{cells('td', row)}</tr>" for row in body)
    return f'<table style="border-collapse:collapse;margin:4px 0"><thead><tr>{cells("th", head)}</tr></thead><tbody>{rows}</tbody></table>'


def evaluation(found: Evaluation) -> str:
    """Headline first, then the attackers."""
    data = found._data
    headline = [
        [_TITLES.get(kind, kind), _number(worst.get("risk")), _span(*(worst.get("interval") or (None, None))),
         _WORDS.get(worst["status"], worst["status"]), str(worst["attackers_tried"])]
        for kind, worst in data["headline"].items()
    ]  # fmt: skip
    parts = [
        "<div><strong>reident</strong>",
        _table(["attack", "risk", "interval", "status", "attackers"], headline, 1),
    ]
    rows = [_attacker(row) for row in found.rows()]
    head = ["attack", "knows", "attempted", "successes", "rate", "control", "baseline", "risk", "interval", "status"]
    if rows:
        parts.append(f"<details><summary>{len(rows)} attackers</summary>")
        parts.append(_table(head, rows[:_SHOWN], 2))
        if len(rows) > _SHOWN:
            more = rows[_SHOWN:_MOST]
            parts.append(f"<details><summary>{len(more)} more</summary>{_table(head, more, 2)}</details>")
        if len(rows) > _MOST:
            parts.append(f"<p>{len(rows) - _MOST} more are in <code>to_frame()</code>.</p>")
        parts.append("</details>")
    warnings = data["warnings"]
    if warnings:
        items = "".join(f"<li>{html.escape(_cut(warning['message'], 300))}</li>" for warning in warnings[:20])
        parts.append(f"<details open><summary>{len(warnings)} remarks</summary><ul>{items}</ul></details>")
    parts.append("</div>")
    return "".join(parts)


def _attacker(row: Mapping[str, Any]) -> list[str]:
    knows = ", ".join(row["columns"])
    if row["secret"]:
        knows = f"{row['secret']} from {len(row['columns'])} columns"
    count = lambda value: "–" if value != value else f"{value:.0f}"  # noqa: E731
    return [
        _TITLES.get(row["attack"], row["attack"]), _cut(knows, 40), count(row["attempted"]), count(row["successes"]),
        _number(row["rate"]), _number(row["control_rate"]), _number(row["baseline_rate"]), _number(row["risk"]),
        _span(row["risk_low"], row["risk_high"]), _WORDS.get(row["status"], row["status"]),
    ]  # fmt: skip


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
