//! Design points side by side: what became of their messages, and every figure of theirs.

use super::document::{Block, Card, Cell, Content, On, Section, Table, Tone};
use super::head::has_deadline;
use super::metric::{self, truly};
use super::outcome::{ON_TIME, Outcome, SILENT};
use super::read::{self, Figure, ReadFrom};
use super::{Better, Unit, Value, better, ends, label, names, unit};
use crate::experiment::metrics::HEADLINE;

/// So many points are shown figure by figure; `cells.csv` has them all.
const IN_FULL: usize = 64;
/// So many ends have a column of their own.
const ENDS: usize = 4;
/// Columns of figures beside the shares of what arrives: the drawing, what is accepted, what vanished, p50,
/// p95, duplicates, attempts, cost.
const COLUMNS: usize = 8;
/// Of a thousand messages that the API accepted.
const DUPLICATES: &str = "duplicates/1000";

/// A design point: a policy, a load, a value of each axis.
#[derive(Debug)]
pub(super) struct Point<'tree> {
    /// Its name where there is one.
    pub(super) name: String,
    /// The fields that say which it is.
    pub(super) at: Vec<Cell>,
    /// Other things known of it, before the figures.
    pub(super) known: Vec<Cell>,
    pub(super) metrics: &'tree Value,
}

/// Points, and the headings of their own fields: whether there are numbers under each.
pub(super) struct Points<'tree> {
    pub(super) has_deadline: bool,
    pub(super) at: Vec<(String, bool)>,
    pub(super) known: Vec<(String, bool)>,
    pub(super) points: Vec<Point<'tree>>,
}

impl<'tree> Point<'tree> {
    /// A point that is one of a result's cells.
    pub(super) fn new(name: String, at: Vec<Cell>, known: Vec<Cell>, cell: &'tree Value) -> Self {
        Point { name, at, known, metrics: cell.get("metrics").unwrap_or(&Value::Null) }
    }

    pub(super) fn figure(&self, path: &str) -> Figure {
        ReadFrom::Cell(self.metrics).figure(path)
    }

    /// The share of what the API accepted that arrived in time.
    pub(super) fn on_time(&self) -> Figure {
        self.figure(HEADLINE).complement()
    }

    /// In how many replications a figure is defined.
    pub(super) fn n(&self, path: &str) -> f64 {
        self.metrics.get(path).and_then(|own| read::number(own, "n")).unwrap_or(0.0)
    }

    /// A figure, or in how many replications it is defined.
    fn cell(&self, path: &str) -> Cell {
        self.known(path, self.figure(path))
    }

    fn known(&self, path: &str, figure: Figure) -> Cell {
        match (figure.value, self.n(path)) {
            (Some(_), _) => Cell::figure(unit(path), figure),
            (None, n) if n > 0.0 => Cell::text(format!("in {n}/{}", self.n(HEADLINE))),
            (None, _) if path.ends_with("recovery_s") => Cell::text("never"),
            (None, _) => Cell::text("undefined"),
        }
    }

    /// Copies too many, of a thousand accepted messages.
    fn duplicates(&self) -> Cell {
        let copies = self.figure("duplicates.copies");
        let accepted = self.figure("layers.api_success").value.filter(|&accepted| accepted > 0.0);
        let each = |count: Option<f64>| Some(1000.0 * count? / accepted?);
        let figure = Figure { value: each(copies.value), half_width: each(copies.half_width) };
        if figure.value == Some(0.0) {
            Cell::quiet(Unit::Number, Some(0.0))
        } else {
            Cell::figure(Unit::Number, figure)
        }
    }
}

impl<'tree> Points<'tree> {
    pub(super) fn new(
        result: &Value,
        at: Vec<(String, bool)>,
        known: Vec<(String, bool)>,
        points: Vec<Point<'tree>>,
    ) -> Points<'tree> {
        Points { has_deadline: has_deadline(result), at, known, points }
    }

    /// A table whose rows are the points.
    fn table(&self, id: &str) -> Table {
        // Whole paths where there is one.
        let title = match self.at.as_slice() {
            [(alone, _)] => alone.clone(),
            several => {
                let last = |own: &(String, bool)| own.0.rsplit('.').next().map(str::to_owned);
                several.iter().filter_map(last).collect::<Vec<_>>().join(" · ")
            }
        };
        let mut axes = self.at.iter();
        let table = Table::new(id, title, axes.next().map_or("", |own| &own.0));
        axes.fold(table, |table, (heading, is_number)| table.key(heading, *is_number))
    }

    /// The figures that matter most, a row a point; `more` are paths beside those. With `stars` the best
    /// mean of each column is marked.
    pub(super) fn main(&self, caption: &str, more: &[&str], stars: bool) -> Section {
        let mut table = self.table("cells").caption(caption);
        for (heading, is_number) in &self.known {
            table.push(heading, *is_number, On::Both);
        }
        for path in more {
            table.push(label(path), true, On::Both);
        }
        let gaps = if self.has_deadline { &["on time", "delivered"][..] } else { &["delivered"] };
        let recoveries = self.recoveries();
        table = table
            .texts_on(On::Page, &["what became of them"])
            .numbers(&["accepted"])
            .numbers(gaps)
            .numbers_on(On::Page, &["vanished in silence", &label("latency.delivery.p50_s")])
            .numbers(&[&label("latency.delivery.p95_s"), DUPLICATES, &label("attempts.mean")])
            .numbers(&[&label(truly("cost.per_on_time", self.has_deadline))]);
        for path in &recoveries {
            let alone = metric::at(path).filter(|_| recoveries.len() == 1);
            let heading = alone.map_or_else(|| label(path), |own| own.heading().to_owned());
            table.push(heading, true, On::Both);
        }
        for point in &self.points {
            let outcome = Outcome::of(ReadFrom::Cell(point.metrics), self.has_deadline);
            let of = |part| outcome.as_ref().and_then(|outcome| outcome.share(part));
            let drawing = outcome.map_or_else(Cell::default, |outcome| {
                Cell::drawn(Content::Outcome(outcome), Tone::Plain).sorted_by(of(ON_TIME))
            });
            let mut cells: Vec<Cell> = point.at.iter().chain(&point.known).cloned().collect();
            cells.extend(more.iter().map(|path| point.cell(path)));
            let accepted = outcome.as_ref().and_then(|outcome| outcome.accepted_share);
            cells.extend([drawing, Cell::share(accepted)]);
            let gaps = [HEADLINE, "divergence.api_vs_outcome"];
            let gaps = gaps.into_iter().skip(usize::from(!self.has_deadline));
            cells.extend(gaps.map(|gap| point.known(gap, point.figure(gap).complement())));
            cells.push(Cell::share(of(SILENT)));
            cells.extend(
                ["latency.delivery.p50_s", "latency.delivery.p95_s"].map(|path| point.cell(path)),
            );
            cells.extend([point.duplicates(), point.cell("attempts.mean")]);
            cells.push(match point.figure(truly("cost.per_on_time", self.has_deadline)) {
                Figure { value: Some(0.0), .. } => Cell::quiet(Unit::Money, Some(0.0)),
                figure => Cell::figure(Unit::Money, figure),
            });
            cells.extend(recoveries.iter().map(|path| point.cell(path)));
            table.row(cells);
        }
        if stars {
            let first = self.at.len() + self.known.len();
            for (column, path) in (first..).zip(more) {
                table.star(column, better(path));
            }
            // The shares that arrive, after the drawing; then what is lost, and what it costs.
            let shares = first + more.len() + 1..=first + more.len() + 1 + gaps.len();
            for column in
                *shares.start()..first + more.len() + COLUMNS + gaps.len() + recoveries.len()
            {
                let way = if shares.contains(&column) { Better::Higher } else { Better::Lower };
                table.star(column, Some(way));
            }
        }
        let partly = self.points.iter().find_map(|point| {
            let undefined = |path: &&&str| point.figure(path).value.is_none();
            let n = recoveries.iter().filter(undefined).map(|path| point.n(path));
            Some((n.filter(|&n| n > 0.0).reduce(f64::max)?, point.n(HEADLINE)))
        });
        Section::new("points", "Side by side")
            .with(table)
            .with_all(partly.map(|(n, all)| {
                Block::remark(format!(
                    "in {n}/{all}: there is such a figure in only {n} of {all} replications; \
                     leaving the others out would flatter it."
                ))
            }))
            .with(Block::remark(
                "accepted: of what was asked for; the other shares are of what was accepted. \
                 duplicates: copies too many for 1000 accepted. ± is half a 95 % interval over \
                 replications.",
            ))
            .on_page(Block::Legend(self.has_deadline))
    }

    fn recoveries(&self) -> Vec<&'tree str> {
        let is_one = |path: &&str| path.starts_with("incidents.") && path.ends_with(".recovery_s");
        self.paths().into_iter().filter(is_one).collect()
    }

    /// The ends of messages that did not arrive on time: a column an end, the largest first.
    pub(super) fn ends(&self) -> Section {
        let share = |point: &Point<'_>, truth| ends::share(truth, |path| point.figure(path).value);
        let largest =
            |truth| self.points.iter().filter_map(|point| share(point, truth)).fold(0.0, f64::max);
        // Of equal ones the order of reports.
        let mut found: Vec<_> = ends::others().map(|truth| (largest(truth), truth)).collect();
        found.retain(|(largest, _)| *largest > 0.0);
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        let ends: Vec<_> = found.into_iter().map(|(_, truth)| truth).collect();
        let named = if ends.len() == ENDS + 1 { ends.len() } else { ENDS.min(ends.len()) };
        let (named, others) = ends.split_at(named);
        let headings: Vec<&str> = named.iter().map(|truth| names::end(*truth)).collect();
        let mut table = self.table("ends");
        table = table.caption("Ends other than on time, of the accepted").numbers(&headings);
        if !others.is_empty() {
            table.push("others", true, On::Both);
        }
        for point in self.points.iter().filter(|_| !named.is_empty()) {
            let mut cells = point.at.clone();
            cells.extend(named.iter().map(|truth| Cell::quiet(Unit::Share, share(point, *truth))));
            let rest: f64 = others.iter().filter_map(|truth| share(point, *truth)).sum();
            cells.extend((!others.is_empty()).then(|| Cell::quiet(Unit::Share, Some(rest))));
            table.row(cells);
        }
        Section::new("rest", "Where the rest went").with(table)
    }

    /// Every figure that isn't nothing everywhere, a row a figure and a column a point.
    pub(super) fn all(&self) -> Section {
        let points = &self.points[..self.points.len().min(IN_FULL)];
        let mut table = Table::new("all", "Figures by their paths in the report", "path");
        points.iter().for_each(|point| table.push(&point.name, true, On::Page));
        for path in self.paths() {
            let figures: Vec<Figure> = points.iter().map(|point| point.figure(path)).collect();
            if figures.iter().all(|figure| figure.value.unwrap_or(0.0) == 0.0) {
                continue;
            }
            let figures = figures.into_iter().map(|figure| Cell::figure(unit(path), figure));
            table.row([Cell::code(path)].into_iter().chain(figures).collect());
        }
        let mut section =
            Section::new("all-figures", "All figures").folded("Every figure, with its interval");
        if self.points.len() > IN_FULL {
            section = section.on_page(Block::remark(format!(
                "The first {IN_FULL} of {} points; cells.csv has them all.",
                self.points.len()
            )));
        }
        section
            .on_page(Block::remark("Figures that are 0 or undefined at all points are left out."))
            .on_page(table)
    }

    fn paths(&self) -> Vec<&'tree str> {
        match self.points.first().map(|point| point.metrics) {
            Some(Value::Object(metrics)) => metrics.iter().map(|(path, _)| path.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The cards of a point: what arrives, and when.
    pub(super) fn cards(&self, point: &Point<'_>, remark: &str) -> [Option<Card>; 2] {
        let good = if self.has_deadline { "On time" } else { "Delivered" };
        [
            Card::figure(good, Unit::Share, point.on_time(), remark),
            Card::metric(ReadFrom::Cell(point.metrics), "latency.delivery.p95_s", remark),
        ]
    }
}
