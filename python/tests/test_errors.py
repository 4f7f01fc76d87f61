"""Errors keep their places and print as the command line does."""

from __future__ import annotations

import functools
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import smschain

Binary = Callable[..., "subprocess.CompletedProcess[str]"]

BAD: list[tuple[type[smschain.Error], int, Callable[[], Any], list[str]]] = [
    (
        smschain.InputError,
        2,
        lambda: smschain.run("small.toml", set={"provider.alpha.windw": 1, "scenario.duration": "x"}),
        ["run", "small.toml", "--set", "provider.alpha.windw=1", "--set", "scenario.duration=x"],
    ),
    (smschain.InputError, 2, lambda: smschain.run("small.toml", slo="within.7s > 1"), ["run", "small.toml", "--slo", "within.7s > 1"]),
    (smschain.InputError, 2, lambda: smschain.run("small.toml", replications=0), ["run", "small.toml", "--replications=0"]),
    (smschain.InputError, 2, lambda: smschain.compare("small.toml", "nne"), ["compare", "small.toml", "--policies", "nne"]),
    (smschain.InputError, 2, lambda: smschain.sweep("small.toml", scale="1..x"), ["sweep", "small.toml", "--scale", "1..x"]),
    (smschain.InputError, 2, lambda: smschain.replay("small.toml"), ["replay", "small.toml"]),
    (smschain.FileError, 3, lambda: smschain.run("smal.toml"), ["run", "smal.toml"]),
    (smschain.NothingFound, 1, lambda: smschain.trace("small.toml", request=10**9), ["trace", "small.toml", "--request", "1000000000"]),
]


@pytest.mark.parametrize(("kind", "code", "command", "line"), BAD, ids=[" ".join(line) for *_, line in BAD])
def test_an_error_prints_as_on_the_command_line(
    kind: type[smschain.Error], code: int, command: Callable[[], Any], line: list[str], binary: Binary
) -> None:
    with pytest.raises(kind) as raised:
        command()
    told = binary(*line, "--no-files")
    assert told.returncode == code == raised.value.exit_code
    assert str(raised.value).strip() == told.stderr.strip()
    copy = pickle.loads(pickle.dumps(raised.value))
    assert (type(copy), str(copy), copy.exit_code) == (kind, str(raised.value), code)


def test_every_mistake_keeps_its_place_and_its_way_out(small: Path) -> None:
    text = small.read_text().replace("window = 20", "windw = 20").replace('"5s", "1m"', '"5s", 60')
    small.write_text(text)
    with pytest.raises(smschain.InputError) as raised:
        smschain.run(small)
    error = raised.value
    assert [(mistake.line, mistake.column) for mistake in error.mistakes] == [(10, 17), (36, 1)]
    assert all(mistake.file == str(small) for mistake in error.mistakes)
    assert error.mistakes[1].message == "unknown key `windw` in [[provider]]"
    assert error.mistakes[1].expected == "did you mean `window`?"
    assert (error.file, error.line, error.column) == (str(small), 10, 17)
    assert error.hint and '"60s"' in error.hint
    copy = pickle.loads(pickle.dumps(error))
    assert copy.mistakes == error.mistakes and copy.hint == error.hint
    with pytest.raises(ValueError, match="windw"):
        smschain.run(small)


def test_mistakes_of_texts_and_dicts_say_so() -> None:
    with pytest.raises(smschain.InputError) as raised:
        smschain.run("[scenario]\nduratoin = '1m'\n")
    assert raised.value.file == "<text>" and "duratoin" in str(raised.value)
    with pytest.raises(smschain.InputError) as raised:
        smschain.run({"scenario": {"duratoin": "1m"}})
    assert raised.value.file == "<dict>"


def test_what_toml_has_no_word_for_is_named() -> None:
    with pytest.raises(TypeError, match="scenario.seed: None is no value of TOML; leave the key out"):
        smschain.run({"scenario": {"seed": None}})
    with pytest.raises(TypeError, match=r"traffic\[0\].x: expected a dict, list, text, number or boolean, not object"):
        smschain.run({"traffic": [{"x": object()}]})
    nested: dict[str, Any] = {}
    nested["x"] = nested
    with pytest.raises(ValueError, match="nested too deeply"):
        smschain.run(nested)


def test_what_would_have_no_effect_is_refused(small: Path) -> None:
    with pytest.raises(smschain.InputError, match="name that folder, too"):
        smschain.run(small, force=True)
    with pytest.raises(smschain.InputError, match="`base` goes with a text or a dict"):
        smschain.run(small, base=small.parent)
    with pytest.raises(smschain.InputError, match="range of step 1"):
        smschain.hunt(small, "requests.total < 0", seeds=range(0, 10, 2))


def test_a_suspicious_scenario_warns(small: Path) -> None:
    # A throttle that today's traffic is above.
    with pytest.warns(smschain.ScenarioWarning, match="^warning"):
        report = smschain.run(small, set={"carrier.northwind.throttle.rate": "1/s"})
    assert any(remark.startswith("warning") for remark in report.remarks)


def test_a_warning_is_of_the_line_that_called(small: Path) -> None:
    calls: list[Callable[..., Any]] = [smschain.run, functools.partial(smschain.trace, request=3)]
    for call in calls:
        with pytest.warns(smschain.ScenarioWarning) as caught:
            call(small, set={"carrier.northwind.throttle.rate": "1/s"})
        assert {warning.filename for warning in caught} == {__file__}


def test_a_failed_objective_is_an_answer(small: Path) -> None:
    report = smschain.run(small, slo="within.5s >= 100%")
    assert not report.ok and report.exit_code == 1
    assert report.objectives
