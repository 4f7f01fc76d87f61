//! Progress of a search, for a person who watches.

use crate::experiment::capacity::{ObjectiveVerdict, Outcome};
use crate::scenario::quantity::Quantity;

/// A point's verdict, and what is left to search: between which values, of how many tries.
pub(super) struct Far<'run> {
    /// The key that is searched for.
    pub(super) path: &'run str,
    pub(super) quantity: Quantity,
    /// Points tried, and at most.
    pub(super) tried: u64,
    pub(super) most: u64,
}

impl Far<'_> {
    /// The number of the point that is being tried, beside its bar.
    pub(super) fn next(tried: u64, most: u64) -> String {
        format!("point {} of at most {most}", tried + 1)
    }

    /// The line of a point that is done.
    pub(super) fn line(
        &self,
        text: &str,
        (verdict, replications): (ObjectiveVerdict, u64),
        known: &Outcome,
    ) -> String {
        let verdict = verdict.said();
        let (tried, most) = (self.tried, self.most);
        format!(
            "  {tried} of at most {most}: {} {text}: {verdict} after {replications} replications{}\n",
            self.path,
            self.left(known)
        )
    }

    fn left(&self, known: &Outcome) -> String {
        let value = |value: f64| self.quantity.write(value);
        match (known.feasible, known.infeasible) {
            (Some(kept), Some(missed)) => {
                format!("; it lies between {} (kept) and {} (missed)", value(kept), value(missed))
            }
            (Some(kept), None) => format!("; {} is kept, where is it missed?", value(kept)),
            (None, Some(missed)) => format!("; {} is missed, where is it kept?", value(missed)),
            (None, None) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::capacity::SearchAnswer;

    #[test]
    fn a_point_says_what_is_left() {
        let known = |feasible, infeasible| Outcome {
            answer: SearchAnswer::Undecided,
            feasible,
            infeasible,
            contradictions: Vec::new(),
        };
        let far = Far { path: "scale", quantity: Quantity::Number, tried: 3, most: 22 };
        let line = |feasible, infeasible| {
            far.line("1.5", (ObjectiveVerdict::Met, 40), &known(feasible, infeasible))
        };
        assert_eq!(
            line(Some(1.5), Some(2.0)),
            "  3 of at most 22: scale 1.5: kept after 40 replications; it lies between 1.5 (kept) \
             and 2 (missed)\n"
        );
        assert!(line(Some(1.5), None).ends_with("; 1.5 is kept, where is it missed?\n"));
        assert!(line(None, Some(1.0)).ends_with("; 1 is missed, where is it kept?\n"));
        assert!(line(None, None).ends_with("kept after 40 replications\n"));
        assert_eq!(Far::next(0, 22), "point 1 of at most 22");
    }
}
