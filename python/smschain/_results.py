"""What commands answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Optional, cast

from ._smschain import Answer, Table


class Section(Mapping[str, Any]):
    """A part of a result: a mapping whose keys are attributes, too.

    ``section["p95_s"]`` is ``section.p95_s``; a key may be a path: ``report["latency.delivery.p95_s"]``.
    """

    __slots__ = ("_data",)
    _data: dict[str, Any]

    def __init__(self, data: dict[str, Any]) -> None:
        object.__setattr__(self, "_data", data)

    def __getitem__(self, path: str) -> Any:
        return _wrapped(_at(self._data, path))

    def __getattr__(self, name: str) -> Any:
        try:
            return _wrapped(self._data[name])
        except KeyError:
            raise AttributeError(f"there is no `{name}`, but {', '.join(self._data)}") from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a result can't be changed; to_dict() gives a dict that can")

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(key for key in self._data if key.isidentifier())]

    def __repr__(self) -> str:
        return f"Section({self._data!r})"

    def __reduce__(self) -> tuple[type[Section], tuple[dict[str, Any]]]:
        return type(self), (self._data,)

    def to_dict(self) -> dict[str, Any]:
        """The same as a plain dict."""
        return cast("dict[str, Any]", json.loads(json.dumps(self._data)))


def _wrapped(value: Any) -> Any:
    if isinstance(value, dict):
        return Section(value)
    if isinstance(value, list):
        return [_wrapped(each) for each in value]
    return value


def _at(data: Any, path: str) -> Any:
    """The value at a dotted path; a key may have dots of its own (``within.1.5s``)."""
    if isinstance(data, dict):
        if path in data:
            return data[path]
        for key in data:
            if path.startswith(key + "."):
                try:
                    return _at(data[key], path[len(key) + 1 :])
                except KeyError:
                    continue
    raise KeyError(path)


class Chart(NamedTuple):
    """A chart; a notebook shows it."""

    #: The name of its file, without ending.
    name: str
    title: str
    #: What it shows, in words.
    description: str
    #: The whole SVG file.
    svg: str

    def __repr__(self) -> str:
        return f"<smschain.Chart {self.name}: {self.title}>"

    def _repr_svg_(self) -> str:
        return self.svg


class Result:
    """What a command answers. Its figures are attributes, and go by their paths: ``result["a.b"]``."""

    #: The attributes that are written out below, which the result file has as well.
    _data: dict[str, Any]
    _answer: Answer

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._data = json.loads(answer.json)

    def __getitem__(self, path: str) -> Any:
        return _wrapped(_at(self._data, path))

    def __getattr__(self, name: str) -> Any:
        data = self.__dict__.get("_data", {})
        if name in data:
            return _wrapped(data[name])
        raise AttributeError(f"there is no `{name}` in this {type(self).__name__}, but {', '.join(data)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(key for key in self._data if key.isidentifier())]

    @property
    def ok(self) -> bool:
        """False if the answer is no: an objective that isn't met, no seed found, a replay that differs."""
        return self._answer.exit == 0

    @property
    def exit_code(self) -> int:
        """Exit code of the command line."""
        return self._answer.exit

    @property
    def remarks(self) -> list[str]:
        """What the command line says beside its result: warnings, doubts, how long it took."""
        return self._answer.remarks

    @property
    def command(self) -> str:
        """The command that gives the same; its scenario is ``-`` where it was no file."""
        return self._answer.again

    @property
    def charts(self) -> list[Chart]:
        """The charts, each a whole SVG file, the most telling first."""
        return [Chart(*each) for each in self._answer.charts()]

    @property
    def tables(self) -> dict[str, Table]:
        """The tables beside the result, by name."""
        return dict(self._answer.tables())

    def to_json(self) -> str:
        """The result file: byte for byte what ``--format json`` prints."""
        return self._answer.json

    def to_dict(self) -> dict[str, Any]:
        """The result file as a dict."""
        return cast("dict[str, Any]", json.loads(self._answer.json))

    def page(self) -> Optional[str]:
        """The page that the command line writes, one HTML file to share; None of results without one."""
        return self._answer.page()

    def __str__(self) -> str:
        return self._answer.text

    def __repr__(self) -> str:
        first = next((line.strip() for line in self._answer.text.splitlines() if line.strip()), "")
        return f"<smschain.{type(self).__name__}: {first}>"

    def _repr_html_(self) -> str:
        return self._answer.fragment(str(self))

    def _file(self, ending: str) -> Optional[str]:
        """The text of a file that belongs to the result."""
        return next((text for name, text in self._answer.files if name.endswith(ending)), None)


class _Seeded(Result):
    """A result of a scenario with a seed."""

    scenario: Section
    seed: int


class Report(_Seeded):
    """What ``run`` found: ``report.json``."""

    digest: str
    replications: int
    seeds: list[int]
    requests: Section
    messages: Section
    segments: Section
    layers: Section
    divergence: Section
    within: Section
    of_requested: Section
    estimates: Section
    truth: Section
    observed: Section
    latency: Section
    attempts: Section
    throughput: Section
    traffic: Section
    queues: Section
    providers: Section
    carriers: Section
    duplicates: Section
    account: Section
    cost: Section
    incidents: Section

    @property
    def message_table(self) -> Optional[Table]:
        """A row an accepted message, in order of completion; None unless run with ``messages=True``."""
        return self._answer.messages

    @property
    def timeseries(self) -> Table:
        """A row a sample: what happened in it, and levels at its end."""
        return self.tables["timeseries"]

    @property
    def resolved(self) -> str:
        """The scenario with every default filled in, as TOML."""
        return self._file(".resolved.toml") or ""


class _Cells(_Seeded):
    """A result of design points."""

    cells: list[Section]

    @property
    def cells_table(self) -> Table:
        """A row a design point and metric: mean, half-width, n."""
        return self.tables["cells"]


class Sweep(_Cells):
    """What ``sweep`` found: ``sweep.json``."""

    axes: list[Section]


class Comparison(_Cells):
    """What ``compare`` found: ``compare.json``."""

    baseline: str
    pairs: list[Section]


class Capacity(_Cells):
    """What ``capacity`` found: ``capacity.json``."""

    answer: Any
    bracket: list[Any]
    binding: Any
    path: str


class Hunt(_Seeded):
    """What ``hunt`` found: ``hunt.json``."""

    found: list[Section]
    searched: int

    @property
    def bundle_text(self) -> Optional[str]:
        """The incident bundle, for :func:`smschain.replay`; None if nothing was found."""
        return self._file(".incident.toml")


class Replay(Result):
    """What ``replay`` found: ``replay.json``."""


class Story(_Seeded):
    """What ``trace`` tells of one message: ``trace.json``. Printed, it is the story."""


class Fit(Result):
    """What ``fit`` made of a log: ``fit.json``."""

    parameters: list[Section]
    assumptions: list[Section]
    held_out: list[Section]

    @property
    def scenario_text(self) -> str:
        """The scenario, as TOML that says what each key rests on."""
        return self._file(".toml") or ""


class Check(Result):
    """What ``check`` found: ``check.json``."""

    files: list[Section]

    @property
    def errors(self) -> list[Section]:
        """The errors: ``file``, ``line``, ``column`` and ``message`` each."""
        return cast("list[Section]", _wrapped(self._data["files"][0]["errors"]))

    @property
    def warnings(self) -> list[Section]:
        """The warnings: ``file``, ``line``, ``column`` and ``message`` each."""
        return cast("list[Section]", _wrapped(self._data["files"][0]["warnings"]))

    @property
    def resolved(self) -> Optional[str]:
        """The scenario with every default filled in, as TOML; None if it has errors."""
        return self._file(".resolved.toml")

    def __str__(self) -> str:
        return "\n\n".join([*self._answer.remarks, self._answer.text.rstrip()])


__all__ = [
    "Capacity",
    "Chart",
    "Check",
    "Comparison",
    "Fit",
    "Hunt",
    "Replay",
    "Report",
    "Result",
    "Section",
    "Story",
    "Sweep",
]
