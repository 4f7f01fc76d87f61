"""What is raised: an error a kind of exit code of the command line."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ._smschain import Refusal


class Mistake(NamedTuple):
    """A mistake in a text, with its place."""

    #: The file, or ``<text>``, ``<dict>``, ``command line``.
    file: str
    #: From 1.
    line: int
    #: In characters, from 1.
    column: int
    message: str
    #: What was expected in its place.
    expected: str
    #: Ways out.
    hints: list[str]


class Error(Exception):
    """A command that has no answer. Printed, it is what the command line prints."""

    #: Exit code of the command line.
    exit_code: int
    #: Each mistake with its place, if it is about mistakes in texts.
    mistakes: list[Mistake]

    def __init__(self, text: str, exit_code: int = 2, mistakes: Optional[list[Mistake]] = None) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.mistakes = mistakes or []

    def _first(self) -> Optional[Mistake]:
        return self.mistakes[0] if self.mistakes else None

    @property
    def file(self) -> Optional[str]:
        """The file of the first mistake, or ``command line``."""
        first = self._first()
        return first.file if first else None

    @property
    def line(self) -> Optional[int]:
        """The line of the first mistake, from 1."""
        first = self._first()
        return first.line if first else None

    @property
    def column(self) -> Optional[int]:
        """The column of the first mistake, in characters from 1."""
        first = self._first()
        return first.column if first else None

    @property
    def hint(self) -> Optional[str]:
        """The way out of the first mistake: a hint, or what was expected."""
        first = self._first()
        if first is None:
            return None
        return " ".join(first.hints) or first.expected or None

    def __reduce__(self) -> tuple[type[Error], tuple[str, int, list[Mistake]]]:
        return type(self), (str(self), self.exit_code, self.mistakes)


class NothingFound(Error, LookupError):
    """There is no such message, or a bundle's fault is gone (exit code 1)."""


class InputError(Error, ValueError):
    """Bad input: a scenario, a key, an option (exit code 2)."""


class FileError(Error, OSError):
    """A file can't be read or written (exit code 3)."""

    def __str__(self) -> str:
        return str(self.args[0])


class Fault(Error, RuntimeError):
    """A fault of the simulator (exit code 4)."""


class ScenarioWarning(UserWarning):
    """Something in a scenario is legal but suspicious."""


KINDS: dict[int, type[Error]] = {1: NothingFound, 2: InputError, 3: FileError, 4: Fault}


def error_of(refusal: Refusal) -> Error:
    """The exception of a refusal."""
    mistakes = [Mistake(*each) for each in refusal.mistakes]
    return KINDS.get(refusal.exit, Error)(refusal.text, refusal.exit, mistakes)
