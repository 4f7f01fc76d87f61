//! Over-dispersion: whether the parts of a log vary by more than those of the fitted scenario's runs.
//!
//! Messages of a log may fail or be slow together where those of its scenario do so one by one: people
//! who ask again, for example, mostly do so because their handset is away. Then each figure varies by more
//! than its runs say. The factor is found where the scenario was fitted, so that it owes nothing to what
//! is judged.

use std::collections::BTreeMap;

use super::figures::{QUANTILES, counts, names};
use crate::fit::gather::{Cell, Gathered, kind};
use crate::kernel::SECOND;
use crate::logs::{Row, Status};

/// Parts that are compared, and the fewest that tell anything.
const PARTS: i64 = 16;
const FEWEST: usize = 8;

/// The successive parts of a span, counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    /// The beginning of each, and the end of the last.
    edges: Vec<i64>,
    cells: Vec<Cell>,
    /// `true` of those that an incident touches: they have no say.
    aside: Vec<bool>,
}

impl Parts {
    /// Parts of a log's `[from, to)`, of whole slices; `incidents` are the times of those that were found in it.
    pub(crate) fn of(log: &Gathered, (from, to): (i64, i64), incidents: &[(i64, i64)]) -> Parts {
        let edge = |part| log.nearest_slice(from + (to - from) / PARTS * part);
        let mut edges: Vec<i64> = (1..PARTS).map(edge).chain([to]).collect();
        edges.dedup();
        // The first request may be noted before the time at which it came.
        edges.insert(0, i64::MIN / 4);
        let cell = |pair: &[i64]| log.over(pair[0], pair[1], &[]).of(None, None);
        let cells = edges.windows(2).map(cell).collect();
        // What comes after an incident has waited for its end.
        let touched =
            |pair: &[i64]| incidents.iter().any(|own| own.0 < pair[1] && pair[0] <= own.1);
        let aside = edges.windows(2).map(touched).collect();
        Parts { edges, cells, aside }
    }

    /// The same parts, nothing counted yet.
    pub(crate) fn empty(&self) -> Parts {
        let (edges, aside) = (self.edges.clone(), self.aside.clone());
        Parts { edges, cells: vec![Cell::default(); self.cells.len()], aside }
    }

    /// Counts a row, requested then; `false` if it lies behind all parts.
    pub(crate) fn add(&mut self, at: i64, row: &Row<'_>) -> bool {
        let part = self.edges.partition_point(|&edge| edge <= at).saturating_sub(1);
        let Some(cell) = self.cells.get_mut(part) else { return false };
        cell.statuses[row.status as usize] += 1;
        kind(row).into_iter().for_each(|kind| cell.failures[kind as usize] += 1);
        if let Some(done) = row.done.filter(|_| row.status == Status::Delivered) {
            cell.cycle.add(u64::try_from(done.0 - at).unwrap_or(0));
        }
        true
    }

    /// The durations that a share of those beside incidents does not exceed, ns.
    pub(crate) fn quantiles(&self) -> [u64; QUANTILES.len()] {
        let mut all = Cell::default();
        let usual = self.cells.iter().zip(&self.aside).filter(|(_, aside)| !**aside);
        usual.for_each(|(cell, _)| all.merge(cell));
        let at = |(_, share): (&str, f64)| all.cycle.quantile(share).unwrap_or(0.0);
        QUANTILES.map(|own| (at(own) * SECOND as f64) as u64)
    }

    /// The shares of all parts together that came to an end of each kind, and that came within a time.
    pub(crate) fn ends(&self) -> Vec<(String, f64)> {
        let mut all = Cell::default();
        self.cells.iter().for_each(|cell| all.merge(cell));
        let is_end = |name: &str| {
            name == "delivered" || ["states.", "within."].iter().any(|kind| name.starts_with(kind))
        };
        let shares = names().into_iter().zip(counts(&all, &[])).filter(|(name, _)| is_end(name));
        shares.map(|(name, (hits, of))| (name, hits as f64 / of.max(1) as f64)).collect()
    }

    /// Each figure's value in each part and its weight, if the part has any.
    fn values(&self, quantiles: &[u64]) -> BTreeMap<String, Vec<Option<[f64; 2]>>> {
        let mut values: BTreeMap<String, Vec<Option<[f64; 2]>>> = BTreeMap::new();
        for cell in &self.cells {
            for (name, (hits, of)) in names().into_iter().zip(counts(cell, quantiles)) {
                let share = (of > 0).then(|| [hits as f64 / of as f64, of as f64]);
                values.entry(name).or_default().push(share);
            }
            let rows = cell.rows() as f64;
            values.entry("volume".to_owned()).or_default().push(Some([rows, 1.0 / rows.max(1.0)]));
        }
        values
    }
}

/// The variance of each figure over the parts of a log, in those of the runs' parts; at least one.
pub(crate) fn factors(log: &Parts, runs: &[Parts]) -> BTreeMap<String, f64> {
    let quantiles = log.quantiles();
    let runs: Vec<_> = runs.iter().map(|run| run.values(&quantiles)).collect();
    let of = |(name, seen): (String, Vec<Option<[f64; 2]>>)| {
        let known = |part: &usize| {
            !log.aside.get(*part).copied().unwrap_or(false)
                && seen[*part].is_some()
                && runs.iter().all(|run| run[&name][*part].is_some())
        };
        let parts: Vec<usize> = (0..seen.len()).filter(known).collect();
        let taken = |values: &[Option<[f64; 2]>]| -> Vec<[f64; 2]> {
            parts.iter().filter_map(|&part| values[part]).collect()
        };
        let runs: Vec<_> = runs.iter().map(|run| taken(&run[&name])).collect();
        (name, factor(&taken(&seen), &runs))
    };
    log.values(&quantiles).into_iter().map(of).collect()
}

/// The same of one figure: values and weights by parts.
fn factor(seen: &[[f64; 2]], runs: &[Vec<[f64; 2]>]) -> f64 {
    let n = runs.len() as f64;
    if seen.len() < FEWEST || n < 2.0 {
        return 1.0;
    }
    let mean = |part: usize, of: usize| runs.iter().map(|run| run[part][of]).sum::<f64>() / n;
    let means: Vec<[f64; 2]> = (0..seen.len()).map(|part| [mean(part, 0), mean(part, 1)]).collect();
    // Around its own mean: a level that is off is not dispersion.
    let scatter = |values: &[[f64; 2]]| {
        let offs = || values.iter().zip(&means).map(|(own, mean)| (own[0] - mean[0], mean[1]));
        let weights: f64 = offs().map(|(_, weight)| weight).sum();
        let middle = offs().map(|(off, weight)| weight * off).sum::<f64>() / weights;
        offs().map(|(off, weight)| weight * (off - middle) * (off - middle)).sum::<f64>()
    };
    let usual = runs.iter().map(|run| scatter(run)).sum::<f64>() / n;
    if usual > 0.0 {
        // The means are of the runs, and a run is part of them.
        (scatter(seen) / usual * (n - 1.0) / (n + 1.0)).max(1.0)
    } else {
        1.0
    }
}
