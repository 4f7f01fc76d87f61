//! A design point, run until it is judged.

use std::ops::{ControlFlow, Range};

use super::judging::{Effort, Judging, Margin};
use super::objective::Objective;
use super::search::ObjectiveVerdict;
use crate::experiment::digest::Digest;
use crate::experiment::in_order::Workers;
use crate::experiment::in_step::{Broken, Points, in_step};
use crate::experiment::tally::Cell;
use crate::experiment::watch::Watch;

/// A point, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its metrics over the replications.
    pub cell: Cell,
    /// Their number.
    pub replications: u64,
    /// The verdict on the objective.
    pub verdict: ObjectiveVerdict,
    /// The margins that the verdict rests on, one a comparison.
    pub margins: Vec<Margin>,
}

/// Runs replications of the one point in `points` until `objective` is decided or `effort` spent.
/// `metrics` makes a replication's figures of its results; `watch` is asked for somebody who
/// watches the replications up to the next look.
///
/// # Errors
/// The first replication that broke conservation.
pub fn judge<W: Watch>(
    workers: &Workers,
    points: Points<'_>,
    objective: &Objective,
    effort: Effort,
    mut watch: impl FnMut(&Range<u64>) -> W,
    metrics: &impl Digest<Kept = Vec<Option<f64>>>,
) -> Result<Point, Broken> {
    let mut judging = Judging::new(objective, effort, points.parameters());
    while let Some(range) = judging.wanted() {
        let watch = watch(&range);
        in_step(workers, points, &[0], range, &watch, metrics, |_, row| {
            row.iter().for_each(|metrics| judging.push(metrics));
            ControlFlow::Continue(())
        })?;
        judging.look();
    }
    let (replications, verdict) = (judging.made(), judging.verdict());
    let (cell, margins) = judging.into_parts();
    Ok(Point { cell, replications, verdict, margins })
}
