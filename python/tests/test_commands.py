"""Each command gives the bytes of the command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import smschain

Binary = Callable[..., "subprocess.CompletedProcess[str]"]

CASES: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (smschain.run, {}, "run small.toml"),
    (
        smschain.run,
        {"seed": 11, "scale": 1.5, "replications": 3, "threads": 2, "set": {"provider.alpha.window": 5}},
        "run small.toml --seed 11 --scale 1.5 -n 3 -j 2 --set provider.alpha.window=5",
    ),
    (
        smschain.run,
        {"slo": ["within.5s >= 99%", "within.1m >= 10%"], "unset": "retry", "max_memory": "1GiB"},
        "run small.toml --slo within.5s>=99% --slo within.1m>=10% --unset retry --max-memory 1GiB",
    ),
    (
        smschain.run,
        {"precision": "3%", "replications": 5, "max_replications": 9, "engine": "stepwise"},
        "run small.toml --precision 3% -n 5 --max-replications 9 --engine stepwise",
    ),
    (
        smschain.sweep,
        {"scale": [1, 2], "vary": {"retry.policy": ["none", "fixed"]}, "replications": 2},
        "sweep small.toml --scale 1,2 --vary retry.policy=none,fixed -n 2",
    ),
    (
        smschain.sweep,
        {"vary": {"provider.alpha.window": "1..20:3"}, "replications": 2, "slo": "within.1m >= 50%"},
        "sweep small.toml --vary provider.alpha.window=1..20:3 -n 2 --slo within.1m>=50%",
    ),
    (
        smschain.compare,
        {"policies": ["none", "fixed", "full-jitter"], "replications": 3, "baseline": "fixed"},
        "compare small.toml --policies none,fixed,full-jitter -n 3 --baseline fixed",
    ),
    (
        smschain.capacity,
        {"slo": "within.1m >= 50%", "tolerance": "40%", "replications": 5, "max_replications": 10},
        "capacity small.toml --slo within.1m>=50% --tolerance 40% -n 5 --max-replications 10",
    ),
    (
        smschain.hunt,
        {"when": "truth.filtered_silent > 0", "seeds": range(3, 9), "tries": 5},
        "hunt small.toml --when truth.filtered_silent>0 --seeds 3..9 --tries 5",
    ),
    (
        smschain.trace,
        {"like": {"truth": "filtered_silent"}, "seed": 3, "from_": "1m", "to": "9m"},
        "trace small.toml --like truth=filtered_silent --seed 3 --from 1m --to 9m",
    ),
    (smschain.trace, {"request": 17}, "trace small.toml --request 17"),
]


def words(line: str) -> list[str]:
    """The words of a command; `>=` and `>` stand between blanks in one word."""
    return [word.replace(">=", " >= ").replace("silent>0", "silent > 0") for word in line.split(" ")]


@pytest.mark.parametrize(("command", "options", "line"), CASES, ids=[line for *_, line in CASES])
def test_the_bytes_are_those_of_the_command_line(
    command: Callable[..., Any], options: dict[str, Any], line: str, binary: Binary, small: Path
) -> None:
    result = command("small.toml", **options)
    printed = binary(*words(line), "--no-files", "--format", "json")
    assert printed.returncode in (0, 1), printed.stderr
    assert result.to_json() == printed.stdout
    assert result.to_dict() == json.loads(printed.stdout)
    assert result.exit_code == printed.returncode
    assert result.ok == (printed.returncode == 0)
    table = binary(*words(line), "--no-files").stdout
    assert str(result) == table


def test_text_and_dict_are_as_good_as_a_file(small: Path) -> None:
    tomllib = pytest.importorskip("tomllib")
    text = small.read_text()
    by_path = smschain.run(small).to_dict()
    assert smschain.run(text).to_dict() == by_path
    assert smschain.run(tomllib.loads(text)).to_dict() == by_path


def test_data_files_of_a_text_lie_in_its_base(small: Path) -> None:
    folder = small.parent / "data"
    folder.mkdir()
    (folder / "log.csv").write_text("time_s\n1\n2\n3\n")
    text = """
        [scenario]
        duration = "1m"
        [[traffic]]
        name = "log"
        arrivals.trace = { file = "log.csv" }
        [[route]]
        id = 1
        provider = "alpha"
        [[provider]]
        name = "alpha"
        [[carrier]]
        name = "northwind"
    """
    assert smschain.run(text, base=folder).requests.total == 3
    with pytest.raises(smschain.InputError, match="log.csv"):
        smschain.run(text)
    tomllib = pytest.importorskip("tomllib")
    scenario = tomllib.loads(text)
    scenario["traffic"][0]["arrivals"]["trace"]["file"] = folder / "log.csv"
    assert smschain.run(scenario).requests.total == 3


def test_overrides_take_values_of_every_kind(small: Path) -> None:
    report = smschain.run(
        small,
        set={
            "provider.alpha.window": 3,
            "provider.alpha.failures": {"transient": 0.5},
            "carrier.northwind.retry_schedule": ["2m", "3m"],
            "carrier.northwind.filter.spam.enabled": False,
            "scenario.duration": "3m",
        },
    )
    tomllib = pytest.importorskip("tomllib")
    resolved = tomllib.loads(report.resolved)
    assert resolved["provider"][0]["window"] == 3
    assert resolved["provider"][0]["failures"]["transient"] == 0.5
    assert resolved["carrier"][0]["retry_schedule"] == ["2m", "3m"]
    assert resolved["carrier"][0]["filter"][0]["enabled"] is False
    assert resolved["scenario"]["duration"] == "3m"


def test_numpy_s_values_are_as_good_as_python_s(small: Path) -> None:
    np = pytest.importorskip("numpy")
    report = smschain.run(
        small,
        set={
            "provider.alpha.window": np.int64(3),
            "provider.alpha.failures.transient": np.float64(0.5),
            "carrier.northwind.retry_schedule": np.array(["2m", "3m"]),
            "carrier.northwind.filter.spam.enabled": np.bool_(False),
        },
    )
    assert report.to_json() == smschain.run(
        small,
        set={
            "provider.alpha.window": 3,
            "provider.alpha.failures.transient": 0.5,
            "carrier.northwind.retry_schedule": ["2m", "3m"],
            "carrier.northwind.filter.spam.enabled": False,
        },
    ).to_json()
    swept = smschain.sweep(small, scale=np.array([1, 2]), vary={"provider.alpha.window": np.arange(3, 5)})
    assert sorted((cell["at"]["scale"], cell["at"]["provider.alpha.window"]) for cell in swept.cells) == [(1, 3), (1, 4), (2, 3), (2, 4)]


def test_a_hunt_makes_a_bundle_that_replays(small: Path, binary: Binary) -> None:
    hunt = smschain.hunt("small.toml", "truth.filtered_silent > 0", seeds="3..9", tries=5)
    assert hunt.bundle_text is not None
    replay = smschain.replay(hunt.bundle_text)
    assert replay.ok
    binary("hunt", "small.toml", "--when", "truth.filtered_silent > 0", "--seeds", "3..9", "--tries", "5", "-o", "h")
    (written,) = Path("h").glob("*.incident.toml")
    assert hunt.bundle_text == written.read_text()
    for options, line in [({"at": "2m"}, ["--at", "2m"]), ({"what_if": {"provider.alpha.window": 1}}, ["--what-if", "provider.alpha.window=1"])]:
        again = smschain.replay(written, **options)
        printed = binary("replay", str(written), *line, "--no-files", "--format", "json")
        assert again.to_json() == printed.stdout
        assert str(again) == binary("replay", str(written), *line, "--no-files").stdout
    # A bundle is a scenario, too.
    assert smschain.run(hunt.bundle_text).seed == hunt.found[0].seed


def test_check_lists_what_is_wrong(small: Path, binary: Binary) -> None:
    good = smschain.check("small.toml")
    assert good.ok and not good.errors
    assert good.to_json() == binary("check", "small.toml", "--format", "json").stdout
    assert good.resolved == binary("check", "small.toml", "--resolved").stdout
    Path("bad.toml").write_text(small.read_text().replace("window = 20", "windw = 20"))
    bad = smschain.check("bad.toml")
    assert not bad.ok
    assert bad.to_json() == binary("check", "bad.toml", "--format", "json").stdout
    (error,) = bad.errors
    assert (error.file, error.line, error.message) == ("bad.toml", 36, "unknown key `windw` in [[provider]]")
    assert "did you mean `window`?" in str(bad)


def test_a_fit_is_a_scenario(small: Path, binary: Binary) -> None:
    binary("run", "small.toml", "--no-files", "--messages", "log.csv")
    fit = smschain.fit("log.csv", seed=2)
    printed = binary("fit", "log.csv", "--seed", "2", "--no-files", "--format", "json")
    assert fit.to_json() == printed.stdout
    binary("fit", "log.csv", "--seed", "2", "-o", "f")
    assert fit.scenario_text == Path("f/log.toml").read_text()
    assert smschain.check(fit.scenario_text).ok
    assert fit.charts and "<svg" in fit._repr_html_()


def test_files_are_written_where_they_are_asked_for(small: Path, binary: Binary) -> None:
    report = smschain.run("small.toml", out="mine")
    binary("run", "small.toml", "-o", "theirs")
    mine, theirs = (
        {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file() and path.name[0] != "."}
        for folder in ("mine", "theirs")
    )
    assert mine == theirs and len(mine) > 8
    assert report.page() == Path("mine/report.html").read_text()
    assert {f"{chart.name}.svg": chart.svg for chart in report.charts} == {
        path.name: path.read_text() for path in Path("mine/charts").iterdir()
    }
    assert sorted(Path().iterdir()) == [Path("mine"), Path("small.toml"), Path("theirs")]


def test_perfetto_alone_tells_no_story(small: Path, binary: Binary) -> None:
    assert smschain.trace("small.toml", perfetto="run.json", from_="1m", to="2m") is None
    binary("trace", "small.toml", "--perfetto", "other.json", "--from", "1m", "--to", "2m")
    assert Path("run.json").read_text() == Path("other.json").read_text()
