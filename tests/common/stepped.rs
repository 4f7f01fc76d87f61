//! A run held to what it comes to step by step.

use smschain::chain::spec::Spec;
use smschain::chain::{Completed, EngineChoice, NoObserver, Observer, Results, Wants, simulate_by};
use smschain::kernel::Unwatched;

/// All that is said of messages that end.
struct Listed {
    wants: Wants,
    messages: Vec<String>,
}

impl Observer for Listed {
    fn wants(&self) -> Wants {
        self.wants
    }

    fn completed(&mut self, message: &Completed<'_>) {
        self.messages.push(format!("{message:?}"));
    }
}

/// A run comes to what it comes to step by step, with nobody listening and with a list, and lists the same messages
/// in the same order. Gives what it comes to, and how many events it takes with nobody listening; or what differs.
pub(crate) fn as_step_by_step(spec: &Spec) -> Result<(Results, u64), String> {
    let [mut listed, mut every] =
        [Wants::Messages, Wants::Events].map(|wants| Listed { wants, messages: Vec::new() });
    let run = |engine, observer: &mut dyn Observer| {
        simulate_by(engine, spec, spec.seed, observer, &mut Unwatched)
            .map_err(|broken| broken.to_string())
    };
    let stepped = run(EngineChoice::Stepwise, &mut NoObserver)?;
    let told = run(EngineChoice::Fast, &mut every)?;
    if told != stepped {
        return Err(format!("told of events it comes to\n{told:?}\nand untold to\n{stepped:?}"));
    }
    let mut events = [0; 2];
    let observers: [(&str, &mut dyn Observer); 2] =
        [("with nobody listening", &mut NoObserver), ("with a list", &mut listed)];
    for (events, (who, observer)) in events.iter_mut().zip(observers) {
        let mut other = run(EngineChoice::Fast, observer)?;
        *events = std::mem::replace(&mut other.events, stepped.events);
        if *events > stepped.events {
            return Err(format!("{who} it takes {events} events, {} step by step", stepped.events));
        }
        if other != stepped {
            return Err(format!("{who} it comes to\n{other:?}\nand step by step to\n{stepped:?}"));
        }
    }
    for (row, (one, two)) in listed.messages.iter().zip(&every.messages).enumerate() {
        if one != two {
            return Err(format!("row {row} is\n{one}\nand step by step\n{two}"));
        }
    }
    if listed.messages.len() != every.messages.len() {
        return Err(format!("{} rows, not {}", listed.messages.len(), every.messages.len()));
    }
    Ok((stepped, events[0]))
}
