//! The reasons for no intervals, in words and in JSON.

use super::{Map, Value};
use crate::chain::Results;
use crate::chain::spec::Spec;
use crate::experiment::{Certainty, Rare, Reason};
use crate::report::number::measured;

/// More reasons than this are only counted.
const SAID: usize = 3;

/// The caution that replications on `seeds` show too little of what comes seldom for the intervals they have;
/// `None` if they show enough, or have none because there is only one.
#[must_use]
pub fn rarity_sentence(spec: &Spec, seeds: &[u64]) -> Option<String> {
    let certainty = Certainty::of(spec, &Results::nothing(spec), seeds);
    let needed = certainty.needed().filter(|_| seeds.len() > 1)?;
    let runs = certainty.replications();
    let why: Vec<String> =
        certainty.reasons().iter().take(SAID).map(|reason| words(reason, runs)).collect();
    Some(format!("± may promise too much: {}. `-n {needed}` for more.", why.join("; ")))
}

/// The same, a reason each, for programs; none if there are intervals.
pub(super) fn no_interval(certainty: &Certainty) -> Value {
    let reasons = certainty.reasons().iter().map(|reason| {
        let (why, of) = match reason {
            Reason::Rare { what, whose, .. } => (name(*what), whose.as_str()),
            Reason::ChangingRate { stream } => ("arrivals", stream.as_str()),
            Reason::Incident { name, .. } => ("incident", name.as_str()),
            Reason::Balance => ("balance", "account"),
            Reason::Cap { carrier } => ("daily_cap", carrier.as_str()),
            Reason::Quiet { whose } => ("quiet_hours", whose.as_str()),
            Reason::ByDay { station } => ("by_day", station.as_str()),
            Reason::Slowed { route } => ("slowed", route.as_str()),
            Reason::Unsettled(unsettled) => ("not_steady", unsettled.series.as_str()),
        };
        let (seen, expected) = match reason {
            Reason::Rare { seen, expected, .. } => (*seen, Some(*expected)),
            _ => (None, None),
        };
        Map::new()
            .with("why", why)
            .with("of", of)
            .with("seen", seen)
            .with("expected", expected)
            .with("words", words(reason, certainty.replications()))
            .with("replications", certainty.needed())
            .into()
    });
    Value::Array(reasons.collect())
}

const fn name(what: Rare) -> &'static str {
    match what {
        Rare::Spells => "degraded_spells",
        Rare::Crashes => "crashes",
        Rare::Bursts => "bursts",
    }
}

fn words(reason: &Reason, runs: u64) -> String {
    match reason {
        Reason::Rare { what, whose, seen, expected } => {
            let what = match what {
                Rare::Spells => format!("{whose}'s bad spells"),
                Rare::Crashes => format!("crashes of {whose}'s workers"),
                Rare::Bursts => format!("{whose}'s bursts"),
            };
            let runs = if runs == 1 { "this run".to_owned() } else { format!("these {runs} runs") };
            let expected = format!("{} expected", about(*expected));
            match seen {
                Some(seen) => format!("{what}: {seen} in {runs}, {expected}"),
                None => format!("{what}: {expected} in {runs}"),
            }
        }
        Reason::ChangingRate { stream } => format!("{stream}'s rate changes over the run"),
        Reason::Incident { name, repeats: false } => {
            format!("the incident {name} happens once a run")
        }
        Reason::Incident { name, repeats: true } => format!("the incident {name} comes and goes"),
        Reason::Balance => "the balance ran out on the way".to_owned(),
        Reason::Cap { carrier } => format!("{carrier}'s daily cap was reached on the way"),
        Reason::Quiet { whose } => format!("the quiet hours of {whose} begin or end on the way"),
        Reason::ByDay { station } => format!("{station} is another by time of day"),
        Reason::Slowed { route } => format!("route {route}'s rule moved its weight"),
        Reason::Unsettled(unsettled) => format!("{} is not steady", unsettled.series),
    }
}

/// `0.165` → `0.2`, `3.24` → `3.2`, `42.3` → `42`.
fn about(number: f64) -> String {
    match number {
        10.0.. => format!("{number:.0}"),
        0.095.. => format!("{number:.1}"),
        _ => measured(format!("{number:.0e}").parse().unwrap_or(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::spec::{Degraded, Failures};
    use crate::experiment::sample;
    use crate::kernel::SECOND;

    fn with_spells() -> Spec {
        let mut spec = sample::spec();
        spec.providers[0].degraded = Some(Degraded {
            mean_up: 6 * 3600 * SECOND,
            mean_down: 240 * SECOND,
            latency_factor: 6.0,
            failures: Failures::default(),
        });
        spec
    }

    fn of(spec: &Spec, seeds: &[u64]) -> Certainty {
        Certainty::of(spec, &Results::nothing(spec), seeds)
    }

    #[test]
    fn runs_say_what_they_may_have_seen_too_little_of() {
        let spec = with_spells();
        let caution = rarity_sentence(&spec, &[3, 4, 5]).unwrap();
        assert!(caution.starts_with("± may promise too much: alpha's bad spells: "), "{caution}");
        assert_eq!(rarity_sentence(&spec, &[3]), None);
        assert_eq!(rarity_sentence(&sample::spec(), &[3, 4, 5]), None);
    }

    #[test]
    fn programs_are_told_reason_by_reason() {
        let Value::Array(reasons) = no_interval(&of(&with_spells(), &[3])) else { panic!() };
        let [reason] = reasons.as_slice() else { panic!("{reasons:?}") };
        assert_eq!(reason.get("why"), Some(&Value::String("degraded_spells".into())));
        assert_eq!(reason.get("of"), Some(&Value::String("alpha".into())));
        assert_eq!(reason.get("seen"), Some(&Value::from(0)));
        let words = "alpha's bad spells: 0 in this run, 0.1 expected";
        assert_eq!(reason.get("words"), Some(&Value::from(words)));
        assert_eq!(reason.get("replications"), Some(&Value::from(800)));
        assert_eq!(no_interval(&of(&sample::spec(), &[3])), Value::Array(Vec::new()));
    }

    #[test]
    fn expectations_are_short() {
        let texts = [0.165, 0.02, 3.24, 42.3, 0.0].map(about);
        assert_eq!(texts, ["0.2", "0.02", "3.2", "42", "0"]);
    }
}
