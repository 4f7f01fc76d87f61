"""Commands on a Ray cluster: the same arguments, the same results, byte for byte.

``sweep``, ``compare``, ``capacity`` and ``hunt`` make many runs that know nothing of one another. Here
they are made by the workers of a cluster (``pip install smschain[ray]``, on its nodes too)::

    import smschain.ray

    sweep = smschain.ray.sweep("scenarios/baseline.toml", scale=[1, 10], replications=1000, cells="cells")

Beside the arguments of the function of :mod:`smschain`, each takes

address: of the cluster; else that of ``RAY_ADDRESS``, of a cluster on this machine, or a cluster is started
    for the call. After a ``ray.init`` of your own, whatever that is connected to.
cells: a folder in which finished tasks are kept: the same call goes on from them after an interruption.
    With ``out`` alone they are kept there until the results are; else they are gone with the call.
tasks: how many to make of the runs, in place of a plan's own or, where those are few, of some seconds each.
threads: of a task, a CPU of the cluster each; 1 unless told otherwise.

``python -m smschain.ray plan.json`` runs the tasks of a plan of the command line, and merges them.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import inspect
import json
import logging
import os
import sys
import tempfile
import time
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Callable, Optional, TypeVar, Union

from . import _commands
from ._commands import answerer
from ._errors import KINDS, Error, FileError, InputError, error_of
from ._progress import Bar, teller
from ._results import Capacity, Comparison, Hunt, Result, Sweep
from ._smschain import Answer, Refusal, ask

__all__ = ["capacity", "compare", "hunt", "main", "sweep"]

#: A task whose worker or node is lost is run so often again.
RETRIES = 3
#: Where a plan's own tasks are few, there are as many as take about so many seconds each, but not more than `TASKS`.
TASK_S = 2.0
TASKS = 100
#: Tasks that Ray is given at a time, at least: results of all at once would fill its store.
AHEAD = 16
#: Seconds between two looks at the size of the cluster.
LOOK_S = 1.0

#: Options of a command that are `merge`'s when it is planned.
MERGES = ("--force", "--no-files")
MERGES_WITH = ("--out=", "--format=", "--threads=")

Told = Optional[Callable[[float, float, int, int, int], object]]
R = TypeVar("R", bound=Result)


def _elsewhere(local: Callable[..., R]) -> Callable[..., R]:
    """A function whose runs are made by a cluster."""

    def command(
        *args: Any,
        address: Optional[str] = None,
        cells: Optional[_commands.Path] = None,
        tasks: Optional[int] = None,
        **options: Any,
    ) -> R:
        with ExitStack() as leaving:
            out = options.get("out")
            if cells is None and out is not None:
                folder = Path(out, "cells")
            else:
                folder = Path(cells or leaving.enter_context(tempfile.TemporaryDirectory(prefix="smschain-")))
            threads = options.get("threads") or 1

            def carry_out(words: list[str], scenario: Any, _messages: bool, progress: Told) -> Union[Answer, Refusal]:
                own = [word for word in words if word in MERGES or word.startswith(MERGES_WITH)]
                asked = [word for word in words if word not in own]
                refusal = _plan(asked, scenario, folder, tasks)
                if refusal:
                    return refusal
                return _carry_out(folder / "plan.json", folder, own, threads, address, progress)

            before = answerer.set(carry_out)
            try:
                result = local(*args, **options)
            finally:
                answerer.reset(before)
            if cells is None and out is not None:
                _remove(folder)
            return result

    # Its own arguments behind those of the local function.
    own, more = inspect.signature(local), [*inspect.signature(command).parameters.values()][1:-1]
    wrapped: Any = functools.update_wrapper(command, local)
    wrapped.__signature__ = own.replace(parameters=[*own.parameters.values(), *more])
    wrapped.__module__ = __name__
    more_told = "On a Ray cluster: see :mod:`smschain.ray` for ``address``, ``cells``, ``tasks`` and ``threads``."
    wrapped.__doc__ = f"{(local.__doc__ or '').strip()}\n\n    {more_told}\n    "
    return command


sweep: Callable[..., Sweep] = _elsewhere(_commands.sweep)
compare: Callable[..., Comparison] = _elsewhere(_commands.compare)
capacity: Callable[..., Capacity] = _elsewhere(_commands.capacity)
hunt: Callable[..., Hunt] = _elsewhere(_commands.hunt)


def _plan(words: list[str], scenario: Any, folder: Path, tasks: Optional[int]) -> Optional[Refusal]:
    """Writes the plan of a command into the folder of its cells."""
    path = folder / "plan.json"
    with _files(folder):
        folder.mkdir(parents=True, exist_ok=True)
        before = path.read_bytes() if path.exists() else None

    def planned(tasks: Optional[int]) -> Union[Answer, Refusal]:
        number = [] if tasks is None else [f"--tasks={tasks}"]
        return ask(["plan", *words, *number, f"--out={path}", "--format=csv"], scenario)

    answer = planned(tasks)
    if tasks is None and isinstance(answer, Answer):
        estimates = [float(row.rpartition(",")[2]) for row in answer.json.splitlines()[1:]]
        worth = min(TASKS, int(sum(estimates) / TASK_S))
        if worth > len(estimates):
            answer = planned(worth)
    if isinstance(answer, Refusal):
        return answer
    plan = path.read_bytes()
    if before not in (None, plan) and any(folder.glob("*.runs")):
        _write(path, before or b"")
        raise InputError(
            f"error: {folder} keeps tasks of another command, or of another smschain\n"
            "Name another folder with `cells`, or remove that one."
        )
    return None


def _carry_out(
    plan: Path, cells: Path, options: list[str], threads: int, address: Optional[str], progress: Told
) -> Union[Answer, Refusal]:
    """Runs the tasks of a plan that aren't done, and merges all of them."""
    with _files(cells):
        cells.mkdir(parents=True, exist_ok=True)
    merge = ["merge", _commands._path(plan), _commands._path(cells)]
    missing = ask([*merge, f"--threads={threads}", "--missing"])
    if isinstance(missing, Refusal):
        return missing
    if missing.remarks:
        files = "\n  ".join(missing.remarks)
        raise InputError(
            f"error: there are files in {cells} that can't be merged:\n  {files}\n"
            "Move them away, or name another folder: their tasks are run again."
        )
    if missing.json:
        with _cluster(address) as ray:
            _run(ray, plan, cells, _numbers(missing.json), threads, progress)
    return ask([*merge, *options], None, False, progress)


def _numbers(listed: str) -> list[int]:
    """The numbers of a list like ``3,7,12-20``."""
    spans = [span.partition("-") for span in listed.strip().split(",")]
    return [number for first, _, last in spans for number in range(int(first), int(last or first) + 1)]


@contextmanager
def _cluster(address: Optional[str]) -> Iterator[Any]:
    """Ray, connected to a cluster, and left as it was found."""
    try:
        ray: Any = importlib.import_module("ray")
    except ImportError as missing:
        raise Error(f"error: Ray can't be imported ({missing}): `pip install 'smschain[ray]'`") from missing
    own = not ray.is_initialized()
    if own:
        # Nobody has been asked whether figures of the use may be sent.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            ray.init(address=address, logging_level=logging.WARNING)
        except (OSError, RuntimeError, ValueError) as refused:
            where = address or os.environ.get("RAY_ADDRESS") or "this machine"
            raise Error(f"error: there is no Ray cluster at {where}: {refused}", 3) from refused
    elif address is not None:
        raise InputError("error: `address`: Ray is connected to a cluster already; leave it out, or `ray.shutdown()`")
    try:
        yield ray
    finally:
        if own:
            ray.shutdown()


def _run(ray: Any, plan: Path, cells: Path, wanted: list[int], threads: int, progress: Told) -> None:
    """Has tasks run by the cluster, and writes the file of each when it is done."""
    planned = plan.read_bytes()
    tasks = json.loads(planned)["tasks"]
    missing = set(wanted)
    done = [task for task in tasks if task["task"] not in missing]
    messages = 0

    def tell() -> None:
        if progress:
            simulated, total = (sum(task["simulated_s"] for task in some) for some in (done, tasks))
            progress(simulated, total, messages, sum(task["to"] - task["from"] for task in done), tasks[-1]["to"])

    carry_out = ray.remote(_task()).options(name="smschain.task", num_cpus=threads, max_retries=RETRIES)
    held = ray.put(planned)
    # The name under which tasks look whether they are to end.
    stop = f"smschain.stop.{uuid.uuid4().hex}"
    waiting = deque(wanted)
    running: dict[Any, int] = {}
    ahead, looked = AHEAD, -LOOK_S
    try:
        while waiting or running:
            if time.monotonic() > looked + LOOK_S:
                # Clusters grow and shrink.
                cores, looked = int(ray.cluster_resources().get("CPU", 0)), time.monotonic()
                ahead = max(AHEAD, 2 * cores // threads)
                tell()
            while waiting and len(running) < ahead:
                task = waiting.popleft()
                running[carry_out.remote(held, task, threads, str(plan), stop)] = task
            for reference in ray.wait(list(running), timeout=LOOK_S)[0]:
                task = running.pop(reference)
                try:
                    exit_code, text, figures, counted = ray.get(reference)
                except ray.exceptions.RayError as lost:
                    raise Error(f"error: task {task} was lost, and what replaced it: {lost}", 3) from lost
                if exit_code:
                    raise KINDS.get(exit_code, Error)(text, exit_code)
                _write(cells / f"task-{task}.runs", figures)
                done.append(tasks[task])
                messages += counted
        tell()
    except BaseException:
        # Not by `ray.cancel`: that of Ray 2.60 now and then ends this very process, by a failed check of Ray's own.
        with suppress(Exception):
            importlib.import_module("ray.experimental.internal_kv")._internal_kv_put(stop, b"1")
        raise


def _task() -> Callable[..., tuple[int, str, bytes, int]]:
    """What a worker does. A function in a function is sent as it is here: should the worker have another
    smschain, that one says so itself."""

    def task(plan: bytes, number: int, threads: int, shown: str, stop: str) -> tuple[int, str, bytes, int]:
        import pathlib
        import socket
        import tempfile
        import time

        from ray.experimental.internal_kv import _internal_kv_get

        where = f"That was task {number}, on {socket.gethostname()}."
        try:
            from smschain._smschain import Refusal, ask
        except ImportError as missing:
            return 2, f"error: smschain can't be imported ({missing}): install it on each node\n{where}", b"", 0
        messages, looked = 0, time.monotonic()

        def told(_simulated_s: float, _total_s: float, far: int, _ended: int, _runs: int) -> None:
            nonlocal messages, looked
            messages = far
            if time.monotonic() > looked + 1.0:
                looked = time.monotonic()
                if _internal_kv_get(stop):
                    raise InterruptedError

        ended = 130, f"interrupted\n{where}", b"", 0
        if _internal_kv_get(stop):
            return ended
        with tempfile.TemporaryDirectory(prefix="smschain-") as folder:
            path = pathlib.Path(folder, "plan.json")
            path.write_bytes(plan)
            words = ["task", str(number), f"--plan={path}", f"--out={folder}", f"--threads={threads}"]
            try:
                answer = ask(words, None, False, told)
            except InterruptedError:
                return ended
            if isinstance(answer, Refusal):
                return answer.exit, f"{answer.text.replace(str(path), shown)}\n{where}", b"", 0
            return 0, "", pathlib.Path(folder, f"task-{number}.runs").read_bytes(), messages

    return task


def _write(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _files(path):
        part.write_bytes(data)
        part.replace(path)


def _remove(folder: Path) -> None:
    """Removes what was kept of cells whose results are written."""
    with _files(folder):
        for path in [folder / "plan.json", *folder.glob("task-*.runs")]:
            path.unlink()
    with suppress(OSError):
        folder.rmdir()


@contextmanager
def _files(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"error: can't write {path}: {error}", 3) from error


def main(words: Optional[Sequence[str]] = None) -> int:
    """Runs the tasks of a plan on a cluster and prints what they give together; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m smschain.ray",
        description="Run the tasks of a plan on a Ray cluster, and put them together: gives the same bytes as the "
        "planned command by itself. Finished tasks are kept, and not run again.",
    )
    option = parser.add_argument
    option("plan", metavar="PLAN", help="the plan, which `smschain plan` wrote")
    option("--cells", metavar="DIR", default="cells", help="folder of the tasks' files [default: cells]")
    option("--address", help="of the cluster [default: $RAY_ADDRESS, or one on this machine]")
    option("--threads", metavar="N", type=int, default=1, help="threads of a task, a CPU each [default: 1]")
    option("--out", metavar="DIR", help="folder for results, as of `smschain merge`")
    option("--format", choices=["table", "json", "csv"], default="table", help="what to print [default: table]")
    option("--force", action="store_true", help="replace files in the way")
    option("--no-files", action="store_true", help="write no result files")
    option("--quiet", action="store_true", help="say nothing but errors")
    option("--no-progress", action="store_true", help="show no progress")
    given = parser.parse_args(words)
    merging = [f"--format={given.format}", *([] if given.out is None else [f"--out={given.out}"])]
    merging += [f"--{name.replace('_', '-')}" for name in ("force", "no_files", "quiet") if getattr(given, name)]
    bar = Bar() if sys.stderr.isatty() and not (given.quiet or given.no_progress) else None
    progress = teller(bar) if bar else None
    try:
        answer = _carry_out(Path(given.plan), Path(given.cells), merging, given.threads, given.address, progress)
        if isinstance(answer, Refusal):
            raise error_of(answer)
    except Error as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        kept = f"finished tasks are kept in {given.cells}, and the same command goes on from there"
        print(f"\ninterrupted: {kept}", file=sys.stderr)
        return 130
    finally:
        if bar:
            bar.clear()
    for remark in answer.remarks:
        print(remark, file=sys.stderr)
    sys.stdout.write(answer.json)
    return answer.exit


if __name__ == "__main__":
    sys.exit(main())
