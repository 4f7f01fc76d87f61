//! Queues, providers and carriers: a column a metric.

use super::super::metric::{CARRIERS, Get, Kind, Metric, Named, Of, PROVIDERS, QUEUES, Row};
use super::super::{Facts, Value};
use super::Page;
use super::grid::Grid;
use super::paint::Ink;
use super::per_run::mean;
use super::text::{listed, plain, wrapped};
use crate::report::number::{cell, count, used};

const NOTE: &str = "accepted: as the sender saw it; truly accepted: copies that the provider took, \
                    whatever the sender heard.";
/// What stands where nothing is.
const NOTHING: &str = "·";

/// The queues; one that never held anything isn't news.
pub(super) fn queues(facts: &Facts<'_>, page: &Page) -> String {
    let (settings, counted) = (&facts.spec.queues, &facts.results().queues);
    grid("Queues", QUEUES, facts, settings, counted, &["mean_busy_workers"], true).set(page)
}

/// The providers.
pub(super) fn providers(facts: &Facts<'_>, page: &Page) -> String {
    let (settings, counted) = (&facts.spec.providers, &facts.results().providers);
    // What a provider accepted behind a time-out, or timed out before it answered.
    let accepted = crate::chain::AttemptResult::Accepted as usize;
    let differs = counted.iter().any(|own| own.truly_accepted != own.results[accepted]);
    let without = ["mean_backlog", if differs { "" } else { "truly_accepted" }];
    let table = grid("Providers", PROVIDERS, facts, settings, counted, &without, false).set(page);
    if differs && !table.is_empty() { table + &wrapped(NOTE, page.width, 2) } else { table }
}

/// The carriers and their filters.
pub(super) fn carriers(facts: &Facts<'_>, page: &Page) -> String {
    let (settings, counted) = (&facts.spec.carriers, &facts.results().carriers);
    let mut lines = grid("Carriers", CARRIERS, facts, settings, counted, &[], false).set(page);
    let mut filters = Vec::new();
    for (carrier, counted) in settings.iter().zip(counted) {
        let taken = carrier.filters.iter().zip(&counted.filtered).filter(|(_, taken)| **taken > 0);
        filters.extend(taken.map(|(filter, &taken)| {
            format!("{} {}", plain(&format!("{}/{}", carrier.name, filter.name)), count(taken))
        }));
    }
    if let Some(first) = filters.first_mut() {
        *first = format!("filters: {first}");
    }
    for line in listed(&filters, page.width - 2) {
        lines.push_str(&format!("  {line}\n"));
    }
    lines
}

/// A row a station and a column a metric, but for those `without`; of several limits the one that
/// is used most.
fn grid<S: Named, C>(
    title: &str,
    rows: &[Row<Get<S, C>>],
    facts: &Facts<'_>,
    settings: &[S],
    counted: &[C],
    without: &[&str],
    idle_left_out: bool,
) -> Grid {
    let is_limit = |metric: &Metric| metric.kind == Kind::Used;
    let several = rows.iter().filter(|row| is_limit(&row.metric)).count() > 1;
    let shown: Vec<_> = rows
        .iter()
        .filter(|row| !(several && is_limit(&row.metric) || without.contains(&row.metric.key())))
        .collect();
    let mut grid = Grid::new(title);
    for row in &shown {
        grid = grid.number(row.metric.heading());
    }
    if several {
        grid = grid.text("busiest");
    }
    let runs = facts.results().replications;
    for (own, counted) in settings.iter().zip(counted) {
        let of = Of(facts, own, counted);
        let values: Vec<(Kind, f64)> =
            shown.iter().map(|row| (row.metric.kind, sum(&(row.get)(&of)))).collect();
        if idle_left_out && values.iter().all(|&(_, value)| value == 0.0) {
            continue;
        }
        let limits = rows.iter().filter(|row| several && is_limit(&row.metric));
        let limits = limits.map(|row| (row.metric.heading(), sum(&(row.get)(&of))));
        let most = limits.filter(|limit| limit.1 > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
        let busiest = most.map(|(limit, share)| format!("{limit} {}", used(share)));
        let mut cells: Vec<String> =
            values.iter().map(|&(kind, value)| written(kind, value)).collect();
        cells.extend(several.then(|| busiest.unwrap_or_else(|| NOTHING.to_owned())));
        grid.row(own.name(), cells);
        let is_sum = |&(kind, value): &(Kind, f64)| kind == Kind::Count && value > 0.0;
        if runs > 1 && values.iter().any(is_sum) {
            let each = values.iter().map(|value| {
                let each = if is_sum(value) { mean(value.1, runs) } else { NOTHING.to_owned() };
                (each, Ink::Faint)
            });
            let rest = several.then(|| (NOTHING.to_owned(), Ink::Faint));
            grid.inked("  a run", each.chain(rest).collect());
        }
    }
    grid
}

/// A value, or all of what goes by names; what isn't defined is nothing.
fn sum(value: &Value) -> f64 {
    match value.as_object() {
        Some(entries) => entries.values().filter_map(Value::as_f64).sum(),
        None => value.as_f64().unwrap_or(0.0),
    }
}

fn written(kind: Kind, value: f64) -> String {
    match kind {
        _ if value == 0.0 => NOTHING.to_owned(),
        Kind::Used => used(value),
        Kind::Mean => format!("{value:.1}"),
        _ => cell(value as u64),
    }
}
