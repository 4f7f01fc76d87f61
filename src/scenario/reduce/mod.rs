//! Ways to make a scenario smaller: what could be left out of it, cut short or rounded. Whether it
//! may is for others to say.

mod numbers;
mod parts;

use super::units::duration;
use super::{Overrides, Scenario, Source, load};
use crate::kernel::Nanos;
use numbers::{neat, neat_duration};

/// One change that makes a scenario smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    /// Parts that are taken away, in words.
    pub what: String,
    /// The paths that are taken out …
    unset: Vec<String>,
    /// … and what is then set.
    set: Vec<String>,
}

impl Reduction {
    fn overrides(&self) -> Overrides {
        Overrides { set: self.set.clone(), unset: self.unset.clone(), ..Overrides::default() }
    }
}

/// Part that is made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Incidents.
    Incidents,
    /// Duration, warm-up, and what comes before the first incident.
    Window,
    /// The load.
    Load,
    /// Streams, routes, providers, carriers, filters and every key that may be left out.
    Parts,
    /// Numbers of more than two significant digits.
    Numbers,
}

impl Step {
    /// All of them, in the order in which they make further ones cheaper.
    pub const ALL: [Step; 5] =
        [Step::Incidents, Step::Window, Step::Load, Step::Parts, Step::Numbers];

    /// `true` if what can be taken away are several things of which any may go; otherwise it is one
    /// thing that may go to several lengths, the longest first.
    #[must_use]
    pub const fn is_many(self) -> bool {
        matches!(self, Step::Incidents | Step::Parts | Step::Numbers)
    }
}

impl Scenario {
    /// Changes that could be tried in a step; those that would change nothing are not among them.
    #[must_use]
    pub fn reductions(&self, step: Step) -> Vec<Reduction> {
        match step {
            Step::Incidents => self.incidents(),
            Step::Window => self.window(),
            Step::Load => self.load(),
            Step::Parts => {
                let mut parts = parts::parts(&self.root);
                // What can't go alone may go with others.
                parts.retain(|part| match self.changed(&part.overrides()) {
                    Ok(without) => without.fingerprint != self.fingerprint,
                    Err(_) => true,
                });
                parts
            }
            Step::Numbers => numbers::numbers(self),
        }
    }

    /// The scenario with these changes; `None` if it then is none, or is the same.
    #[must_use]
    pub fn reduced(&self, reductions: &[Reduction]) -> Option<Scenario> {
        let mut all = Overrides::default();
        for Overrides { set, unset, .. } in reductions.iter().map(Reduction::overrides) {
            all.set.extend(set);
            for path in unset {
                if !all.unset.contains(&path) {
                    all.unset.push(path);
                }
            }
        }
        let smaller = self.changed(&all).ok()?;
        (smaller.fingerprint != self.fingerprint).then_some(smaller)
    }

    /// The scenario with these changes, made to its resolved form.
    ///
    /// # Errors
    /// Everything that is wrong with it then.
    pub fn changed(&self, overrides: &Overrides) -> Result<Scenario, super::Errors> {
        let source = Source {
            name: self.spec.name.clone(),
            text: self.resolved_toml(),
            base: self.base.clone(),
        };
        let data = overrides.data.clone().or_else(|| self.shelf.clone());
        load(&source, &Overrides { data, ..overrides.clone() })
    }

    /// Its optional parts: how many things [`Step::Incidents`] and [`Step::Parts`] could take away,
    /// each on its own.
    #[must_use]
    pub fn optional_parts(&self) -> Vec<String> {
        [Step::Incidents, Step::Parts]
            .into_iter()
            .flat_map(|step| self.reductions(step))
            .filter(|reduction| self.reduced(std::slice::from_ref(reduction)).is_some())
            .map(|reduction| reduction.what)
            .collect()
    }

    fn incidents(&self) -> Vec<Reduction> {
        let names =
            self.spec.incidents.iter().map(|incident| format!("incident.{}", incident.name));
        names.map(|path| Reduction { what: path.clone(), unset: vec![path], set: vec![] }).collect()
    }

    fn window(&self) -> Vec<Reduction> {
        let spec = &self.spec;
        let (duration, warmup) = (spec.duration, spec.warmup);
        let set = |key: &str, value: Nanos| format!("scenario.{key}={}", duration::print(value));
        let mut window = Vec::new();
        let mut push = |set: Vec<String>| {
            window.push(Reduction { what: set.join(", ").replace('=', " = "), unset: vec![], set });
        };
        for share in [0.25, 0.5, 0.75, 0.9] {
            let shorter = neat_duration(share * duration as f64);
            if warmup > 0 {
                let both = neat_duration(share * warmup as f64);
                push(vec![set("duration", shorter), set("warmup", both)]);
            }
            push(vec![set("duration", shorter)]);
        }
        // What comes before the first incident.
        let first = spec.incidents.iter().map(|incident| incident.at).min().unwrap_or(0);
        for share in [1.0, 0.5] {
            let earlier = if share == 1.0 { first } else { neat_duration(share * first as f64) };
            if earlier == 0 || earlier > first || earlier >= duration {
                continue;
            }
            let mut moved = vec![set("duration", duration - earlier)];
            moved.push(set("warmup", warmup.saturating_sub(earlier)));
            moved.extend(spec.incidents.iter().map(|incident| {
                let at = duration::print(incident.at - earlier);
                format!("incident.{}.at={at}", incident.name)
            }));
            push(moved);
        }
        if warmup > 0 {
            push(vec![set("warmup", 0)]);
        }
        window
    }

    fn load(&self) -> Vec<Reduction> {
        let lower = [0.1, 0.25, 0.5, 0.75].map(|share| {
            let scale = neat(share * self.spec.scale);
            Reduction {
                what: format!("scenario.scale = {scale}"),
                unset: vec![],
                set: vec![format!("scenario.scale={scale}")],
            }
        });
        lower.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        [scenario]
        duration = "1h"
        warmup = "10m"
        [[traffic]]
        name = "otp"
        arrivals.poisson = { rate = "3.141/s" }
        carriers = { northwind = 1, acme = 2 }
        [[route]]
        id = 1
        provider = "alpha"
        price = 0.5
        [[route]]
        id = 2
        provider = "beta"
        price = 0.5
        rank = 2
        [[provider]]
        name = "alpha"
        window = 1234
        receipts = { loss = 0.01 }
        [[provider]]
        name = "beta"
        [[carrier]]
        name = "northwind"
        [[carrier.filter]]
        name = "spam"
        rule.random = {}
        action = "silent"
        [[carrier]]
        name = "acme"
        [[incident]]
        name = "cut"
        at = "20m"
        for = "5m"
        target = "provider.beta"
        latency_factor = 2
    "#;

    fn scenario() -> Scenario {
        let source = Source { name: "x".into(), text: TEXT.into(), base: "".into() };
        load(&source, &Overrides::default()).unwrap()
    }

    fn named(scenario: &Scenario, step: Step, what: &str) -> Reduction {
        let all = scenario.reductions(step);
        let names: Vec<&str> = all.iter().map(|one| one.what.as_str()).collect();
        all.iter().find(|one| one.what == what).unwrap_or_else(|| panic!("{names:?}")).clone()
    }

    #[test]
    fn what_refers_to_an_entry_goes_with_it() {
        let scenario = scenario();
        let reduced =
            |what: &str| scenario.reduced(&[named(&scenario, Step::Parts, what)]).unwrap().spec;
        let spec = reduced("provider.beta");
        assert_eq!((spec.providers.len(), spec.routes.len(), spec.incidents.len()), (1, 1, 0));
        let spec = reduced("carrier.acme");
        assert_eq!((spec.carriers.len(), spec.traffic[0].carriers.len()), (1, 1));
        assert!(reduced("carrier.northwind.filter.spam").carriers[1].filters.is_empty());
        assert_eq!(reduced("provider.alpha.receipts.loss").providers[0].receipts.loss, 0.0);
    }

    #[test]
    fn only_what_changes_something_is_a_part() {
        let parts = scenario().optional_parts();
        for part in ["incident.cut", "provider.alpha.window", "route.2.rank", "carrier.acme"] {
            assert!(parts.iter().any(|own| own == part), "{part}: {parts:?}");
        }
        for no in ["route.1.rank", "provider.beta.window", "retry.max_attempts", "api.errors"] {
            assert!(!parts.iter().any(|own| own == no), "{no}: {parts:?}");
        }
    }

    #[test]
    fn window_load_and_numbers() {
        let scenario = scenario();
        let window = scenario.reductions(Step::Window);
        let spec = scenario.reduced(&window[..1]).unwrap().spec;
        assert_eq!((spec.duration, spec.warmup), (900_000_000_000, 150_000_000_000));
        let earlier = window.iter().find(|one| one.what.contains("incident.cut.at = ")).unwrap();
        let spec = scenario.reduced(std::slice::from_ref(earlier)).unwrap().spec;
        assert_eq!((spec.duration, spec.warmup, spec.incidents[0].at), (2_400_000_000_000, 0, 0));
        let load = scenario.reductions(Step::Load);
        assert_eq!(scenario.reduced(&load[..1]).unwrap().spec.scale, 0.1);
        let numbers: Vec<String> =
            scenario.reductions(Step::Numbers).into_iter().map(|one| one.what).collect();
        let rate = "traffic.otp.arrivals.poisson.rate = 3.1/s".to_owned();
        assert_eq!(numbers, [rate, "provider.alpha.window = 1200".to_owned()]);
    }
}
