"""While a command runs: other threads go on, progress is told, Ctrl-C ends it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import smschain

CALLS = {
    "run": "run('small.toml', set={'scenario.duration': '4000h'}, max_memory='64GiB')",
    "run-messages": "run('small.toml', set={'scenario.duration': '100h'}, replications=1000, messages=True)",
    "sweep": "sweep('small.toml', scale=[1, 2], replications=100000, out='mine')",
    "hunt": "hunt('small.toml', 'requests.total < 0', seeds='0..10000000')",
}


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_ctrl_c_ends_it_soon(call: str, small: Path) -> None:
    program = f"import sys, smschain\nprint('go', flush=True)\nsmschain.{call}\nprint('done')"
    running = subprocess.Popen(
        [sys.executable, "-c", program], cwd=small.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout.readline() == "go\n"
        time.sleep(1.0)
        assert running.poll() is None, running.stderr.read()
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = running.communicate(timeout=60)
        took = time.monotonic() - began
    finally:
        running.kill()
    assert "KeyboardInterrupt" in err and "done" not in out, err
    # Each of these would run for hours; a busy machine takes its time.
    assert took < 30, took
    assert "panicked" not in err


def test_other_threads_go_on(small: Path) -> None:
    counted = 0
    stop = threading.Event()

    def count() -> None:
        nonlocal counted
        while not stop.wait(0.01):
            counted += 1

    thread = threading.Thread(target=count)
    thread.start()
    before = time.process_time()
    smschain.run(small, replications=400, threads=1)
    took = time.process_time() - before
    stop.set()
    thread.join()
    # Were the interpreter held, it would count once or twice at the ends.
    assert took > 0.5 and counted > 10, (counted, took)


def test_progress_is_told_from_the_callers_thread(small: Path) -> None:
    told: list[smschain.Progress] = []
    threads = set()

    def progress(far: smschain.Progress) -> None:
        told.append(far)
        threads.add(threading.get_ident())

    smschain.run(small, replications=300, progress=progress)
    assert told and threads == {threading.get_ident()}
    assert all(0 <= far.fraction <= 1 and far.runs == 300 for far in told)
    assert [far.ended for far in told] == sorted(far.ended for far in told)


def test_what_progress_raises_ends_it(small: Path) -> None:
    def progress(far: smschain.Progress) -> None:
        raise RuntimeError("enough")

    began = time.monotonic()
    with pytest.raises(RuntimeError, match="enough"):
        smschain.hunt(small, "requests.total < 0", seeds=range(10**7), progress=progress)
    assert time.monotonic() - began < 30


def test_a_bar_goes_to_standard_error(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    smschain.run(small, replications=300, progress=True)
    out, err = capfd.readouterr()
    assert out == "" and "of 300 runs" in err


def test_nothing_is_printed(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    smschain.run(small)
    with pytest.raises(smschain.InputError):
        smschain.run(small, seed=-1)
    assert capfd.readouterr() == ("", "")


def test_commands_run_side_by_side(small: Path) -> None:
    alone = {seed: smschain.run(small, seed=seed).to_json() for seed in range(6)}
    found: dict[int, str] = {}
    threads = [
        threading.Thread(target=lambda seed=seed: found.update({seed: smschain.run(small, seed=seed).to_json()}))
        for seed in alone
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone
