//! Conditions on a message: `truth=filtered_silent`, `carrier=acme`, …

use crate::chain::spec::Spec;
use crate::chain::{Completed, Observed, Truth};
use crate::kernel::Nanos;
use crate::scenario::guess;

/// The keys of conditions.
const KEYS: [&str; 6] = ["truth", "observed", "traffic", "carrier", "provider", "cause"];

/// Conditions on how a message ended; all that are there must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Like {
    /// Its true end.
    truth: Option<Truth>,
    /// The state that the sender saw last.
    observed: Option<Observed>,
    /// Index of its stream.
    traffic: Option<usize>,
    /// Index of its carrier.
    carrier: Option<usize>,
    /// Indices of the provider's routes.
    routes: Option<Vec<usize>>,
    /// The place where it ended, by name.
    cause: Option<String>,
    /// The time of its request: from the first on, before the second.
    span: Option<(Nanos, Nanos)>,
}

impl Like {
    /// Reads conditions `KEY=VALUE` with the names of `spec`: `truth` and `observed` are those of
    /// reports, `traffic`, `carrier` and `provider` (that of the route) are named as in the
    /// scenario, `cause` is where a message ended: a queue, provider, carrier, or
    /// `carrier/filter`.
    ///
    /// # Errors
    /// The first condition that can't be read: what is wrong, and the nearest name.
    pub fn read(conditions: &[String], spec: &Spec) -> Result<Like, String> {
        let mut like = Like::default();
        for condition in conditions {
            like.add(condition, spec).map_err(|wrong| format!("`--like {condition}`: {wrong}"))?;
        }
        Ok(like)
    }

    /// Those alone whose request came from `from` on and before `to`.
    #[must_use]
    pub fn within(self, from: Nanos, to: Nanos) -> Like {
        Like { span: Some((from, to)), ..self }
    }

    fn add(&mut self, condition: &str, spec: &Spec) -> Result<(), String> {
        let Some((key, value)) = condition.split_once('=') else {
            let hint = guess(condition, KEYS);
            return Err(format!("expected KEY=VALUE, like truth=filtered_silent{hint}"));
        };
        let (key, value) = (key.trim(), value.trim());
        let again = match key {
            "truth" => named(value, "truth", Truth::ALL.map(Truth::name))
                .map(|index| self.truth.replace(Truth::ALL[index]).is_some()),
            "observed" => named(value, "observed state", Observed::ALL.map(Observed::name))
                .map(|index| self.observed.replace(Observed::ALL[index]).is_some()),
            "traffic" => named(value, "traffic", spec.traffic.iter().map(|one| one.name.as_str()))
                .map(|index| self.traffic.replace(index).is_some()),
            "carrier" => named(value, "carrier", spec.carriers.iter().map(|one| one.name.as_str()))
                .map(|index| self.carrier.replace(index).is_some()),
            "provider" => {
                named(value, "provider", spec.providers.iter().map(|one| one.name.as_str()))
                    .map(|index| self.routes.replace(routes(spec, index)).is_some())
            }
            "cause" => {
                let places = places(spec);
                named(value, "place where a message ends", places.iter().map(String::as_str))
                    .map(|index| self.cause.replace(places[index].clone()).is_some())
            }
            _ => {
                let hint = guess(key, KEYS);
                Err(format!("there is no key `{key}`; the keys are {}{hint}", KEYS.join(", ")))
            }
        };
        if again? { Err(format!("`{key}` is given twice; a message has one")) } else { Ok(()) }
    }

    /// `true` if the message is like this.
    #[must_use]
    pub fn fits(&self, message: &Completed<'_>) -> bool {
        self.truth.is_none_or(|truth| truth == message.truth)
            && self.observed.is_none_or(|observed| observed == message.observed)
            && self.traffic.is_none_or(|traffic| traffic == message.traffic)
            && self.carrier.is_none_or(|carrier| carrier == message.carrier)
            && self.routes.as_ref().is_none_or(|routes| routes.contains(&message.route))
            && self.cause.as_ref().is_none_or(|cause| cause == message.cause)
            && self.span.is_none_or(|(from, to)| (from..to).contains(&message.requested))
    }
}

/// The index of a name among those there are.
fn named<'a>(
    value: &str,
    what: &str,
    names: impl IntoIterator<Item = &'a str> + Clone,
) -> Result<usize, String> {
    let found = names.clone().into_iter().position(|name| name == value);
    found.ok_or_else(|| {
        let names: Vec<&str> = names.into_iter().collect();
        let hint = guess(value, names.iter().copied());
        // Part of a name is as plain as a slip of the hand.
        let parts: Vec<&str> = names.iter().copied().filter(|name| name.contains(value)).collect();
        let hint = match parts.as_slice() {
            [_, ..] if hint.is_empty() => format!("; did you mean {}?", parts.join(" or ")),
            _ => hint,
        };
        let list = if hint.is_empty() { list(&names) } else { hint };
        format!("there is no {what} `{value}`{list}")
    })
}

/// The names there are, if they are few enough to read.
fn list(names: &[&str]) -> String {
    const FEW: usize = 20;
    if names.is_empty() || names.len() > FEW {
        return String::new();
    }
    format!("; there are {}", names.join(", "))
}

fn routes(spec: &Spec, provider: usize) -> Vec<usize> {
    let routes = spec.routes.iter().enumerate();
    routes.filter(|(_, route)| route.provider == provider).map(|(index, _)| index).collect()
}

/// The places where messages can end, by the names of the column `cause`.
fn places(spec: &Spec) -> Vec<String> {
    let queues = spec.queues.iter().map(|queue| queue.name.clone());
    let providers = spec.providers.iter().map(|provider| provider.name.clone());
    let carriers = spec.carriers.iter().map(|carrier| carrier.name.clone());
    let filters = spec.carriers.iter().flat_map(|carrier| {
        let filters = carrier.filters.iter();
        filters.map(|filter| format!("{}/{}", carrier.name, filter.name))
    });
    queues.chain(providers).chain(carriers).chain(filters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;

    fn read(conditions: &[&str]) -> Result<Like, String> {
        let conditions: Vec<String> = conditions.iter().map(|&one| one.to_owned()).collect();
        Like::read(&conditions, &sample::spec())
    }

    #[test]
    fn conditions_name_what_there_is() {
        let like = read(&["truth=delivered_late", "provider=beta", "cause=northwind/spam"]);
        let like = like.unwrap();
        assert_eq!(like.truth, Some(Truth::DeliveredLate));
        assert_eq!(like.routes, Some(vec![1]));
        assert_eq!(like.cause.as_deref(), Some("northwind/spam"));
        assert_eq!(read(&[]).unwrap(), Like::default());
    }

    #[test]
    fn slips_are_pointed_out() {
        for (condition, said) in [
            ("truth=filterd_silent", "no truth `filterd_silent`; did you mean `filtered_silent`?"),
            ("thruth=delivered_late", "no key `thruth`; the keys are truth, observed"),
            ("thruth=delivered_late", "did you mean `truth`?"),
            ("truth", "expected KEY=VALUE"),
            ("carrier=elephant", "no carrier `elephant`; there are "),
            ("observed=DELIVRD", "did you mean `delivered`?"),
        ] {
            let wrong = read(&[condition]).unwrap_err();
            assert!(wrong.contains(said), "{condition}: {wrong}");
        }
        let wrong = read(&["truth=delivered_late", "truth=unresolved"]).unwrap_err();
        assert!(wrong.contains("`truth` is given twice"), "{wrong}");
    }
}
