//! The certainty of figures, and the reasons where there is none.

use super::warm_up::{Unsettled, by_day, quiet, unsettled};
use crate::chain::spec::{Arrivals, Spec};
use crate::chain::{Rejection, Results, degraded_spells};
use crate::kernel::Nanos;

/// Things that come by chance, and seldom: with fewer of them in all replications together an
/// interval knows too little of what they do. Spells last exponentially, and what they do is then so
/// skewed that Cochran's rule takes about 112 of them. Measured: docs/validation.md.
const ENOUGH: f64 = 100.0;
/// Replications for an interval where nothing is rare.
const REPLICATIONS: u64 = 20;
/// Things that come in fewer than one run in a thousand are left out: they move a share by less than a tenth
/// of a point.
const NEGLIGIBLE: f64 = 0.001;
/// More spells than this aren't counted: they are not rare.
const COUNTED: f64 = 10_000.0;

/// Something that comes by chance, now and then, and matters for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rare {
    /// A provider's degraded spells.
    Spells,
    /// Crashes of a queue's workers.
    Crashes,
    /// A stream's bursts: spells of its high rate.
    Bursts,
}

/// A reason why there is no interval.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// Too few of something rare, or, in one run, any of it: spans of its time are not alike.
    Rare {
        /// The thing that comes.
        what: Rare,
        /// Its owner: a provider, a queue, a stream.
        whose: String,
        /// Their number in all replications together, if they were counted.
        seen: Option<u64>,
        /// Their number on average.
        expected: f64,
    },
    /// A stream's rate changes in the course of the run (profile, campaign, log).
    ChangingRate {
        /// The stream.
        stream: String,
    },
    /// An incident happens once a run, or comes and goes.
    Incident {
        /// Its name.
        name: String,
        /// It repeats.
        repeats: bool,
    },
    /// The balance ran out.
    Balance,
    /// A carrier's daily cap was reached.
    Cap {
        /// The carrier.
        carrier: String,
    },
    /// A stream, queue or carrier holds messages in its quiet hours, and passes them on together at their end.
    Quiet {
        /// Its path.
        whose: String,
    },
    /// A provider or carrier is another by time of day.
    ByDay {
        /// Its path.
        station: String,
    },
    /// A route's weight was moved by its rule for slow providers.
    Slowed {
        /// Its id.
        route: String,
    },
    /// There is no steady state, or the warm-up is too short.
    Unsettled(Unsettled),
}

/// The ability of a run's replications to bear intervals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Certainty {
    replications: u64,
    exact: bool,
    reasons: Vec<Reason>,
    needed: Option<u64>,
}

impl Certainty {
    /// That of the replications on `seeds`, which counted `results`.
    ///
    /// Several replications bear intervals unless something rare is expected fewer than 100 times in
    /// all of them together. A single run is judged by spans of its own time, which have to be
    /// alike: nothing rare, no incident, arrivals of one rate, a steady state.
    #[must_use]
    pub fn of(spec: &Spec, results: &Results, seeds: &[u64]) -> Certainty {
        let replications = seeds.len() as u64;
        let exact = !spec.is_left_to_chance();
        if exact || replications == 0 {
            return Certainty { replications, exact, ..Certainty::default() };
        }
        let rare = rare(spec);
        let needed =
            rare.iter().map(|(.., expected)| enough(*expected)).fold(REPLICATIONS, u64::max);
        let mut reasons: Vec<Reason> = rare
            .into_iter()
            .map(|(what, whose, each)| (what, whose, each * replications as f64))
            .filter(|(.., expected)| replications == 1 || *expected < ENOUGH)
            .map(|(what, whose, expected)| {
                let seen = if expected < COUNTED { seen(spec, what, &whose, seeds) } else { None };
                Reason::Rare { what, whose, seen, expected }
            })
            .collect();
        if replications == 1 {
            reasons.extend(changing_rates(spec, results));
        }
        let needed = (!reasons.is_empty()).then_some(needed);
        Certainty { replications, exact, reasons, needed }
    }

    /// Replications before there are intervals: as many as make 100 of everything rare, at least one.
    #[must_use]
    pub fn least(spec: &Spec) -> u64 {
        let each =
            rare(spec).into_iter().map(|(.., expected)| libm::ceil(ENOUGH / expected) as u64);
        each.fold(1, u64::max)
    }

    /// `true` if its figures may have intervals at all.
    #[must_use]
    pub fn bears_intervals(&self) -> bool {
        self.reasons.is_empty()
    }

    /// `true` if chance has no part in it, so that every figure is exact.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// The reasons why there are no intervals.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Replications that there are.
    #[must_use]
    pub fn replications(&self) -> u64 {
        self.replications
    }

    /// Replications that would do: 20, or as many as it takes to see 100 of everything rare; `None`
    /// if there are intervals.
    #[must_use]
    pub fn needed(&self) -> Option<u64> {
        self.needed
    }
}

/// The things that come seldom, with their owners and how often they come on average in the time counted.
fn rare(spec: &Spec) -> Vec<(Rare, String, f64)> {
    let span = (spec.duration - spec.warmup) as f64;
    // Of alternating states: under way at the beginning, or begun since.
    let spells = |own: Nanos, other: Nanos| {
        let both = own as f64 + other as f64;
        if both > 0.0 { (own as f64 + span) / both } else { 0.0 }
    };
    let providers = spec.providers.iter().enumerate();
    let degraded =
        providers.filter(|(index, _)| spec.uses_provider(*index)).filter_map(|(_, provider)| {
            let degraded = provider.degraded.as_ref()?;
            let expected = spells(degraded.mean_down, degraded.mean_up);
            Some((Rare::Spells, provider.name.clone(), expected))
        });
    let queues = spec.queues.iter().enumerate();
    let crashes = queues.filter(|(index, _)| spec.uses_queue(*index)).filter_map(|(_, queue)| {
        let (crash, workers) = (queue.crash.as_ref()?, queue.workers?);
        let each = span / (crash.mean_time_between as f64).max(1.0);
        Some((Rare::Crashes, queue.name.clone(), each * f64::from(workers)))
    });
    let bursts = spec.traffic.iter().filter_map(|stream| match stream.arrivals {
        Arrivals::OnOff { mean_high, mean_low, .. } => {
            Some((Rare::Bursts, stream.name.clone(), spells(mean_high, mean_low)))
        }
        _ => None,
    });
    let all = degraded.chain(crashes).chain(bursts);
    all.filter(|(.., expected)| *expected >= NEGLIGIBLE).collect()
}

/// Their number in these runs, if that can be told.
fn seen(spec: &Spec, what: Rare, whose: &str, seeds: &[u64]) -> Option<u64> {
    let index = spec.providers.iter().position(|provider| provider.name == whose);
    let index = index.filter(|_| what == Rare::Spells)?;
    Some(seeds.iter().map(|&seed| degraded_spells(spec, index, seed)).sum())
}

/// Replications in which it comes often enough, rounded up to a number that a person would say.
fn enough(expected: f64) -> u64 {
    const STEPS: [u64; 8] = [10, 12, 15, 20, 30, 40, 50, 80];
    let least = libm::ceil(ENOUGH / expected.max(NEGLIGIBLE)) as u64;
    let mut size = 1;
    loop {
        if let Some(step) = STEPS.iter().map(|step| step * size).find(|&step| step >= least) {
            return step;
        }
        size *= 10;
    }
}

/// The things that make one stretch of a run unlike another.
fn changing_rates(spec: &Spec, results: &Results) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for stream in &spec.traffic {
        match stream.arrivals {
            Arrivals::Profile { .. } | Arrivals::Campaign { .. } | Arrivals::Trace { .. } => {
                reasons.push(Reason::ChangingRate { stream: stream.name.clone() });
            }
            Arrivals::Poisson { .. } | Arrivals::Constant { .. } | Arrivals::OnOff { .. } => {}
        }
    }
    reasons.extend(spec.incidents.iter().map(|incident| Reason::Incident {
        name: incident.name.clone(),
        repeats: incident.repeat.is_some(),
    }));
    if results.requests.rejected[Rejection::InsufficientBalance as usize] > 0 {
        reasons.push(Reason::Balance);
    }
    for (carrier, counted) in spec.carriers.iter().zip(&results.carriers) {
        if counted.capped > 0 || counted.held > 0 {
            reasons.push(Reason::Cap { carrier: carrier.name.clone() });
        }
    }
    let quiet = quiet(spec).map(|whose| Reason::Quiet { whose });
    reasons.extend(quiet);
    reasons.extend(by_day(spec).map(|station| Reason::ByDay { station }));
    for (route, counted) in spec.routes.iter().zip(&results.routes) {
        if counted.slowed > 0 {
            reasons.push(Reason::Slowed { route: route.id.to_string() });
        }
    }
    reasons.extend(unsettled(spec, results).map(Reason::Unsettled));
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::spec::{Degraded, Delay, Effects, Failures, Incident, Outage, Target};
    use crate::experiment::sample;
    use crate::kernel::SECOND;
    use crate::random::Variate;

    const HOUR: Nanos = 3600 * SECOND;

    fn of(spec: &Spec, seeds: &[u64]) -> Certainty {
        Certainty::of(spec, &Results::nothing(spec), seeds)
    }

    fn with_spells() -> Spec {
        let mut spec = sample::spec();
        // As those of the scenario `baseline`.
        spec.providers[0].degraded = Some(Degraded {
            mean_up: 6 * HOUR,
            mean_down: 240 * SECOND,
            latency_factor: 6.0,
            failures: Failures::default(),
        });
        spec
    }

    #[test]
    fn a_steady_run_bears_intervals_itself() {
        let certainty = of(&sample::spec(), &[7]);
        assert!(certainty.bears_intervals() && !certainty.is_exact());
        assert_eq!((certainty.needed(), certainty.replications()), (None, 1));
    }

    #[test]
    fn spells_take_as_many_replications_as_show_a_hundred() {
        let spec = with_spells();
        let certainty = of(&spec, &[7]);
        // 50 min are counted, a spell of 4 min may be under way: 54 ÷ 364.
        let [Reason::Rare { what: Rare::Spells, whose, seen: Some(seen), expected }] =
            certainty.reasons()
        else {
            panic!("{certainty:?}");
        };
        assert_eq!((whose.as_str(), *seen), ("alpha", degraded_spells(&spec, 0, 7)));
        assert!((expected - 54.0 / 364.0).abs() < 1e-12);
        // 100 ÷ 0.148 = 674.1
        assert_eq!(certainty.needed(), Some(800));
        let seeds: Vec<u64> = (0..674).collect();
        assert!(!of(&spec, &seeds).bears_intervals());
        let seeds: Vec<u64> = (0..675).collect();
        assert!(of(&spec, &seeds).bears_intervals());
        assert_eq!((Certainty::least(&spec), Certainty::least(&sample::spec())), (675, 1));
    }

    #[test]
    fn spells_are_seen_as_often_as_expected() {
        let spec = with_spells();
        let seen: u64 = (0..20_000).map(|seed| degraded_spells(&spec, 0, seed)).sum();
        // A count of about 2967, nearly Poisson: its standard error is 54.
        assert!((seen as f64 - 20_000.0 * 54.0 / 364.0).abs() < 4.0 * 54.0, "{seen}");
        assert_eq!(degraded_spells(&sample::spec(), 0, 7), 0);
    }

    #[test]
    fn what_changes_the_course_of_a_run_is_a_reason_only_of_one() {
        let mut spec = sample::spec();
        spec.routes.truncate(1);
        spec.traffic[0].arrivals = Arrivals::Campaign { count: 100, at: 0, over: HOUR };
        spec.incidents.push(Incident {
            name: "cut".into(),
            summary: String::new(),
            at: 0,
            span: HOUR,
            ramp: 0,
            repeat: None,
            target: Target::Provider(0),
            effects: Effects { outage: Some(Outage::Silent), ..Effects::default() },
        });
        // Neither is chance: it takes something that is drawn.
        assert!(of(&spec, &[7]).is_exact());
        spec.carriers[0].loss = 0.1;
        let certainty = of(&spec, &[7]);
        let reasons = [
            Reason::ChangingRate { stream: "otp".into() },
            Reason::Incident { name: "cut".into(), repeats: false },
        ];
        assert_eq!(certainty.reasons(), reasons);
        assert_eq!(certainty.needed(), Some(20));
        assert!(of(&spec, &[7, 8]).bears_intervals());
    }

    #[test]
    fn without_chance_one_run_is_exact() {
        let mut spec = sample::spec();
        // Two of one rank are chosen between.
        spec.routes[1].rank = 2;
        spec.traffic[0].arrivals = Arrivals::Constant { rate: 10.0 };
        let certainty = of(&spec, &[7]);
        assert!(certainty.is_exact() && certainty.bears_intervals());
        spec.providers[1].relay = Delay::Random(Variate::exponential(1.0).unwrap());
        assert!(!of(&spec, &[7]).is_exact());
    }

    #[test]
    fn numbers_that_a_person_would_say() {
        for (expected, replications) in [
            (0.2, 500),
            (0.165, 800),
            (0.0, 100_000),
            (3.3, 40),
            (2.5, 40),
            (0.021, 5000),
            (99.0, 10),
        ] {
            assert_eq!(enough(expected), replications, "{expected}");
        }
    }
}
