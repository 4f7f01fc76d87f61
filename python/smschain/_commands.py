"""The commands of the command line, as functions."""

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
    """A command line being put together."""

    def __init__(self, command: str, scenario: Optional[Scenario] = None, base: Optional[Path] = None) -> None:
        self.arguments: list[str] = [command]
        self.scenario: Optional[tuple[str, str, str]] = None
        self.messages = False
        if scenario is not None:
            self.arguments.append(self._named(scenario, base))

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

    def option(self, flag: str, value: Optional[object]) -> _Line:
        if value is True:
            self.arguments.append(flag)
        elif value is not None and value is not False:
            text = os.fspath(value) if isinstance(value, os.PathLike) else _text(value)
            self.arguments.append(f"{flag}={text}")
        return self

    def options(self, **values: Optional[object]) -> _Line:
        """Options that go by their parameters' names."""
        for name, value in values.items():
            self.option("--" + name.rstrip("_").replace("_", "-"), value)
        return self

    def each(self, flag: str, values: Texts) -> _Line:
        for value in [values] if isinstance(values, str) else values:
            self.option(flag, value)
        return self

    def changes(self, set: Optional[Changes], unset: Texts, flag: str = "--set") -> _Line:
        self.each("--unset", unset)
        if isinstance(set, Mapping):
            set = [f"{path}={_text(value)}" for path, value in set.items()]
        return self.each(flag, set or ())

    def files(self, out: Optional[Path], force: bool) -> _Line:
        if out is None and force:
            raise InputError("error: `force` replaces files in `out`: name that folder, too")
        if out is None:
            return self.option("--no-files", True)
        return self.options(out=out, force=force)

    def ask(self, kind: type[R], progress: Told) -> R:
        result = self.maybe(kind, progress)
        if result is None:
            raise InputError("error: the command has no result")
        return result

    def maybe(self, kind: type[R], progress: Told) -> Optional[R]:
        self.option("--format", "json")
        bar = bar_of(progress)
        told = bar or (progress if callable(progress) else None)
        try:
            answer = answerer.get()(self.arguments, self.scenario, self.messages, teller(told) if told else None)
        finally:
            if bar:
                bar.clear()
        if isinstance(answer, Refusal):
            raise error_of(answer)
        _warn(answer)
        return kind(answer) if answer.json else None


def _warn(answer: Answer) -> None:
    for remark in answer.remarks:
        if remark.startswith("warning"):
            warnings.warn(remark, ScenarioWarning, stacklevel=5)


def _path(path: Path) -> str:
    """A path that is no option."""
    text = os.fspath(path)
    return os.path.join(".", text) if text.startswith("-") else text


def _text(value: object) -> str:
    """A value as the command line takes it."""
    return value if isinstance(value, str) else toml_value(value)


def _listed(values: object) -> str:
    """Values as a flag that names several takes them: a list, or a text as it is."""
    if isinstance(values, str):
        return values
    if isinstance(values, Iterable):
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
    line = _Line("run", scenario, base).changes(set, unset).each("--slo", slo).files(out, force)
    line.messages = messages
    line.options(seed=seed, scale=scale, replications=replications, precision=precision)
    line.options(max_replications=max_replications, slo_lenient=slo_lenient, input=input, threads=threads)
    line.options(check_determinism=check_determinism, engine=engine, max_memory=max_memory)
    return line.ask(Report, progress)


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
    line = _Line("sweep", scenario, base).changes(set, unset).each("--slo", slo).files(out, force)
    line.each("--vary", [f"{path}={_listed(values)}" for path, values in (vary or {}).items()])
    line.options(scale=None if scale is None else _listed(scale), sensitivity=sensitivity, seed=seed)
    line.options(replications=replications, input=input, threads=threads, max_memory=max_memory)
    return line.ask(Sweep, progress)


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
    line = _Line("compare", scenario, base).changes(set, unset).files(out, force)
    line.options(policies=_listed(policies), baseline=baseline, decide=decide, indifference=indifference)
    line.options(seed=seed, scale=scale, replications=replications, max_replications=max_replications)
    line.options(input=input, threads=threads, max_memory=max_memory)
    return line.ask(Comparison, progress)


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
    line = _Line("capacity", scenario, base).changes(set, unset).each("--slo", slo).files(out, force)
    line.options(find=find, range=range, tolerance=tolerance, indifference=indifference, seed=seed, scale=scale)
    line.options(replications=replications, max_replications=max_replications, input=input)
    line.options(threads=threads, max_memory=max_memory)
    return line.ask(Capacity, progress)


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
    line = _Line("hunt", scenario, base).changes(set, unset).files(out, force)
    line.options(when=when, seeds=seeds, top=top, tries=tries, scale=scale, threads=threads)
    return line.options(max_memory=max_memory).ask(Hunt, progress)


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
    line = _Line("replay", bundle, base).changes(what_if, (), "--what-if").files(out, force)
    line.options(at=at, pivot=pivot, redraws=redraws, threads=threads, max_memory=max_memory)
    return line.ask(Replay, progress)


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
    line = _Line("trace", scenario, base).changes(set, unset).changes(like, (), "--like").files(out, force)
    line.options(message=message, request=request, perfetto=perfetto, from_=from_, to=to)
    return line.options(seed=seed, scale=scale, max_memory=max_memory).maybe(Story, progress)


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
    line = _Line("check", scenario, base).changes(set, unset)
    line.options(seed=seed, scale=scale, strict=strict, max_memory=max_memory)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        return line.ask(Check, None)


def fit(
    logs: Union[Path, Iterable[Path]],
    *,
    format: Optional[str] = None,
    map: Optional[Mapping[str, str]] = None,
    zone: Optional[str] = None,
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
    map: what columns mean, ``{"sent_at": "submitted"}``. zone: of times that don't say theirs.
    hold_out: the share of the log's time, at its end, that the scenario is judged on.
    incident: the span, ``"FROM..TO"``, whose demand is written with ``out``.
    name: the scenario's, the log's unless told otherwise.
    ``scenario_text`` is what :func:`run` takes; ``ok`` is False if it does not predict what was kept out
    and ``require`` is True.
    """
    line = _Line("fit")
    for log in [logs] if isinstance(logs, (str, os.PathLike)) else logs:
        line.arguments.append(_path(log))
    line.changes(map, (), "--map").files(out, force)
    line.options(format=format, zone=zone, hold_out=hold_out, incident=incident, require=require)
    return line.options(name=name, seed=seed, threads=threads).ask(Fit, progress)
