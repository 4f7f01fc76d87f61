//! The providers.

use super::super::Facts;
use super::Page;
use super::grid::Grid;
use super::per_run::a_run;
use super::text::wrapped;
use crate::chain::{AttemptResult, ProviderResults};
use crate::report::number::{self, cell};

const NOTE: &str = "accepted: as the sender saw it; truly: copies that the provider took, \
                    whatever the sender heard.";

pub(super) fn providers(facts: &Facts<'_>, page: &Page) -> String {
    let mut grid = Grid::new("Providers").numbers(&[
        "submits",
        "accepted",
        "throttled",
        "queue full",
        "transient",
        "permanent",
        "timeout",
        "truly",
        "lost",
        "backlog",
    ]);
    grid = grid.text("busiest");
    // What a provider accepted behind a time-out, or timed out before it answered.
    let heard = |counted: &ProviderResults| counted.results[AttemptResult::Accepted as usize];
    let differs =
        facts.results().providers.iter().any(|counted| counted.truly_accepted != heard(counted));
    for (provider, counted) in facts.spec.providers.iter().zip(&facts.results().providers) {
        let rate = provider.throttle.as_ref().map(|throttle| throttle.bucket.rate);
        let used = [
            ("window", facts.utilisation(counted.outstanding.area, provider.window)),
            ("servers", facts.utilisation(counted.serving.area, provider.servers)),
            ("throttle", facts.throttle_utilisation(counted.throttle_taken, rate)),
        ];
        let mut cells = vec![cell(counted.submits)];
        cells.extend(AttemptResult::ALL.map(|kind| cell(counted.results[kind as usize])));
        let truly = if differs { cell(counted.truly_accepted) } else { cell(0) };
        cells.extend([truly, cell(counted.lost), cell(counted.backlog.max)]);
        cells.push(busiest(&used));
        grid.row(&provider.name, cells);
        let sums = [counted.submits].into_iter();
        let sums = sums.chain(AttemptResult::ALL.map(|kind| counted.results[kind as usize]));
        a_run(
            &mut grid,
            facts,
            sums.chain([if differs { counted.truly_accepted } else { 0 }, counted.lost]).collect(),
            2,
        );
    }
    let table = grid.set(page);
    if differs && !table.is_empty() { table + &wrapped(NOTE, page.width, 2) } else { table }
}

/// The limit that is used most, and how much.
fn busiest(used: &[(&str, Option<f64>)]) -> String {
    let used = used.iter().filter_map(|&(limit, share)| Some((limit, share?)));
    let most = used.filter(|&(_, share)| share > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
    most.map_or_else(|| "·".to_owned(), |(limit, share)| format!("{limit} {}", number::used(share)))
}
