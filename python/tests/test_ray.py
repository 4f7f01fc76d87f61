"""Commands on a Ray cluster of two nodes on this machine: same bytes, whatever is killed on the way."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import smschain
import smschain.ray
from smschain import _smschain

# The second keeps a cluster on the loopback interface: without it Ray looks for an address that others reach.
os.environ.update(RAY_USAGE_STATS_ENABLED="0", RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0")
try:
    ray: Any = importlib.import_module("ray")
    cluster_utils: Any = importlib.import_module("ray.cluster_utils")
except ImportError as missing:
    if os.environ.get("SMSCHAIN_PYTHON") == "required":
        raise
    warnings.warn(f"Ray is NOT tested: {missing}", stacklevel=1)
    ray = None

on_ray = pytest.mark.skipif(ray is None or sys.platform != "linux", reason="Ray is NOT tested: it isn't installed, or this isn't Linux")

#: Commands, each of at least 40 runs.
COMMANDS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "sweep": ((), {"scale": [1, 2], "vary": {"scenario.duration": ["5m", "10m"]}, "replications": 10}),
    "compare": ((["none", "fixed", "full-jitter"],), {"replications": 14}),
    "hunt": (("of_requested.on_time < 88.1%",), {"seeds": range(0, 40), "tries": 4}),
}
#: A hunt of twelve tasks of about half a second each, which finds nothing.
LONG: dict[str, Any] = {"seeds": range(0, 96), "set": {"scenario.duration": "2h"}, "tasks": 12}
NEVER = "requests.total < 0"
#: A node of a core.
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "node_ip_address": "127.0.0.1"}


def join(cluster: Any) -> Any:
    """A further node. Ray gives a node 30 s to start, which a busy machine may exceed: then another is tried."""
    for _ in range(2):
        try:
            return cluster.add_node(**NODE)
        except Exception as late:  # Ray has no narrower one for it.
            warnings.warn(f"a node didn't start: {late}", stacklevel=2)
    return cluster.add_node(**NODE)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes of a core each; this process is connected to them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        own = cluster_utils.Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
        try:
            join(own)
            ray.init(address=own.address, log_to_driver=False)
            yield own
        finally:
            ray.shutdown()
            own.shutdown()


def alive(node: Any) -> bool:
    """Whether the head takes a node for alive."""
    return any(known["Alive"] for known in ray.nodes() if known["NodeID"] == node.node_id)


def workers(of: Any) -> list[int]:
    """The processes of a node that are at a task."""
    (raylet,) = (info.process.pid for info in of.all_processes["raylet"])
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == raylet and b"smschain.task" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue
    return found


def worker(of: Any) -> int:
    """One of them; a node that is asked for is at a task soon."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for found in workers(of):
            return found
        time.sleep(0.01)
    raise AssertionError("no worker is at a task")


def files(folder: Path) -> dict[Path, bytes]:
    """What is in a folder of results."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("[!.]*") if path.is_file()}


class Halfway:
    """Does something once, when some of the tasks are done."""

    def __init__(self, what: Callable[[], object]) -> None:
        self.what = what
        self.told: list[smschain.Progress] = []
        self.did = False

    def __call__(self, far: smschain.Progress) -> None:
        self.told.append(far)
        if 0 < far.ended < far.runs and not self.did:
            self.did = True
            self.what()


@on_ray
@pytest.mark.parametrize("name", COMMANDS)
def test_two_nodes_give_the_bytes_of_one_machine(name: str, small: Path, tmp_path: Path, cluster: Any) -> None:
    positional, options = COMMANDS[name]
    alone = getattr(smschain, name)(small, *positional, **options, out=tmp_path / "alone")
    told: list[smschain.Progress] = []
    nodes = getattr(smschain.ray, name)(
        small, *positional, **options, out=tmp_path / "nodes", cells=tmp_path / "cells", tasks=8, progress=told.append
    )
    assert type(nodes) is type(alone) and nodes.to_json() == alone.to_json()
    assert str(nodes).replace("/nodes/", "/alone/") == str(alone) and nodes.command == alone.command and nodes.ok == alone.ok
    assert len(files(tmp_path / "alone")) > 1 and files(tmp_path / "nodes") == files(tmp_path / "alone")
    assert sorted(path.name for path in (tmp_path / "cells").iterdir()) == ["plan.json", *(f"task-{n}.runs" for n in range(8))]
    plan = json.loads((tmp_path / "cells/plan.json").read_text())
    far = max(told, key=lambda far: far.ended)
    assert far.ended == far.runs == plan["cells"] and far.messages > 0
    assert far.simulated_s == far.total_s == pytest.approx(sum(task["simulated_s"] for task in plan["tasks"]))
    # All tasks are done: nothing is run again, and Ray isn't asked.
    again = getattr(smschain.ray, name)(small, *positional, **options, out=tmp_path / "again", cells=tmp_path / "cells", tasks=8)
    assert again.to_json() == alone.to_json()


@on_ray
def test_a_dict_with_a_data_file_and_a_capacity(root: Path, small: Path, cluster: Any) -> None:
    morning = (root / "scenarios/trace-replay.toml").read_text()
    options: dict[str, Any] = {"base": root / "scenarios", "replications": 3, "scale": [0.5, 1]}
    assert smschain.ray.sweep(morning, **options).to_json() == smschain.sweep(morning, **options).to_json()
    search: dict[str, Any] = {"range": "1..4", "tolerance": "50%", "replications": 5, "max_replications": 6}
    slo = "within.1m >= 50%"
    assert smschain.ray.capacity(small, slo, **search).to_json() == smschain.capacity(small, slo, **search).to_json()


@on_ray
def test_a_killed_worker_and_a_removed_node_change_nothing(small: Path, cluster: Any) -> None:
    alone = smschain.hunt(small, NEVER, **{key: value for key, value in LONG.items() if key != "tasks"}, top=3)
    kill = Halfway(lambda: os.kill(worker(cluster.head_node), signal.SIGKILL))
    assert smschain.ray.hunt(small, NEVER, **LONG, top=3, progress=kill).to_json() == alone.to_json()
    assert kill.did

    node = join(cluster)

    def remove() -> None:
        worker(node)
        cluster.remove_node(node, allow_graceful=False)

    lose = Halfway(remove)
    assert smschain.ray.hunt(small, NEVER, **LONG, top=3, progress=lose).to_json() == alone.to_json()
    assert lose.did
    # The head learns of a lost node after some seconds, which may be after the last task.
    until = time.monotonic() + 60
    while alive(node) and time.monotonic() < until:
        time.sleep(0.2)
    assert not alive(node)


@on_ray
def test_an_interrupted_call_goes_on_from_what_is_done(small: Path, tmp_path: Path, cluster: Any) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    cells = tmp_path / "out/cells"
    call = {**LONG, "out": tmp_path / "out"}
    with pytest.raises(KeyboardInterrupt):
        smschain.ray.hunt(small, NEVER, **call, progress=Halfway(stop))
    # Its tasks were told to end.
    deadline = time.monotonic() + 20
    while any(workers(node) for node in (cluster.head_node, *cluster.worker_nodes)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    kept = {path: path.stat().st_mtime_ns for path in cells.glob("*.runs")}
    assert 0 < len(kept) < 12
    # Others than its own aren't mixed in.
    with pytest.raises(smschain.InputError, match="tasks of another command"):
        smschain.ray.hunt(small, "requests.total < 1", **LONG, cells=cells)
    told: list[smschain.Progress] = []
    whole = smschain.ray.hunt(small, NEVER, **LONG, cells=cells, progress=told.append)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert told[0].ended >= 8 * len(kept)
    # Nothing is left of it when the results are there.
    assert smschain.ray.hunt(small, NEVER, **call).to_json() == whole.to_json()
    assert (tmp_path / "out/hunt.json").is_file() and not cells.exists()


@on_ray
def test_a_plan_from_the_command_line(
    small: Path, tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small.parent)
    hunt = ["hunt", "small.toml", "--when", NEVER, "--seeds", "0..96", "--set", "scenario.duration=2h"]
    plan = _smschain.ask(["plan", *hunt, "--tasks", "12", "--out", "plan.json"])
    assert not isinstance(plan, _smschain.Refusal)
    command = [sys.executable, "-m", "smschain.ray", "plan.json", "--out", "results", "--format", "json"]
    environment = {**os.environ, "RAY_ADDRESS": cluster.address}
    running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while not list(tmp_path.glob("cells/*.runs")):
            assert running.poll() is None, running.communicate()
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130 and out == "" and "kept in cells" in err, err
    assert 0 < len(list(tmp_path.glob("cells/*.runs"))) < 12
    again = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120)
    # Nothing is found: the answer is no.
    assert again.returncode == 1, again.stderr
    alone = smschain.hunt(small, NEVER, seeds=range(0, 96), set={"scenario.duration": "2h"})
    assert again.stdout == alone.to_json()
    assert (tmp_path / "results/hunt.json").read_text() == again.stdout

    def refused(*words: str) -> tuple[int, str]:
        ran = subprocess.run([*command[:3], *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120)
        return ran.returncode, ran.stderr

    exit_code, err = refused("small.toml")
    assert exit_code == 2 and "small.toml is no plan" in err
    (tmp_path / "cells/task-3.runs").write_text("cut short")
    exit_code, err = refused("plan.json")
    assert exit_code == 2 and "cells/task-3.runs is no file of a task" in err
    exit_code, err = refused("plan.json", "--cells", "others", "--address", "nowhere")
    assert exit_code == 3 and "there is no Ray cluster at nowhere" in err


@on_ray
def test_what_is_wrong_is_raised_as_everywhere(small: Path, tmp_path: Path, cluster: Any) -> None:
    with pytest.raises(smschain.InputError) as alone:
        smschain.sweep(small, set={"provider.alpha.windw": 3}, scale=[1, 2])
    with pytest.raises(smschain.InputError) as nodes:
        smschain.ray.sweep(small, set={"provider.alpha.windw": 3}, scale=[1, 2])
    assert str(nodes.value) == str(alone.value) and nodes.value.column == alone.value.column == 22
    with pytest.raises(smschain.InputError, match="threads"):
        smschain.ray.sweep(small, scale=[1, 2], threads=-1)
    with pytest.raises(smschain.InputError, match="connected to a cluster already"):
        smschain.ray.sweep(small, scale=[1, 2], address=cluster.address)
    (tmp_path / "file").write_text("")
    with pytest.raises(smschain.FileError):
        smschain.ray.sweep(small, scale=[1, 2], cells=tmp_path / "file")


@on_ray
@pytest.mark.parametrize("sort", ["build", "none"])
def test_workers_with_another_smschain_are_refused(sort: str, small: Path, tmp_path: Path, cluster: Any) -> None:
    """Another build, byte for byte this one but for its number; and none at all."""
    smschain.ray._plan(["sweep", str(small), "--scale=1,2"], None, tmp_path / "mine", 2)
    plan = json.loads((tmp_path / "mine/plan.json").read_text())
    own, other = plan["engine"]["build"], "0123456789abcdef"
    foreign = tmp_path / "foreign/smschain"
    foreign.mkdir(parents=True)
    if sort == "build":
        for path in Path(smschain.__file__).parent.iterdir():
            if path.is_file():
                (foreign / path.name).write_bytes(path.read_bytes().replace(own.encode(), other.encode()))
    else:
        (foreign / "__init__.py").write_text("raise ImportError('not here')")
    program = (
        "import ray, smschain.ray\n"
        f"ray.init(address={cluster.address!r}, log_to_driver=False, runtime_env={{'env_vars': {{'PYTHONPATH': {str(foreign.parent)!r}}}}})\n"
        f"smschain.ray.sweep('small.toml', scale=[1, 2], tasks=2, cells='kept')"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert "smschain._errors.InputError" in ran.stderr and re.search(r"That was task \d, on ", ran.stderr), ran.stderr
    wanted = f"kept/plan.json is a plan of another build of smschain {smschain.__version__} ({own}, and this is {other})"
    assert (wanted if sort == "build" else "smschain can't be imported (not here): install it on each node") in ran.stderr, ran.stderr
    assert not list(tmp_path.glob("kept/*.runs"))


def test_the_arguments_are_those_of_the_local_functions() -> None:
    for name in ("sweep", "compare", "capacity", "hunt"):
        local, here = (inspect.signature(getattr(module, name)).parameters for module in (smschain, smschain.ray))
        assert [own for own in here.values() if own.name in local] == list(local.values())
        assert set(here) - set(local) == {"address", "cells", "tasks"}
        assert "On a Ray cluster" in (inspect.getdoc(getattr(smschain.ray, name)) or "")


def test_without_ray_the_way_out_is_told(small: Path) -> None:
    program = (
        "import sys, smschain, smschain.ray\n"
        "assert 'ray' not in sys.modules\n"
        "sys.modules['ray'] = None\n"
        "try: smschain.ray.sweep('small.toml', scale=[1, 2])\n"
        "except smschain.Error as error: print(error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=small.parent, capture_output=True, text=True, check=False, timeout=120)
    assert "pip install 'smschain[ray]'" in ran.stdout, ran.stderr
