//! One run of a chain, from its settings and a seed to its results, with the books checked.

use super::Stepwise;
use super::fast::{Fast, MessageLister};
use crate::chain::books::results::{Level, Results};
use crate::chain::model::Chain;
use crate::chain::model::engine::Engine;
use crate::chain::records::event::{Event, Slot};
use crate::chain::spec::Spec;
use crate::chain::stations::carrier::Carrier;
use crate::chain::trace::observer::{Nobody, Observer, Tracer, Wants};
use crate::kernel::{EventSet, Model as _, Pace, run};
use crate::stats::TimeWeighted;

/// The books don't balance: a fault of the simulator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("conservation is broken: {what}: {left} ≠ {right}")]
pub struct Imbalance {
    /// The sum that should have come out even.
    pub what: &'static str,
    /// One side.
    pub left: i128,
    /// The other.
    pub right: i128,
}

/// The engine that carries a run out. It changes no result but [`Results::events`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// Shortcuts wherever nothing can tell.
    #[default]
    Fast,
    /// One event for each thing that happens.
    Stepwise,
}

/// Runs the chain once, by the fast engine unless `observer` wants to hear of events.
///
/// The same settings and seed give the same results on any machine. `observer` hears of every
/// message that ends, `pace` watches the run go.
///
/// # Errors
/// [`Imbalance`] if a message, a copy or money was lost track of.
///
/// ```
/// # use smschain::scenario::{Overrides, Source, load};
/// # let text = std::fs::read_to_string("templates/starter.toml")?;
/// # let source = Source { name: "starter.toml".into(), text, base: "".into() };
/// # let set = vec!["scenario.duration=1m".into(), "scenario.warmup=0s".into()];
/// # let spec = load(&source, &Overrides { set, ..Overrides::default() })?.spec;
/// use smschain::chain::{NoObserver, simulate};
/// use smschain::kernel::Unwatched;
///
/// let results = simulate(&spec, 7, &mut NoObserver, &mut Unwatched)?;
/// let again = simulate(&spec, 7, &mut NoObserver, &mut Unwatched)?;
/// assert_eq!((results.digest, results.events), (again.digest, again.events));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn simulate(
    spec: &Spec,
    seed: u64,
    observer: &mut dyn Observer,
    pace: &mut dyn Pace,
) -> Result<Results, Imbalance> {
    simulate_by(EngineChoice::Fast, spec, seed, observer, pace)
}

/// Runs the chain once by an engine of choice; an observer that wants to hear of events always
/// has them step by step.
///
/// # Errors
/// [`Imbalance`], as [`simulate`].
pub fn simulate_by(
    engine: EngineChoice,
    spec: &Spec,
    seed: u64,
    observer: &mut dyn Observer,
    pace: &mut dyn Pace,
) -> Result<Results, Imbalance> {
    match (engine, observer.wants()) {
        (EngineChoice::Fast, Wants::Nothing) => {
            finish(Chain::new(spec, seed, Fast::new(spec), Nobody), pace)
        }
        (EngineChoice::Fast, Wants::Messages | Wants::Ends) => {
            finish(Chain::new(spec, seed, Fast::new(spec), MessageLister::new(observer)), pace)
        }
        (EngineChoice::Stepwise, Wants::Nothing) => {
            finish(Chain::new(spec, seed, Stepwise::new(), Nobody), pace)
        }
        _ => finish(Chain::new(spec, seed, Stepwise::new(), Tracer::new(observer)), pace),
    }
}

/// Runs a chain that has not begun.
pub(crate) fn finish<E: Engine<Scheduler = EventSet<Event>>>(
    mut chain: Chain<'_, E>,
    pace: &mut dyn Pace,
) -> Result<Results, Imbalance> {
    let mut scheduler = EventSet::new();
    chain.start(&mut scheduler);
    let until = chain.end;
    let events = run(&mut chain, &mut scheduler, until, pace);
    E::catches_up(&mut chain, &mut scheduler);
    // With something still in flight the run goes on to its end, whether anything happens or not.
    let ended_at =
        if chain.finished() { scheduler.now().max(chain.engine.last_end()) } else { until };
    // Samples first: the account has no way back to their times.
    chain.take_samples(ended_at, &mut scheduler);
    chain.account.advance(ended_at);
    chain.finish();
    chain.close_samples(ended_at);
    chain.ledger.close();
    check(&chain, &scheduler)?;
    let mut results = collect(&mut chain);
    results.events = events;
    results.ended_at = ended_at;
    Ok(results)
}

/// Conservation, in every build: requests, messages, copies, money.
fn check<E: Engine>(chain: &Chain<'_, E>, scheduler: &EventSet<Event>) -> Result<(), Imbalance> {
    let balance = &chain.ledger.balance;
    let pending = scheduler.iter().filter(|(_, event)| event.kind().slot() == Slot::Copy).count();
    let in_line: usize = chain.carriers.iter().map(Carrier::in_line).sum();
    let results = &chain.ledger.results;
    let counted_truths: u64 = results.truth().iter().sum();
    let counted_accepted: u64 = results.batches.iter().map(|batch| batch.layers.accepted).sum();
    let requests = &results.requests;
    let answered = requests.accepted + requests.rejected.iter().sum::<u64>();
    let parts_under_way = match chain.takes_apart {
        false => 0,
        true => chain.messages.part_copies_under_way(),
    };
    let sums: [(&'static str, u64, u64); 7] = [
        ("requests made and settled", balance.requests, balance.requests_settled),
        ("counted requests and their answers", requests.total, answered),
        ("messages accepted and ended", balance.messages_accepted, balance.messages_ended),
        ("counted messages accepted and their truths", counted_accepted, counted_truths),
        (
            "copies born, and ended or on their way",
            balance.copies_born,
            balance.copies_ended + (pending + in_line) as u64,
        ),
        ("parts of messages and their ends", balance.parts, balance.parts_ended),
        (
            "copies of parts born, and ended or on their way",
            balance.part_copies_born,
            balance.part_copies_ended + parts_under_way,
        ),
    ];
    for (what, left, right) in sums {
        if left != right {
            return Err(Imbalance { what, left: i128::from(left), right: i128::from(right) });
        }
    }
    let money = [
        ("what the account lost and what messages cost", chain.account.taken(), balance.cost),
        ("money in, and balance + charged − refunded", chain.account.imbalance(), 0),
        ("billed for parts and what their copies cost", balance.parts_billed, balance.parts_cost),
    ];
    for (what, left, right) in money {
        if left != right {
            return Err(Imbalance { what, left, right });
        }
    }
    Ok(())
}

fn collect<E: Engine>(chain: &mut Chain<'_, E>) -> Results {
    for queue in &mut chain.queues {
        queue.winds_down(chain.spec.duration);
    }
    let results = &mut chain.ledger.results;
    for (index, results) in results.routes.iter_mut().enumerate() {
        if let Some((area, at_end)) = chain.slow_routes.part_over_time(index) {
            (results.weight_area, results.weight_at_end) = (area, at_end);
        }
    }
    for (results, queue) in results.queues.iter_mut().zip(&chain.queues) {
        if let Some([there, paid]) = queue.scaled() {
            (results.workers, results.paid) = (level(there), level(paid));
        }
        results.depth = level(queue.depth());
        results.busy = level(queue.busy());
        results.behind = queue.behind().map(level).unwrap_or_default();
    }
    for (results, provider) in results.providers.iter_mut().zip(&chain.providers) {
        results.outstanding = level(provider.outstanding());
        results.serving = level(provider.serving());
        results.backlog = level(provider.backlog());
        results.throttle_taken = provider.throttle_taken();
    }
    for (results, carrier) in results.carriers.iter_mut().zip(&chain.carriers) {
        results.waiting = level(carrier.waiting());
        results.throttle_taken = carrier.throttle_taken();
    }
    results.money.opening = chain.account.opening();
    results.money.topped_up = chain.account.topped_up();
    results.money.balance = chain.account.balance().unwrap_or(0);
    std::mem::take(results)
}

fn level(level: &TimeWeighted) -> Level {
    Level { area: level.area(), max: level.max() }
}
