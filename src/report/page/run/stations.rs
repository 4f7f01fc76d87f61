//! Queues, providers and carriers.

use maud::html;

use super::super::figure::Source;
use super::super::section::{Section, remark};
use super::super::sheet::{Cell, Sheet};
use crate::report::read;
use crate::report::unit;
use crate::report::{Unit, Value};

/// Heading and key of a column.
type Columns<'a> = &'a [(&'a str, &'a str)];

const QUEUES: Columns<'_> = &[
    ("mean depth", "mean_depth"),
    ("deepest", "max_depth"),
    ("busy workers", "mean_busy_workers"),
    ("utilisation", "utilisation"),
    ("expired", "expired"),
    ("discarded", "discarded"),
];
const PROVIDERS: Columns<'_> = &[
    ("submits", "submits"),
    ("seen accepted", "accepted"),
    ("truly accepted", "truly_accepted"),
    ("throttled", "throttled"),
    ("queue full", "queue_full"),
    ("transient", "transient"),
    ("permanent", "permanent"),
    ("timeout", "timeout"),
    ("lost", "lost"),
    ("window busy", "window_utilisation"),
    ("servers busy", "server_utilisation"),
    ("throttle used", "throttle_utilisation"),
    ("mean backlog", "mean_backlog"),
    ("longest backlog", "max_backlog"),
];
const CARRIERS: Columns<'_> = &[
    ("arrived", "arrived"),
    ("throttled", "throttled"),
    ("capped", "capped"),
    ("delivered", "delivered"),
    ("expired", "expired"),
    ("unknown subscriber", "unknown_subscriber"),
    ("lost", "lost"),
    ("throttle used", "throttle_utilisation"),
    ("deepest", "max_depth"),
];

/// Columns that are sums over replications; the others are means and maxima.
const SUMS: [&str; 14] = [
    "expired",
    "discarded",
    "submits",
    "accepted",
    "throttled",
    "queue_full",
    "transient",
    "permanent",
    "timeout",
    "lost",
    "arrived",
    "capped",
    "delivered",
    "unknown_subscriber",
];

pub(super) fn stations(report: &Value) -> Option<Section> {
    let queues = sheet(report, "queues", "Queues", "queue", QUEUES);
    let providers =
        sheet(report, "providers", "Providers: submits and their results", "provider", PROVIDERS);
    let carriers =
        sheet(report, "carriers", "Carriers: copies and their ends", "carrier", CARRIERS);
    let filters = filters(report);
    let inside = html! {
        (queues)
        (providers)
        (carriers)
        (filters)
        (remark(
            "–: there is no such limit. Depths and shares are averages over time. Seen accepted: \
             submits that the sender heard were accepted; truly accepted: copies that the provider \
             took, whatever the sender heard.",
        ))
    };
    Section::new("stations", "Stations", inside)
}

fn sheet(report: &Value, key: &str, caption: &str, name: &str, columns: Columns<'_>) -> Sheet {
    let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
    let mut sheet = Sheet::new(format!("{key}-table"), caption).texts(&[name]).numbers(&headings);
    let run = Source::Run(report);
    let runs = run.value("replications");
    for (station, _) in read::entries(report, key) {
        let mut cells = vec![Cell::text(station)];
        cells.extend(columns.iter().map(|(_, column)| {
            let path = format!("{key}.{station}.{column}");
            let value = run.value(&path);
            match value {
                Some(0.0) => Cell::quiet_count(value),
                _ => {
                    let cell = Cell::value(unit(&path), value);
                    let runs = runs.filter(|_| SUMS.contains(column));
                    cell.summed(Unit::Number, value, runs)
                }
            }
        }));
        sheet.row(cells);
    }
    sheet
}

fn filters(report: &Value) -> Sheet {
    let mut sheet = Sheet::new("filters-table", "Filters: copies stopped, of those that arrived")
        .texts(&["filter", "carrier"])
        .numbers(&["stopped", "share"]);
    let runs = read::number(report, "replications");
    for (name, carrier) in read::entries(report, "carriers") {
        let arrived = read::number(carrier, "arrived").filter(|&arrived| arrived > 0.0);
        for (filter, count) in read::entries(carrier, "filtered") {
            let count = count.as_f64();
            let share = count.zip(arrived).map(|(count, arrived)| count / arrived);
            sheet.row(vec![
                Cell::text(filter),
                Cell::text(name),
                Cell::quiet_count(count).summed(Unit::Number, count, runs),
                Cell::share(share),
            ]);
        }
    }
    sheet
}
