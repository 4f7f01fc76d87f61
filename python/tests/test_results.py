"""Results: figures by attribute and path, and what a notebook shows."""

from __future__ import annotations

import copy
import html
import pickle
import re
from pathlib import Path

import pytest

import smschain


@pytest.fixture
def report(small: Path) -> smschain.Report:
    return smschain.run(small)


def test_figures_go_by_attribute_and_by_path(report: smschain.Report) -> None:
    data = report.to_dict()
    assert report.divergence.api_vs_on_time == data["divergence"]["api_vs_on_time"]
    assert report["divergence.api_vs_on_time"] == report.divergence["api_vs_on_time"]
    assert report["latency.delivery.p95_s"] == data["latency"]["delivery"]["p95_s"]
    assert report.within["5s"] == report["within.5s"] == data["within"]["5s"]
    assert report.queues.main.max_depth == data["queues"]["main"]["max_depth"]
    assert (report.seed, report.digest, report.scenario.name) == (7, data["digest"], "small")
    assert dict(report.layers) == data["layers"] == report.layers.to_dict()
    assert list(report.layers) == list(data["layers"]) and len(report.layers) == len(data["layers"])
    assert "p95_s" in dir(report.latency.delivery) and "divergence" in dir(report)


def test_a_key_with_dots_of_its_own(small: Path) -> None:
    report = smschain.run(small, set={"scenario.within": ["1.5s", "1m"]})
    assert report["within.1.5s"] == report.within["1.5s"]


def test_what_is_not_there_is_said(report: smschain.Report) -> None:
    with pytest.raises(AttributeError, match="there is no `divergenze` in this Report"):
        report.divergenze  # noqa: B018
    with pytest.raises(AttributeError, match="there is no `p95`, but count, mean_s"):
        report.latency.delivery.p95  # noqa: B018
    with pytest.raises(KeyError):
        report["latency.delivery.p95"]


def test_results_can_t_be_changed_but_a_dict_can(report: smschain.Report) -> None:
    with pytest.raises(AttributeError, match="can't be changed"):
        report.layers.accepted = 0
    plain = report.to_dict()
    plain["layers"].clear()
    assert report.to_dict()["layers"]


def test_parts_of_a_result_can_be_copied_and_sent(report: smschain.Report) -> None:
    for copied in (copy.deepcopy(report.layers), pickle.loads(pickle.dumps(report.layers))):
        assert copied == report.layers and copied.requested == report.layers.requested > 0


def test_a_notebook_shows_one_chart(report: smschain.Report) -> None:
    first = report.charts[0]
    assert first._repr_svg_() == first.svg and first.svg.startswith("<svg")
    assert repr(first) == f"<smschain.Chart {first.name}: {first.title}>"


def test_a_notebook_shows_the_answer_and_the_charts(report: smschain.Report) -> None:
    element = report._repr_html_()
    assert element.startswith('<div class="smschain-result">') and element.endswith("</div>")
    assert element.count("<svg") == len(report.charts) + 1, "the charts and the bar"
    answer = re.search(r'<p class="answer">(.*?)</p>', element)
    assert answer and "arrived on time" in answer[1]
    # Scripts don't run in a notebook that isn't trusted, and other files aren't there.
    assert "<script" not in element and "<link" not in element and "@import" not in element
    assert "prefers-color-scheme:dark" in element
    # Every style is of this element or of a chart.
    for style in re.findall(r"<style>(.*?)</style>", element, re.DOTALL):
        flat = re.sub(r"@media[^{]*\{(.*)\}\s*$", r"\1", style, flags=re.DOTALL)
        for rule in re.findall(r"([^{}]+)\{", flat):
            assert all(one.strip().startswith((".smschain-", "@media")) for one in rule.split(",")), rule


def test_two_results_in_a_notebook_share_no_id(small: Path) -> None:
    ids = [set(re.findall(r' id="([^"]+)"', smschain.run(small, seed=seed)._repr_html_())) for seed in (1, 2)]
    assert ids[0] and not ids[0] & ids[1]


def test_results_without_a_page_show_their_text(small: Path) -> None:
    story = smschain.trace(small, request=3)
    assert story is not None
    element = story._repr_html_()
    assert element.startswith('<div class="smschain-result">') and ">BX-" in element
    assert html.unescape(element).count(str(story)) == 1
    assert story.page() is None
    assert repr(story).startswith("<smschain.Story: BX-")


def test_the_command_gives_the_same(report: smschain.Report, small: Path) -> None:
    assert report.command == f"smschain run {small} --seed 7"
