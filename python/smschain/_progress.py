"""Progress of a command."""

from __future__ import annotations

import sys
from typing import Callable, NamedTuple, Optional, Union


class Progress(NamedTuple):
    """How far a command has got."""

    #: Simulated seconds, over all runs.
    simulated_s: float
    #: The simulated seconds that there will be, at most.
    total_s: float
    #: Messages accepted so far.
    messages: int
    #: Runs that ended.
    ended: int
    #: The runs that there will be, at most.
    runs: int

    @property
    def fraction(self) -> float:
        """The part done, from 0 to 1, of this part of the work."""
        return min(1.0, self.simulated_s / self.total_s) if self.total_s > 0 else 0.0


#: ``True`` for a bar on standard error, or whom to tell.
Told = Union[bool, None, Callable[[Progress], object]]


class Bar:
    """A bar on standard error."""

    WIDTH = 24

    def __init__(self) -> None:
        self._shown = 0

    def __call__(self, progress: Progress) -> None:
        full = int(progress.fraction * self.WIDTH)
        bar = "#" * full + "." * (self.WIDTH - full)
        text = f"{bar} {progress.fraction:4.0%}  {progress.ended} of {progress.runs} runs, {progress.messages} messages"
        sys.stderr.write("\r" + text.ljust(self._shown))
        sys.stderr.flush()
        self._shown = len(text)

    def clear(self) -> None:
        """Takes it away."""
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()


def teller(told: Callable[[Progress], object]) -> Callable[[float, float, int, int, int], object]:
    """The same, told by numbers."""
    return lambda *numbers: told(Progress(*numbers))


def bar_of(progress: Told) -> Optional[Bar]:
    """The bar, if one is asked for."""
    return Bar() if progress is True else None
