//! The ends of messages: the parts of what the API accepted, and their words. Without a deadline
//! nothing is "on time", and what is still under way has not "never arrived".

use super::metric::truly;
use super::number::percent;
use super::read::ReadFrom;
use crate::chain::{Observed, Truth};

/// Counts of messages; in a cell, their means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    /// True if any message has a deadline: without one nothing is in time, or late.
    pub(super) has_deadline: bool,
    pub(super) requested: f64,
    pub(super) accepted: f64,
    /// The share of what was asked for that the API accepted; `None` if nothing was.
    pub(super) accepted_share: Option<f64>,
    /// The share of what was asked for that arrived as it should.
    pub(super) arrived: Option<f64>,
    /// Each part of the accepted, in the order of [`PARTS`].
    pub(super) parts: [f64; COUNT],
}

/// A part of what the API accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) name: &'static str,
    /// By which style and legend know it.
    pub(super) class: &'static str,
}

/// So many parts.
pub(super) const COUNT: usize = 5;
pub(super) const ON_TIME: usize = 0;
const LATE: usize = 1;
const TOLD: usize = 2;
pub(super) const SILENT: usize = 3;
pub(super) const OPEN: usize = 4;

/// The part that "on time" is without a deadline.
const DELIVERED: Part = Part { name: "delivered", class: "in-time" };

/// A part of what the API accepted, by its number in [`PARTS`].
pub(super) fn part(index: usize, has_deadline: bool) -> Part {
    match PARTS.get(index) {
        Some(part) if index != ON_TIME || has_deadline => *part,
        _ => DELIVERED,
    }
}

/// From what the sender hoped for to what it never hears of.
pub(super) const PARTS: [Part; COUNT] = [
    Part { name: "on time", class: "in-time" },
    Part { name: "late", class: "late" },
    Part { name: "failed, and said so", class: "told" },
    Part { name: "vanished in silence", class: "silent" },
    Part { name: "still on their way", class: "open" },
];

impl Outcome {
    /// `None` if the figures aren't there.
    pub(super) fn of(source: ReadFrom<'_>, has_deadline: bool) -> Option<Outcome> {
        let seen = |truth: Truth, told: bool| {
            Observed::ALL
                .iter()
                .filter(|&&state| tells_of_failure(state) == told)
                .map(|state| {
                    let path = format!("observed.{}.{}", truth.name(), state.name());
                    source.value(&path).unwrap_or(0.0)
                })
                .sum::<f64>()
        };
        let never =
            |told| lost().map(|truth| seen(truth, told)).fold(0.0, |sum, count| sum + count);
        let truth = |truth: Truth| source.value(&format!("truth.{}", truth.name()));
        let requested = source.value("layers.requested")?;
        let accepted = source.value("layers.api_success")?;
        // Files of before say it by the counts alone.
        let accepted_share = || (requested > 0.0).then(|| accepted / requested);
        Some(Outcome {
            has_deadline,
            requested,
            accepted,
            accepted_share: source.value("of_requested.accepted").or_else(accepted_share),
            arrived: source.value(truly("of_requested.on_time", has_deadline)),
            parts: [
                truth(Truth::DeliveredOnTime)?,
                truth(Truth::DeliveredLate)?,
                never(true),
                never(false),
                truth(Truth::Unresolved)?,
            ],
        })
    }

    /// A part's share of what the API accepted; `None` if that is nothing.
    pub(super) fn share(&self, part: usize) -> Option<f64> {
        (self.accepted > 0.0).then(|| self.parts.get(part).map(|part| part / self.accepted))?
    }

    /// The verb for those that arrived as they should.
    pub(super) fn verb(&self) -> &'static str {
        if self.has_deadline { "arrived on time" } else { "were delivered" }
    }

    fn never(&self) -> f64 {
        self.parts[TOLD] + self.parts[SILENT]
    }

    /// True if all of them became the same.
    pub(super) fn is_uniform(&self) -> bool {
        [self.parts[ON_TIME], self.parts[LATE], self.parts[OPEN], self.never()]
            .contains(&self.accepted)
    }

    /// `89.1 % arrived on time, 5.0 % late and 5.9 % never arrived`.
    pub(super) fn became(&self) -> String {
        const WAY: &str = "still on their way when the run ended";
        let never = self.never();
        let is_all = |part: f64| part == self.accepted;
        if is_all(self.parts[ON_TIME]) {
            return format!("all {}", self.verb());
        }
        if is_all(self.parts[LATE]) {
            return "all arrived late".to_owned();
        }
        if is_all(never) {
            return if self.has_deadline { "none arrived" } else { "none was delivered" }
                .to_owned();
        }
        if is_all(self.parts[OPEN]) {
            return format!("all were {WAY}");
        }
        let of = |part: f64| percent(part / self.accepted);
        let mut parts = vec![match (self.parts[ON_TIME], self.has_deadline) {
            (0.0, true) => "none arrived on time".to_owned(),
            (0.0, false) => "none was delivered".to_owned(),
            (on_time, _) => format!("{} {}", of(on_time), self.verb()),
        }];
        if self.parts[LATE] > 0.0 {
            let verb = if self.parts[ON_TIME] > 0.0 { "late" } else { "arrived late" };
            parts.push(format!("{} {verb}", of(self.parts[LATE])));
        }
        if never > 0.0 {
            parts.push(format!("{} never arrived", of(never)));
        }
        if self.parts[OPEN] > 0.0 {
            parts.push(format!("{} were {WAY}", of(self.parts[OPEN])));
        }
        let last = parts.pop().unwrap_or_default();
        format!("{} and {last}", parts.join(", "))
    }
}

/// The ends without a delivery.
fn lost() -> impl Iterator<Item = Truth> {
    Truth::ALL.into_iter().filter(|&truth| !truth.delivered() && truth != Truth::Unresolved)
}

/// True if a sender that sees this knows that there is something to be done.
const fn tells_of_failure(state: Observed) -> bool {
    match state {
        Observed::Undelivered | Observed::Rejected | Observed::Expired | Observed::Failed => true,
        Observed::Queued | Observed::Sent | Observed::Delivered | Observed::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_words_and_only_those_there_are() {
        let parts = |on_time: u32, late: u32, open: u32, has_deadline| {
            let never = f64::from(10 - on_time - late - open);
            let parts = [on_time.into(), late.into(), never, 0.0, open.into()];
            let (requested, accepted) = (10.0, 10.0);
            let (accepted_share, arrived) = (Some(1.0), None);
            Outcome { has_deadline, requested, accepted, accepted_share, arrived, parts }.became()
        };
        for (counts, said) in [
            ((10, 0, 0, true), "all arrived on time"),
            ((10, 0, 0, false), "all were delivered"),
            ((0, 10, 0, true), "all arrived late"),
            ((0, 0, 0, true), "none arrived"),
            ((0, 0, 0, false), "none was delivered"),
            ((0, 0, 10, false), "all were still on their way when the run ended"),
            ((6, 3, 0, true), "60.0 % arrived on time, 30.0 % late and 10.0 % never arrived"),
            ((6, 4, 0, true), "60.0 % arrived on time and 40.0 % late"),
            ((6, 0, 0, false), "60.0 % were delivered and 40.0 % never arrived"),
            (
                (8, 0, 2, false),
                "80.0 % were delivered and 20.0 % were still on their way when the run ended",
            ),
            ((0, 4, 0, true), "none arrived on time, 40.0 % arrived late and 60.0 % never arrived"),
            (
                (0, 0, 4, true),
                "none arrived on time, 60.0 % never arrived and 40.0 % were still on their way when \
                 the run ended",
            ),
        ] {
            let (on_time, late, open, has_deadline) = counts;
            assert_eq!(parts(on_time, late, open, has_deadline), said);
        }
    }
}
