//! The figures of each carrier, provider and sender, and of each provider to each carrier.
//!
//! A fitted scenario has one latency and one share of failures for each provider and each carrier, whoever sends
//! and by whichever way: where senders or ways differ, what is right of all together is right of none of them.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{Figure, Grain, Part, quantile, share};
use super::pooled::group;
use crate::fit::gather::{Durations, Gathered, Names, Slice};
use crate::logs::Status;

/// Quantiles of the latencies of one carrier; of senders and pairs the first.
const QUANTILES: [(&str, f64); 2] = [("p50_s", 0.5), ("p95_s", 0.95)];
/// Requests without which nothing is compared by itself.
const LEAST: u64 = 50;
/// Senders and pairs of provider and carrier that are compared, those of the most requests.
const SENDERS: usize = 8;
const PAIRS: usize = 16;

/// Figures of one carrier, provider, sender or pair.
pub(super) fn is_apart(path: &str) -> bool {
    ["carriers.", "providers.", "senders.", "pairs."].iter().any(|kind| path.starts_with(kind))
}

/// The messages of one sender or pair.
struct Group<'slice> {
    rows: u64,
    delivered: u64,
    cycle: &'slice Durations,
}

/// Senders and pairs by their paths without ends.
fn groups<'slice>(
    log: &Gathered,
    all: &'slice Slice,
) -> impl Iterator<Item = (String, Group<'slice>)> {
    let senders = all.streams.iter().map(|(&sender, own)| {
        let path = format!("senders.{}", log.senders.get(sender));
        (path, Group { rows: own.rows, delivered: own.delivered, cycle: &own.cycle })
    });
    let pairs = all.cells.iter().map(|(&(provider, carrier), own)| {
        let path = format!("pairs.{}.{}", log.providers.get(provider), log.carriers.get(carrier));
        let delivered = own.status(Status::Delivered);
        (path, Group { rows: own.rows(), delivered, cycle: &own.cycle })
    });
    let (senders, pairs): (Vec<_>, Vec<_>) = (senders.collect(), pairs.collect());
    senders.into_iter().chain(pairs)
}

/// The figures of all of them; a log of one has them, too.
pub(super) fn apart(
    log: &Gathered,
    all: &Slice,
    timed: bool,
    grain: Grain,
) -> Vec<(String, Figure)> {
    let mut figures = Vec::new();
    let rows = all.rows();
    // One of which nothing was kept out has a share, too.
    let whole = log.over(i64::MIN / 2, i64::MAX / 2, &[]);
    for (name, number) in by_name(&log.carriers, whole.cells.keys().map(|key| key.1)) {
        let own = all.of(None, Some(number));
        let path = |figure: &str| format!("carriers.{name}.{figure}");
        figures.push(share(path("share"), (own.rows(), rows)));
        if own.rows() < LEAST {
            continue;
        }
        figures.push(share(path("delivered"), (own.status(Status::Delivered), own.rows())));
        for (figure, at) in QUANTILES.into_iter().filter(|_| timed) {
            figures.push((path(figure), quantile(&own.cycle, at, grain)));
        }
    }
    for (name, number) in by_name(&log.providers, whole.cells.keys().map(|key| key.0)) {
        let own = all.of(Some(number), None);
        figures.push(share(format!("providers.{name}.share"), (own.rows(), rows)));
    }
    for (path, own) in groups(log, all).filter(|(_, own)| own.rows >= LEAST) {
        figures.push(share(format!("{path}.delivered"), (own.delivered, own.rows)));
        for (figure, at) in QUANTILES.into_iter().take(1).filter(|_| timed) {
            figures.push((format!("{path}.{figure}"), quantile(own.cycle, at, grain)));
        }
    }
    figures
}

/// Numbers by their names.
fn by_name(names: &Names, numbers: impl Iterator<Item = u16>) -> BTreeMap<&str, u16> {
    numbers.map(|number| (names.get(number), number)).collect()
}

/// The times to delivery by which quantiles are compared, by the paths of those without their ends: of all
/// messages, and of each carrier, sender and pair.
pub(super) fn cycles(log: &Gathered, part: Part) -> BTreeMap<String, Durations> {
    let all = part.of(log);
    let whole = ("latency".to_owned(), all.of(None, None).cycle);
    let each = by_name(&log.carriers, all.cells.keys().map(|key| key.1));
    let each = each
        .into_iter()
        .map(|(name, number)| (format!("carriers.{name}"), all.of(None, Some(number)).cycle));
    let groups = groups(log, &all).map(|(path, own)| (path, own.cycle.clone()));
    std::iter::once(whole).chain(each).chain(groups).collect()
}

/// The carriers, providers, senders and pairs that are compared by themselves.
pub(super) struct Apart {
    /// Their paths without ends.
    paths: BTreeSet<String>,
    /// Kinds of which not all are, a sentence each.
    pub(super) many: Vec<String>,
}

impl Apart {
    /// Those of a part that is kept out which the part `earlier` has, too, where it has several.
    pub(super) fn of(log: &Gathered, hidden: &Slice, earlier: &Slice) -> Apart {
        let mut apart = Apart { paths: BTreeSet::new(), many: Vec::new() };
        let (providers, carriers): (BTreeSet<u16>, BTreeSet<u16>) =
            earlier.cells.keys().copied().unzip();
        let of = |kind: &str, names: &Names, numbers: &BTreeSet<u16>| {
            let paths = numbers.iter().map(|&number| format!("{kind}.{}", names.get(number)));
            paths.filter(|_| numbers.len() > 1).collect::<Vec<_>>()
        };
        apart.paths.extend(of("providers", &log.providers, &providers));
        apart.paths.extend(of("carriers", &log.carriers, &carriers));
        if earlier.streams.len() > 1 {
            let senders = hidden.streams.iter();
            let known = senders.filter(|(sender, _)| earlier.streams.contains_key(sender));
            let counts = known.map(|(&sender, own)| (log.senders.get(sender).to_owned(), own.rows));
            apart.largest("senders", "senders", counts.collect(), SENDERS);
        }
        // What goes to a carrier by one provider alone is all that goes to it.
        let ways = |carrier: u16| earlier.cells.keys().filter(|own| own.1 == carrier).count();
        let pairs = hidden.cells.iter();
        let known = pairs.filter(|(own, _)| earlier.cells.contains_key(own) && ways(own.1) > 1);
        let counts = known.map(|(&(provider, carrier), own)| {
            let provider = log.providers.get(provider);
            (format!("{provider}.{}", log.carriers.get(carrier)), own.rows())
        });
        apart.largest("pairs", "pairs of provider and carrier", counts.collect(), PAIRS);
        apart
    }

    /// Adds those of a kind that have the most rows, at most so many.
    fn largest(&mut self, kind: &str, told: &str, counts: Vec<(String, u64)>, most: usize) {
        let enough = counts.into_iter().filter(|(_, rows)| *rows >= LEAST);
        let mut counts: Vec<(String, u64)> = enough.collect();
        counts.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        if counts.len() > most {
            self.many.push(format!(
                "Of {} {told} with {LEAST} messages kept out or more, the {most} largest are compared by \
                 themselves.",
                counts.len()
            ));
        }
        let paths = counts.into_iter().take(most).map(|(name, _)| format!("{kind}.{name}"));
        self.paths.extend(paths);
    }

    /// True if a figure is of one of them.
    pub(super) fn compares(&self, path: &str) -> bool {
        self.paths.contains(group(path))
    }
}
