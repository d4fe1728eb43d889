"""The command ``reident``."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from . import _core


def main(arguments: Iterable[str] | None = None) -> int:
    """Runs the command line; gives the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return _core.main(["reident", *given], [sys.executable, "-m", "reident"])


if __name__ == "__main__":
    sys.exit(main())
