"""The package as it is installed: its wheel, its import, its types."""

from __future__ import annotations

import importlib.metadata
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import smschain
from smschain import _smschain


def test_the_wheel_is_for_every_python_from_3_9_on() -> None:
    wheel = importlib.metadata.distribution("smschain").read_text("WHEEL")
    assert wheel is not None
    tags = re.findall(r"^Tag: (.*)$", wheel, re.MULTILINE)
    assert tags and all(tag.startswith("cp39-abi3-") for tag in tags), tags


def test_the_version_is_the_crates(root: Path) -> None:
    version = re.search(r'^version = "(.*)"$', (root / "Cargo.toml").read_text(), re.MULTILINE)
    assert version and version[1] == smschain.__version__ == importlib.metadata.version("smschain")


def test_the_import_is_quick_and_takes_nothing_along() -> None:
    # Processor time: what else the machine does is not the package's.
    program = (
        "import sys, time; began = time.process_time(); import smschain\n"
        "print(time.process_time() - began, *{name.partition('.')[0] for name in sys.modules})"
    )
    runs = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(5)]
    took = min(float(run.stdout.split()[0]) for run in runs)
    print(f"import smschain: {took * 1000:.0f} ms")
    assert took < 0.1, took
    modules = runs[0].stdout.split()[1:]
    assert not {"numpy", "pandas", "polars", "pyarrow", "duckdb", "IPython"} & set(modules)


def test_types_hold(root: Path) -> None:
    pytest.importorskip("mypy")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "-p", "smschain"], capture_output=True, text=True, cwd=root / "python/tests", check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_the_stubs_are_those_of_the_module(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "smschain"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": ""},
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_everything_has_a_docstring_and_a_signature() -> None:
    for name in smschain.__all__:
        what = getattr(smschain, name)
        if name.startswith("__"):
            continue
        assert inspect.getdoc(what), name
        if inspect.isfunction(what):
            doc = inspect.getdoc(what) or ""
            options = inspect.signature(what).parameters
            assert all(option.kind is option.KEYWORD_ONLY for option in list(options.values())[2:]), name
            undocumented = {option for option in options if not re.search(rf"\b{option}\b", doc)}
            shared = set(inspect.signature(smschain.run).parameters) if name != "run" else {"max_memory", "check_determinism", "engine", "slo_lenient", "force"}
            assert undocumented <= shared, (name, undocumented)
    for name in ("ask", "toml_text", "toml_value", "Answer", "Table", "Refusal"):
        assert inspect.getdoc(getattr(_smschain, name)), name


def test_every_option_of_the_command_line_is_there(binary: object) -> None:
    """An option that a command has and its function lacks is named here, with the reason."""
    # What is printed and how; `--help`.
    shown = {"format", "no_files", "quiet", "no_progress", "color", "help"}
    own = {"from": "from_"}
    for name in ("run", "sweep", "compare", "capacity", "hunt", "replay", "trace", "check", "fit"):
        text = binary(name, "--help").stdout  # type: ignore[operator]
        options = {flag for flag in re.findall(r"^ {2,6}(?:-\w, )?--([a-z][a-z-]+)", text, re.MULTILINE)}
        options = {own.get(flag.replace("-", "_"), flag.replace("-", "_")) for flag in options} - shown
        there = set(inspect.signature(getattr(smschain, name)).parameters)
        if name == "check":
            # Always there, as an attribute; a folder for one JSON file is more than one line of Python.
            options -= {"resolved", "out", "force"}
        assert options - there == set(), name
