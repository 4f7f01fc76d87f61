//! An answer that holds because the API refuses what is too much: of what is asked for the objective
//! is kept no longer.

use super::{Capacity, Measured};
use crate::experiment::capacity::{Harder, ObjectiveVerdict};
use crate::expression::Expression;
use crate::report::refusing::{Refusing, refusing};

/// The values up to which an objective is kept without and with refusing.
#[derive(Debug, Clone, PartialEq)]
pub struct ByRefusing {
    /// At the answer.
    pub there: Refusing,
    /// The hardest value tried at which it is kept of all that is asked for.
    pub kept: Option<f64>,
    /// The easiest one beyond, where it is kept by refusing alone.
    pub from: f64,
}

impl Capacity<'_> {
    /// The way the objective is kept at the answer, if by refusing.
    #[must_use]
    pub fn by_refusing(&self) -> Option<ByRefusing> {
        let objective = Expression::parse(self.slo).ok()?;
        let answer = self.answer()?;
        let at = |measured: &Measured| refusing(&objective, |path| self.mean(measured, path));
        let there = at(self.point(answer)?)?;
        // From easy to hard, up to the answer.
        let mut kept = None;
        let met = |measured: &&Measured| measured.point.verdict == ObjectiveVerdict::Met;
        let mut points: Vec<&Measured> = self.points.iter().filter(met).collect();
        if self.axis.harder == Harder::Downwards {
            points.reverse();
        }
        for measured in points {
            if at(measured).is_some() {
                return Some(ByRefusing { there, kept, from: measured.value });
            }
            kept = Some(measured.value);
        }
        None
    }
}
