//! Queues, providers and carriers: a row a station and a column a metric.

use super::Told;
use crate::report::document::{Block, Cell, On, Section, Table};
use crate::report::metric::{Kind, Metric, under};
use crate::report::number::used;
use crate::report::{Unit, read};

pub(super) fn stations(told: Told<'_>) -> Section {
    let note = "accepted: submits that the sender heard were accepted; truly accepted: copies that \
                the provider took, whatever the sender heard.";
    let section = Section::new("stations", "Stations")
        .with_all(routes(told))
        .with(table(told, "queues", "Queues", "queue"))
        .with(table(told, "providers", "Providers", "provider"));
    let section = if differs(told) { section.with(Block::remark(note)) } else { section };
    section
        .with(table(told, "carriers", "Carriers", "carrier"))
        .with(filters(told))
        .with(throttles(told))
        .on_page(Block::remark(
            "–: there is no such limit. Depths and shares are averages over time.",
        ))
}

/// Routes, where their weights change, or providers don't say it all.
fn routes(told: Told<'_>) -> Option<Table> {
    let all = |key| read::entries(told.report, key);
    let changes = all("routes").any(|(_, route)| read::number(route, "weight").is_some());
    let shown = changes || all("routes").count() > all("providers").count();
    shown.then(|| table(told, "routes", "Routes", "route"))
}

/// True if any provider took other submits than those the sender heard were accepted.
fn differs(told: Told<'_>) -> bool {
    read::entries(told.report, "providers")
        .any(|(_, own)| read::number(own, "accepted") != read::number(own, "truly_accepted"))
}

/// True if a daily cap held anything.
fn holds(told: Told<'_>) -> bool {
    read::entries(told.report, "carriers")
        .any(|(_, own)| read::number(own, "held").is_some_and(|count| count > 0.0))
}

/// True of the number of workers where it is the same all the time.
fn says_nothing(told: Told<'_>, key: &str, metric: &str) -> bool {
    matches!(metric, "mean_workers" | "max_workers" | "worker_hours")
        && read::entries(told.report, key)
            .all(|(_, own)| read::number(own, "mean_workers") == read::number(own, "max_workers"))
}

/// Of several limits the terminal has room for the one that is used most.
fn table(told: Told<'_>, key: &str, title: &str, what: &str) -> Table {
    // Filters have a table of their own.
    let columns: Vec<&Metric> =
        under(&format!("{key}.<name>")).filter(|metric| !metric.key().starts_with('<')).collect();
    let met_quiet_hours = read::entries(told.report, key).any(|(_, station)| {
        ["quiet_held", "quiet_refused"].iter().any(|key| read::number(station, key) > Some(0.0))
    });
    let columns: Vec<&Metric> = columns
        .into_iter()
        .filter(|metric| met_quiet_hours || !metric.key().starts_with("quiet_"))
        .collect();
    let limits = columns.iter().filter(|metric| metric.kind == Kind::Used);
    let limits: Vec<&&Metric> = limits.collect();
    let mut table = Table::new(format!("{key}-table"), title, what);
    for metric in &columns {
        let is_long = matches!(metric.key(), "mean_backlog" | "mean_busy_workers")
            || (limits.len() > 1 && metric.kind == Kind::Used)
            || (metric.key() == "truly_accepted" && !differs(told))
            || (metric.key() == "held" && !holds(told))
            || says_nothing(told, key, metric.key());
        table.push(metric.heading(), true, if is_long { On::Page } else { On::Both });
    }
    table = table.texts_on(On::Terminal, &["busiest"]);
    for (name, station) in read::entries(told.report, key) {
        let number = |metric: &Metric| read::number(station, metric.key());
        let mut cells = vec![Cell::text(name)];
        cells.extend(columns.iter().map(|metric| {
            let cell = Cell::quiet(metric.unit(), number(metric));
            if metric.is_sum() { cell.summed(told.runs) } else { cell }
        }));
        let most = limits.iter().filter_map(|metric| Some((metric.heading(), number(metric)?)));
        let most = most.filter(|own| own.1 > 0.0 && limits.len() > 1);
        let most = most.max_by(|a, b| a.1.total_cmp(&b.1));
        cells.push(match most {
            Some((limit, share)) => Cell::text(format!("{limit} {}", used(share))),
            None => Cell::nothing(),
        });
        table.row(cells);
    }
    table
}

/// Of stations with several throttles: a row each.
fn throttles(told: Told<'_>) -> Table {
    let mut table = Table::new("throttles-table", "Throttles", "throttle")
        .caption("Throttles of stations with several: used, and what each turned away of what came")
        .texts(&["station"])
        .numbers(&["used", "turned away", "share"]);
    for (kind, came) in [("providers", "submits"), ("carriers", "arrived")] {
        for (name, station) in read::entries(told.report, kind) {
            let came = read::number(station, came).filter(|&came| came > 0.0);
            let refused: Vec<_> = read::entries(station, "throttled_by").collect();
            for (throttle, used) in read::entries(station, "throttle_used") {
                let own = refused.iter().find(|(name, _)| *name == throttle);
                let count = own.and_then(|(_, count)| count.as_f64());
                let share = count.zip(came).map(|(count, came)| count / came);
                table.row(vec![
                    Cell::text(throttle),
                    Cell::text(format!("{} {name}", kind.trim_end_matches('s'))),
                    Cell::share(used.as_f64()),
                    Cell::quiet(Unit::Number, count).summed(told.runs),
                    Cell::share(share),
                ]);
            }
        }
    }
    table
}

fn filters(told: Told<'_>) -> Table {
    let mut table = Table::new("filters-table", "Filters", "filter")
        .caption("Filters: copies stopped, of those that arrived")
        .texts(&["carrier"])
        .numbers(&["stopped", "share"]);
    for (name, carrier) in read::entries(told.report, "carriers") {
        let arrived = read::number(carrier, "arrived").filter(|&arrived| arrived > 0.0);
        for (filter, count) in read::entries(carrier, "filtered") {
            let count = count.as_f64();
            let share = count.zip(arrived).map(|(count, arrived)| count / arrived);
            table.row(vec![
                Cell::text(filter),
                Cell::text(name),
                Cell::quiet(Unit::Number, count).summed(told.runs),
                Cell::share(share),
            ]);
        }
    }
    table
}
