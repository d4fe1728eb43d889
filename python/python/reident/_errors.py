"""What can go wrong."""

from __future__ import annotations


class ReidentError(Exception):
    """Anything that reident refuses or cannot do.

    The message says what is wrong and what to do, and holds no value of a cell. What it is about can be asked for: ``file`` (the path,
    or ``original``, ``anonymized`` or ``control`` of a table in memory), ``column``, ``row`` (from 1, without the header), ``line``
    (of a text file, from 1) and ``setting``; each is ``None`` where it does not apply.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        column: str | None = None,
        row: int | None = None,
        line: int | None = None,
        setting: str | None = None,
    ) -> None:
        super().__init__(message)
        self.file = file
        self.column = column
        self.row = row
        self.line = line
        self.setting = setting


class InputError(ReidentError, ValueError):
    """A table, or a document such as evidence or a policy, cannot be read."""


class SettingsError(ReidentError, ValueError):
    """A setting is wrong, or does not fit the tables."""


class OverlappingControlError(InputError):
    """The control helped to make the release, as far as can be seen."""


class Cancelled(ReidentError):
    """The run was stopped by its :class:`CancelToken`."""


class InternalError(ReidentError, RuntimeError):
    """A bug in reident. The message tells its place and nothing else."""


class ReidentWarning(UserWarning):
    """What somebody who reads the figures should know."""
