"""The commands of the command line, as functions.

Each function's options are written out, although many have them in common: that is what `help`, completion
and type checkers read. What becomes of them is written once, in `_Line`.
"""

from __future__ import annotations

import builtins
import os
import warnings
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Callable, Optional, TypeVar, Union, cast

from ._errors import InputError, ScenarioWarning, error_of
from ._progress import Told, bar_of, teller
from ._results import Capacity, Check, Comparison, Fit, Hunt, Replay, Report, Result, Story, Sweep
from ._smschain import Answer, Refusal, ask, toml_text, toml_value

Path = Union[str, "os.PathLike[str]"]
#: A path, TOML text (a text of several lines), or a dict.
Scenario = Union[Path, Mapping[str, Any]]
#: Values by path, or texts ``PATH=VALUE``.
Changes = Union[Mapping[str, Any], Iterable[str]]
#: One text, or several.
Texts = Union[str, Iterable[str]]

R = TypeVar("R", bound=Result)

#: What answers a command: `ask` does it here, `smschain.ray` has the runs made elsewhere.
answerer: ContextVar[Callable[..., Union[Answer, Refusal]]] = ContextVar("answerer", default=ask)


class _Line:
    """A command line, put together of a function's parameters: each is the option of its name, but for a few."""

    #: What is no option: the scenario's, Python's own.
    BESIDE = ("scenario", "bundle", "logs", "base", "messages", "progress", "force")
    #: Options that are given once for each value.
    EACH = ("unset", "slo")
    #: Options that are given once for each ``PATH=VALUE``.
    PAIRS = ("set", "what_if", "like", "map", "vary", "resolution", "zone", "state", "dates", "shift")

    def __init__(self, command: str, given: Mapping[str, Any]) -> None:
        self.arguments: list[str] = [command]
        self.scenario: Optional[tuple[str, str, str]] = None
        self.messages: bool = given.get("messages", False)
        self.progress: Told = given.get("progress")
        for name in ("scenario", "bundle"):
            if name in given:
                self.arguments.append(self._named(given[name], given["base"]))
        self.arguments.extend(_path(log) for log in _texts(given.get("logs", ())))
        if "out" in given and given["out"] is None:
            if given["force"]:
                raise InputError("error: `force` replaces files in `out`: name that folder, too")
            self.arguments.append("--no-files")
        elif given.get("force"):
            self.arguments.append("--force")
        for name, value in given.items():
            if name not in self.BESIDE:
                self._option(name, value)

    def _named(self, scenario: Scenario, base: Optional[Path]) -> str:
        if isinstance(scenario, Mapping):
            name, text = "<dict>", toml_text(scenario)
        elif isinstance(scenario, str) and "\n" in scenario:
            name, text = "<text>", scenario
        elif base is not None:
            raise InputError("error: `base` goes with a text or a dict: a file's data files lie beside it")
        else:
            return _path(scenario)
        self.scenario = (name, text, os.fspath(base) if base is not None else "")
        return "-"

    def _option(self, name: str, value: Any) -> None:
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is True:
            self.arguments.append(flag)
        elif value is None or value is False:
            return
        elif name in self.EACH or name in self.PAIRS:
            if isinstance(value, Mapping):
                write = _listed if name == "vary" else _text
                value = [f"{path}={write(of)}" for path, of in value.items()]
            self.arguments.extend(f"{flag}={text}" for text in _texts(value))
        else:
            self.arguments.append(f"{flag}={_listed(value)}")

    def ask(self, kind: type[R]) -> R:
        answer = self._answer()
        if not answer.json:
            raise InputError("error: the command has no result")
        return kind(answer)

    def maybe(self, kind: type[R]) -> Optional[R]:
        answer = self._answer()
        return kind(answer) if answer.json else None

    def _answer(self) -> Answer:
        bar = bar_of(self.progress)
        told = bar or (self.progress if callable(self.progress) else None)
        arguments = [*self.arguments, "--format=json"]
        try:
            answer = answerer.get()(arguments, self.scenario, self.messages, teller(told) if told else None)
        finally:
            if bar:
                bar.clear()
        if isinstance(answer, Refusal):
            raise error_of(answer)
        for remark in answer.remarks:
            if remark.startswith("warning"):
                # Of who called the command.
                warnings.warn(remark, ScenarioWarning, stacklevel=4)
        return answer


def _texts(values: Any) -> Iterable[Any]:
    """One text or path, or several."""
    return [values] if isinstance(values, (str, os.PathLike)) else values


def _path(path: Path) -> str:
    """A path that is no option."""
    text = os.fspath(path)
    return os.path.join(".", text) if text.startswith("-") else text


def _text(value: object) -> str:
    """A value as the command line takes it."""
    if isinstance(value, os.PathLike):
        return cast(str, os.fspath(value))
    return value if isinstance(value, str) else toml_value(value)


def _listed(values: object) -> str:
    """The same of one or of several, with commas between."""
    if isinstance(values, Iterable) and not isinstance(values, (str, Mapping)):
        return ",".join(_text(value) for value in cast("Iterable[object]", values))
    return _text(values)


def run(
    scenario: Scenario,
    *,
    set: Optional[Changes] = None,
    unset: Texts = (),
    seed: Optional[int] = None,
    scale: Optional[float] = None,
    replications: Optional[int] = None,
    precision: Union[str, float, None] = None,
    max_replications: Optional[int] = None,
    slo: Texts = (),
    slo_lenient: bool = False,
    input: Optional[Path] = None,
    messages: bool = False,
    check_determinism: bool = False,
    engine: Optional[str] = None,
    threads: Optional[int] = None,
    max_memory: Optional[str] = None,
    out: Optional[Path] = None,
    force: bool = False,
    base: Optional[Path] = None,
    progress: Told = None,
) -> Report:
    """Simulate one scenario: one replication, or several.

    scenario: a path, TOML text (of several lines), or a dict.
    set, unset: keys of the scenario by their paths: ``set={"provider.alpha.window": 100}``.
    seed: in place of the scenario's. scale: multiplies the load.
    replications: how many; with ``precision`` (``"0.5%"``) at least so many, until the 95 % half-width
        of ``divergence.api_vs_on_time`` is below that, at most ``max_replications``.
    slo: objectives like ``"within.30s >= 97%"``; ``report.ok`` is False unless all are met.
    input: a ``fit.json`` whose uncertainty the parameters are drawn from.
    messages: keep a row an accepted message, as ``report.message_table``.
    threads: never change a result; all cores unless told otherwise.
    out: a folder for the files that the command line writes; none are written without.
    base: the folder of data files of a text or dict; the current one unless told otherwise.
    progress: True for a bar on standard error, or a function that is told a :class:`Progress`.
    """
    return _Line("run", locals()).ask(Report)


def sweep(
    scenario: Scenario,
    *,
    scale: Union[str, float, Iterable[float], None] = None,
    vary: Optional[Mapping[str, Any]] = None,
    sensitivity: Union[str, float, None] = None,
    slo: Texts = (),
    set: Optional[Changes] = None,
    unset: Texts = (),
    seed: Optional[int] = None,
    replications: Optional[int] = None,
    input: Optional[Path] = None,
    threads: Optional[int] = None,
    max_memory: Optional[str] = None,
    out: Optional[Path] = None,
    force: bool = False,
    base: Optional[Path] = None,
    progress: Told = None,
) -> Sweep:
    """Vary the load or settings, on common random numbers.

    scale: load factors, ``[1, 10, 100]`` or ``"1..100:5:log"``.
    vary: values by path, at most two: ``{"retry.policy": ["none", "fixed"]}``, or a range as text,
        ``{"provider.alpha.window": "10..160:5:log"}``.
    sensitivity: moves each number of the scenario down and up by so much, like ``"10%"``.
    slo: says at which points this holds. With ``out``, runs that finished are kept there until all have,
    and the same call goes on from them. All else is as for :func:`run`.
    """
    return _Line("sweep", locals()).ask(Sweep)


def compare(
    scenario: Scenario,
    policies: Texts,
    *,
    baseline: Optional[str] = None,
    decide: Optional[str] = None,
    indifference: Union[str, float, None] = None,
    set: Optional[Changes] = None,
    unset: Texts = (),
    seed: Optional[int] = None,
    scale: Optional[float] = None,
    replications: Optional[int] = None,
    max_replications: Optional[int] = None,
    input: Optional[Path] = None,
    threads: Optional[int] = None,
    max_memory: Optional[str] = None,
    out: Optional[Path] = None,
    force: bool = False,
    base: Optional[Path] = None,
    progress: Told = None,
) -> Comparison:
    """Compare retry policies on common random numbers.

    policies: their names, ``["none", "fixed", "full-jitter"]``; the first is the baseline unless
        ``baseline`` names another.
    decide: replicate until it is known which is best by this path, or within ``indifference`` of the
        best, at most ``max_replications``. All else is as for :func:`run`.
    """
    return _Line("compare", locals()).ask(Comparison)


def capacity(
    scenario: Scenario,
    slo: Texts,
    *,
    find: Optional[str] = None,
    range: Optional[str] = None,
    tolerance: Union[str, float, None] = None,
    indifference: Union[str, float, None] = None,
    set: Optional[Changes] = None,
    unset: Texts = (),
    seed: Optional[int] = None,
    scale: Optional[float] = None,
    replications: Optional[int] = None,
    max_replications: Optional[int] = None,
    input: Optional[Path] = None,
    threads: Optional[int] = None,
    max_memory: Optional[str] = None,
    out: Optional[Path] = None,
    force: bool = False,
    base: Optional[Path] = None,
    progress: Told = None,
) -> Capacity:
    """Find the largest load that keeps an objective, or the smallest resource that does.

    slo: the objectives, like ``"within.30s >= 80%"``.
    find: a key and its range, ``"queue.main.workers=1..256"``: the smallest value, in place of the load.
    range: loads to search, ``"0.5..20"``. tolerance: how near the ends of the answer's bracket are.
    indifference: how near the limit makes no difference, like ``"0.5%"``.
    ``ok`` is False if nothing keeps the objective. All else is as for :func:`run`.
    """
    return _Line("capacity", locals()).ask(Capacity)


def hunt(
    scenario: Scenario,
    when: str,
    *,
    seeds: Union[str, builtins.range] = "0..10000",
    top: Optional[int] = None,
    tries: Optional[int] = None,
    set: Optional[Changes] = None,
    unset: Texts = (),
    scale: Optional[float] = None,
    threads: Optional[int] = None,
    max_memory: Optional[str] = None,
    out: Optional[Path] = None,
    force: bool = False,
    base: Optional[Path] = None,
    progress: Told = None,
) -> Hunt:
    """Search seeds for one in which something goes wrong, and make that run small.

    when: a condition like ``"divergence.api_vs_on_time > 20%"``.
    seeds: ``range(0, 10000)`` or ``"0..10000"``, whose end is left out.
    top: search all of them and rank so many of the worst. tries: how often to try to make it smaller.
    ``ok`` is False if no seed was found; ``bundle_text`` is what :func:`replay` takes. All else is as for
    :func:`run`.
    """
    if not isinstance(seeds, str):
        if seeds.step != 1:
            raise InputError("error: `seeds` are one after another: expected a range of step 1")
        seeds = f"{seeds.start}..{seeds.stop}"
    return _Line("hunt", locals()).ask(Hunt)


def replay(
    bundle: Path,
    *,
    at: Optional[str] = None,
    what_if: Optional[Changes] = None,
    pivot: bool = False,
    redraws: Optional[int] = None,
    threads: Optional[int] = None,
    max_memory: Optional[str] = None,
    out: Optional[Path] = None,
    force: bool = False,
    base: Optional[Path] = None,
    progress: Told = None,
) -> Replay:
    """Run an incident bundle again and prove that it is the same run.

    bundle: its path or its text. at: show the chain's state at this time, like ``"21m30s"``.
    what_if: the same incident with keys changed, on the same draws.
    pivot: how likely the incident was as it unfolded, with ``redraws`` from each time on.
    ``ok`` is False if the run differs. All else is as for :func:`run`.
    """
    return _Line("replay", locals()).ask(Replay)


def trace(
    scenario: Scenario,
    *,
    message: Optional[str] = None,
    request: Optional[int] = None,
    like: Changes = (),
    perfetto: Optional[Path] = None,
    from_: Optional[str] = None,
    to: Optional[str] = None,
    set: Optional[Changes] = None,
    unset: Texts = (),
    seed: Optional[int] = None,
    scale: Optional[float] = None,
    max_memory: Optional[str] = None,
    out: Optional[Path] = None,
    force: bool = False,
    base: Optional[Path] = None,
    progress: Told = None,
) -> Optional[Story]:
    """Tell one message's story; printed, it reads line by line.

    message: its id. request: the first message of the run's N-th request, from 1.
    like: the first message with these features, ``{"truth": "delivered_late", "carrier": "northwind"}``.
    perfetto: a file for a trace viewer, of the time ``from_`` to ``to``; alone it tells no story, and None
    is returned. All else is as for :func:`run`.
    """
    return _Line("trace", locals()).maybe(Story)


def check(
    scenario: Scenario,
    *,
    set: Optional[Changes] = None,
    unset: Texts = (),
    seed: Optional[int] = None,
    scale: Optional[float] = None,
    strict: bool = False,
    max_memory: Optional[str] = None,
    base: Optional[Path] = None,
) -> Check:
    """Look for mistakes in a scenario without running it.

    Raises nothing for a mistake: ``errors`` and ``warnings`` list them, ``ok`` is False if there is an
    error, or with ``strict`` a warning. All else is as for :func:`run`.
    """
    line = _Line("check", locals())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        return line.ask(Check)


def fit(
    logs: Union[Path, Iterable[Path]],
    *,
    format: Optional[str] = None,
    map: Optional[Mapping[str, str]] = None,
    state: Optional[Mapping[str, str]] = None,
    zone: Union[Mapping[str, str], Texts] = (),
    dates: Union[Mapping[str, str], Texts] = (),
    shift: Union[Mapping[str, str], Texts] = (),
    resolution: Union[Mapping[str, str], Texts] = (),
    hold_out: Union[str, float, None] = None,
    incident: Optional[str] = None,
    require: bool = False,
    name: Optional[str] = None,
    seed: Optional[int] = None,
    threads: Optional[int] = None,
    out: Optional[Path] = None,
    force: bool = False,
    progress: Told = None,
) -> Fit:
    """Make a scenario from a delivery log, and judge it on the part of the log that it hasn't seen.

    logs: the log's files in order. format: the log's, if it can't be told from it.
    map: what columns mean, ``{"sent_at": "submitted"}``. state: what words for states mean,
    ``{"Zugestellt": "delivered"}``. zone: of times that don't say theirs, ``"Europe/Berlin"`` or
    ``{"done": "+02:00"}``. dates: the order of day and month in ``02/03/2026``, ``"dmy"`` or ``{"done": "mdy"}``.
    shift: what is added to every time of a random duration, ``{"carrier.acme.latency": "800ms"}``, or ``"fitted"``.
    resolution: what its clocks tell, ``"1s"`` or ``{"submitted": "1ms"}``, if that isn't to be found from them.
    hold_out: the share of the log's time, at its end, that the scenario is judged on.
    incident: the span, ``"FROM..TO"``, whose demand is written with ``out``.
    name: the scenario's, the log's unless told otherwise.
    ``scenario_text`` is what :func:`run` takes; ``ok`` is False if it does not predict what was kept out,
    or if that isn't known, and ``require`` is True.
    """
    return _Line("fit", locals()).ask(Fit)
