//! Queues, providers and carriers.

use maud::html;

use super::super::section::{Section, remark};
use super::super::sheet::{Cell, Sheet};
use crate::report::metric::{Metric, under};
use crate::report::read;
use crate::report::{Unit, Value};

pub(super) fn stations(report: &Value) -> Option<Section> {
    let queues = sheet(report, "queues", "Queues", "queue");
    let providers = sheet(report, "providers", "Providers: submits and their results", "provider");
    let carriers = sheet(report, "carriers", "Carriers: copies and their ends", "carrier");
    let filters = filters(report);
    let inside = html! {
        (queues)
        (providers)
        (carriers)
        (filters)
        (remark(
            "–: there is no such limit. Depths and shares are averages over time. Accepted: \
             submits that the sender heard were accepted; truly accepted: copies that the provider \
             took, whatever the sender heard.",
        ))
    };
    Section::new("stations", "Stations", inside)
}

fn sheet(report: &Value, key: &str, caption: &str, name: &str) -> Sheet {
    // Filters have a table of their own.
    let columns: Vec<&Metric> =
        under(&format!("{key}.<name>")).filter(|metric| !metric.key().starts_with('<')).collect();
    let headings: Vec<&str> = columns.iter().map(|metric| metric.heading()).collect();
    let mut sheet = Sheet::new(format!("{key}-table"), caption).texts(&[name]).numbers(&headings);
    let runs = read::number(report, "replications");
    for (name, station) in read::entries(report, key) {
        let mut cells = vec![Cell::text(name)];
        cells.extend(columns.iter().map(|metric| match read::number(station, metric.key()) {
            Some(0.0) => Cell::quiet_count(Some(0.0)),
            value => {
                let cell = Cell::value(metric.unit(), value);
                cell.summed(Unit::Number, value, runs.filter(|_| metric.is_sum()))
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
