"""What the tests share: the scenario of the command line's own sessions, and the command line itself."""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small scenario, in a folder of its own that is the current one."""
    path = tmp_path / "small.toml"
    path.write_text((ROOT / "tests/cli/small.toml").read_text())
    return path


@pytest.fixture
def binary(small: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The program, run beside the small scenario."""
    monkeypatch.chdir(small.parent)
    program = os.environ["SMSCHAIN_PROGRAM"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)

    return run


@pytest.fixture(autouse=True)
def no_surprise() -> object:
    """A warning that no test asks for fails it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Of IPython and its kin, not ours.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        yield
