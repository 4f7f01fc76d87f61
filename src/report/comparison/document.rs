//! The document of a comparison.

use super::super::document::{
    Block, Card, Cell, Document, On, Section, Table, Tone, charts, several,
};
use super::super::head::has_deadline;
use super::super::metric::truly;
use super::super::number::signed_with_interval;
use super::super::points::{Point, Points};
use super::super::read::{self, Figure, ReadFrom};
use super::super::{Unit, Value, label, unit};
use crate::experiment::metrics::HEADLINE;

/// The figures that policies are judged by at a glance.
const MAIN: [&str; 6] = [
    HEADLINE,
    "divergence.api_vs_outcome",
    "attempts.mean",
    "duplicates.copies",
    "cost.per_on_time",
    "latency.delivery.p95_s",
];

/// The document of a comparison.
pub(in crate::report) fn document(result: &Value) -> Document {
    let points = points(result);
    let policies = several(points.points.len() as u64, "policy").replace("policys", "policies");
    let facts = vec![policies, "common random numbers".to_owned()];
    let mut document = Document::new(result, "retry policies compared", facts);
    document.answer = match read::text(result, "verdict.text") {
        "" => "The file has no verdict: it is of an earlier version.".to_owned(),
        text => text.to_owned(),
    };
    let pairs = Pairs {
        baseline: read::text(result, "baseline"),
        pairs: read::list(result, "pairs"),
        has_deadline: has_deadline(result),
    };
    let subject = subject(result);
    let known = [HEADLINE, "divergence.api_vs_outcome"];
    let more: Vec<&str> = Some(subject)
        .filter(|path| !known.contains(path) && !MAIN.contains(path))
        .into_iter()
        .collect();
    let stars = (read::text_at(result, "verdict.best").is_some()).then(|| {
        Block::remark(
            "★ best mean; ☆ may be the best as well by what decides, as far as these replications can \
             tell (95 %).",
        )
    });
    document.sections = vec![
        Card::section(winning(result, &points, &pairs)),
        charts(),
        points.main("Retry policies on common random numbers", &more, true).with_all(stars),
        points.ends(),
        pairs.against(&points, subject),
        pairs.all(),
        points.all(),
    ];
    document
}

fn points(result: &Value) -> Points<'_> {
    let best = read::text(result, "verdict.best");
    let as_good = read::list(result, "verdict.may_be_as_good");
    let cells = read::list(result, "cells");
    let n = |cell: &Value| {
        read::at(cell, "metrics").and_then(|all| all.get(HEADLINE)?.get("n")?.as_f64())
    };
    // Those that can't be the best are not simulated further.
    let unequal = cells.iter().any(|cell| n(cell) != cells.first().and_then(n));
    let point = |cell| {
        let name = read::text(cell, "policy");
        let mark = match name {
            name if name == best => Cell::text("★").toned(Tone::Good),
            name if as_good.iter().any(|own| own == name) => Cell::text("☆"),
            _ => Cell::default(),
        };
        let known = [mark].into_iter().chain(unequal.then(|| Cell::count(n(cell))));
        Point::new(name.to_owned(), vec![Cell::code(name)], known.collect(), cell)
    };
    let known =
        [("best".to_owned(), false)].into_iter().chain(unequal.then(|| ("n".to_owned(), true)));
    let at = vec![("policy".to_owned(), false)];
    Points::new(result, at, known.collect(), cells.iter().map(point).collect())
}

/// The figure that decides.
fn subject(result: &Value) -> &str {
    read::text_at(result, "decision.path").unwrap_or(HEADLINE)
}

/// The cards of the best policy: the one that the verdict names.
fn winning(result: &Value, points: &Points<'_>, pairs: &Pairs<'_>) -> Vec<Option<Card>> {
    let best = read::text(result, "verdict.best");
    let Some(point) = points.points.iter().find(|point| point.name == best) else {
        return Vec::new();
    };
    let arrives = if pairs.has_deadline { "arrives on time" } else { "is delivered" };
    let each = if pairs.has_deadline { "on time" } else { "delivered" };
    let lead = pairs.of(best, HEADLINE).and_then(|pair| {
        let difference = read::number(pair, "difference")?;
        let half = read::number(pair, "half_width");
        let (more, half) = signed_with_interval(Unit::Share, -difference, half);
        let verdict = format!("{half} points of what {arrives}: {}", read::text(pair, "verdict"));
        Some(Card::text("Against the baseline", format!("{more} points"), verdict))
    });
    let [arrived, p95] = points.cards(point, &format!("of what the API accepted, under {best}"));
    let cost = truly("cost.per_on_time", pairs.has_deadline);
    let cost =
        Card::metric(ReadFrom::Cell(point.metrics), cost, &format!("for each message {each}"));
    vec![arrived, lead, p95, cost]
}

/// Differences from the baseline.
struct Pairs<'tree> {
    baseline: &'tree str,
    pairs: &'tree [Value],
    has_deadline: bool,
}

impl Pairs<'_> {
    fn of(&self, policy: &str, path: &str) -> Option<&Value> {
        self.pairs
            .iter()
            .find(|pair| read::text(pair, "policy") == policy && read::text(pair, "path") == path)
    }

    /// Policies against the baseline, for what decides and for what matters most.
    fn against(&self, points: &Points<'_>, subject: &str) -> Section {
        let known = |path: &&str| self.pairs.iter().any(|pair| read::text(pair, "path") == *path);
        let mut shown: Vec<&str> = MAIN.into_iter().filter(|path| *path != subject).collect();
        shown.insert(0, subject);
        shown.retain(known);
        let title = format!("Against {}", self.baseline);
        let mut table = Table::new("against", title, "policy")
            .caption(format!("Differences from {}", self.baseline));
        for (index, path) in shown.iter().enumerate() {
            table.push(label(truly(path, self.has_deadline)), true, On::Both);
            if index == 0 {
                table.push("variance ÷", true, On::Both);
            }
        }
        for point in points.points.iter().filter(|point| point.name != self.baseline) {
            let mut cells = vec![Cell::code(point.name.as_str())];
            for (index, path) in shown.iter().enumerate() {
                let pair = self.of(&point.name, path);
                cells.push(pair.map_or_else(Cell::nothing, |pair| {
                    let verdict = read::text(pair, "verdict");
                    difference(pair).noted(if verdict == "undecided" { "" } else { verdict })
                }));
                let fewer = pair.and_then(|pair| read::number(pair, "variance_reduction"));
                cells.extend((index == 0).then(|| Cell::count(fewer)));
            }
            table.row(cells);
        }
        Section::new("differences", "Against the baseline").with(table).with(Block::remark(
            "Paired on common random numbers; shares in percentage points. ± is half an interval \
             that holds for all policies together with 95 % (Bonferroni); better, worse: it leaves \
             out 0. variance ÷: without common random numbers it would take so many times the \
             replications, for what decides.",
        ))
    }

    /// All differences that there are.
    fn all(&self) -> Section {
        let mut table =
            Table::new("pairs", format!("Differences from {}, by path", self.baseline), "path")
                .texts(&["policy"])
                .numbers(&["difference"])
                .texts(&["verdict"]);
        let differs = |pair: &&Value| read::number(pair, "difference").unwrap_or(0.0) != 0.0;
        for pair in self.pairs.iter().filter(differs) {
            let text = |key| read::text(pair, key);
            table.row(vec![
                Cell::code(text("path")),
                Cell::code(text("policy")),
                difference(pair),
                Cell::text(text("verdict")).toned(tone(text("verdict"))),
            ]);
        }
        Section::new("all-differences", "All differences")
            .folded("Every difference from the baseline")
            .on_page(Block::remark("Figures that are the same under both policies are left out."))
            .on_page(table)
    }
}

fn difference(pair: &Value) -> Cell {
    let Figure { value, half_width } = read::estimate(Some(pair), "difference");
    let figure = Figure { value, half_width };
    Cell::change(unit(read::text(pair, "path")), figure).toned(tone(read::text(pair, "verdict")))
}

fn tone(verdict: &str) -> Tone {
    match verdict {
        "better" => Tone::Good,
        "worse" => Tone::Bad,
        _ => Tone::Plain,
    }
}
