//! The story as lines, in order of time.

use super::Traced;
use super::reached::{Reached, decides, fill};
use super::words::Words;
use super::{account, carrier, client, handset, provider as submits, queue, receipt, retry};
use crate::chain::spec::Spec;
use crate::chain::trace::story::{
    ApiStep, ClientStep, HandsetStep, ReceiptStep, Step, SubmitStep, Told,
};
use crate::chain::{AttemptResult, Observed, Truth};
use crate::experiment::tracing::{End, Story};
use crate::kernel::Nanos;

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its time.
    pub time: Nanos,
    /// The message, if it is one of the kin.
    pub kin: Option<String>,
    /// Stage and kind of step: `submit.goes_out`.
    pub kind: String,
    /// The component.
    pub who: String,
    /// Its action.
    pub what: String,
    /// The reason, with its numbers.
    pub why: String,
    /// The state that the sender saw of the message once it was done; `None`: there was no message yet.
    pub seen: Option<Observed>,
    /// The message's true end by then, as the chain told it; [`Truth::Unresolved`]: not yet.
    pub truth: Truth,
    /// It decides what becomes of a copy, or ends the sender's own work.
    pub decides: bool,
    /// The stage it had truly reached once it was done; `None`: there was no message yet.
    pub reached: Option<Reached>,
}

/// Another message of the same wish.
#[derive(Debug, Clone, PartialEq)]
pub struct Kin<'run> {
    /// Its relation to the message.
    pub relation: Relation,
    /// Its end.
    pub end: &'run End,
}

/// The relation of one message to another of the same wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Of another call of the same request.
    Repeat,
    /// Of an earlier request of the person's.
    Earlier,
    /// Of a later one.
    Resend,
}

impl Relation {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Relation::Repeat => "repeated call",
            Relation::Earlier => "asked before",
            Relation::Resend => "resend",
        }
    }
}

/// The other messages of the same wish, in the order of their requests.
#[must_use]
pub fn kin(story: &Story) -> Vec<Kin<'_>> {
    let others = story.ends.iter().filter(|end| Some(end.message_id) != story.message);
    let mut kin: Vec<Kin<'_>> = others
        .map(|end| {
            let relation = match end.request.cmp(&story.request) {
                std::cmp::Ordering::Less => Relation::Earlier,
                std::cmp::Ordering::Equal => Relation::Repeat,
                std::cmp::Ordering::Greater => Relation::Resend,
            };
            Kin { relation, end }
        })
        .collect();
    kin.sort_by_key(|kin| (kin.end.request, kin.end.accepted, kin.end.message_id));
    kin
}

/// The time of the story's request: its first call.
pub(super) fn requested(story: &Story) -> Nanos {
    let own = |told: &&Told| told.request == story.request;
    let first = || story.told.iter().find(own).map_or(0, |told| told.time);
    story.end().map_or_else(first, |end| end.requested)
}

/// The story's lines.
#[must_use]
pub fn lines(traced: &Traced<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for told in &traced.story.told {
        let own = is_own(traced.story, told);
        if own || matters(&told.step) {
            add(traced, told, own, &mut lines);
        }
    }
    // What was known beforehand is told when it happens, if the run goes on so long.
    let end = traced.spec.duration.saturating_add(traced.spec.drain);
    lines.retain(|line: &Line| line.time <= end);
    lines.sort_by_key(|line| line.time);
    let mut seen = None;
    for line in lines.iter_mut().filter(|line| line.kin.is_none()) {
        line.seen = match (seen, line.seen) {
            (seen, _) if line.kind == TRY || line.kind == WAY => seen,
            // What is told of the request, or while the answer is being entered.
            (seen, None) | (seen @ Some(Observed::Sent), Some(Observed::Queued)) => seen,
            (_, now) => now,
        };
        seen = line.seen;
    }
    fill(traced.story, &mut lines);
    lines
}

pub(super) const TRY: &str = "handset.tries";
pub(super) const WAY: &str = "handset.on_its_way";

/// Of the message itself, or of its request as a whole.
fn is_own(story: &Story, told: &Told) -> bool {
    match (told.step, story.message) {
        // Of a call that bore no message, or bore it beside another one.
        (Step::Client(ClientStep::AsksAgain { .. }), _) => true,
        (Step::Client(_), _) => told.request == story.request || told.request == 0,
        (Step::Api(ApiStep::Accepts { .. }), Some(message)) => told.message == message,
        (Step::Api(_), _) => told.request == story.request,
        (_, message) => Some(told.message) == message,
    }
}

/// True if it is worth a line in another message's story.
fn matters(step: &Step) -> bool {
    matches!(
        step,
        Step::Api(
            ApiStep::Accepts { .. }
                | ApiStep::Refuses { .. }
                | ApiStep::Answers { rejection: Some(_), .. }
        ) | Step::Submit(SubmitStep::Accepted { .. })
            | Step::Retry(crate::chain::trace::story::RetryStep::Stops { .. })
            | Step::Handset(HandsetStep::Delivered { .. })
            | Step::Receipt(ReceiptStep::Arrives { .. })
    )
}

fn add(traced: &Traced<'_>, told: &Told, own: bool, lines: &mut Vec<Line>) {
    let spec = traced.spec;
    let id = format!("BX-{}-{:016x}", told.order_id, told.message);
    let carrier = carrier_of(traced.story, told);
    let Some(mut words) = words(traced, told, &id, carrier) else {
        return;
    };
    if let Some(part) = told.part {
        // Copies are numbered as they are accepted, parts as they are read.
        let end = words.what.rfind(" (copy ").unwrap_or(words.what.len());
        words.what.truncate(end);
        words.what.push_str(&format!(" (part {} of {})", part.number, part.of));
    }
    let mut line = Line {
        time: told.time,
        kin: (!own).then_some(id),
        kind: kind(&told.step),
        who: words.who,
        what: words.what,
        why: words.why.join(", "),
        seen: seen(told),
        truth: told.truth,
        decides: decides(&told.step),
        reached: None,
    };
    let step = told.step;
    if let Step::Handset(HandsetStep::OnItsWay { from, .. }) = step {
        line.time = from;
    }
    let template = line.clone();
    let last = |kind: &str| {
        let there = |other: &Line| other.kind == kind && other.time == line.time;
        lines.iter().rposition(there).filter(|&place| lines[place].kin == line.kin)
    };
    let place = match step {
        // The answer leaves at once, before anything is done with the message.
        Step::Api(ApiStep::Answers { .. }) => last("api.accepts").map(|place| place + 1),
        // What is true comes before the sender hears of it.
        Step::Submit(SubmitStep::Accepted { .. }) => last("submit.ends"),
        _ => None,
    };
    if place.is_some() && matches!(step, Step::Submit(_)) {
        line.seen = None;
    }
    lines.insert(place.unwrap_or(lines.len()), line);
    if let Step::Handset(HandsetStep::Tries { absent: Some(absence), found, .. }) = step {
        let end = validity_end(spec, traced.story, told);
        for (time, words) in handset::tries(spec, carrier, told.time, found.unwrap_or(end)) {
            let Words { who, what, why } = words;
            lines.push(Line { time, who, what, why: why.join(", "), ..template.clone() });
        }
        if absence.alert.is_some_and(|alert| alert.happened())
            && let Some(found) = found
        {
            let (who, what) = ("network".to_owned(), "wakes the carrier".to_owned());
            let why = "the handset is back".to_owned();
            lines.push(Line { time: found, who, what, why, ..template });
        }
    }
}

/// The state that the sender saw once the step was done.
fn seen(told: &Told) -> Option<Observed> {
    match told.step {
        // The answer is about to be entered.
        Step::Submit(SubmitStep::Ends {
            result: AttemptResult::Accepted, awaited: true, ..
        }) if told.seen == Some(Observed::Queued) => Some(Observed::Sent),
        _ => told.seen,
    }
}

fn words(traced: &Traced<'_>, told: &Told, id: &str, at: usize) -> Option<Words> {
    let spec = traced.spec;
    Some(match told.step {
        Step::Client(step) => client::client(spec, told, id, step),
        Step::Api(step) => client::api(spec, told, id, step),
        Step::Queue(step) => queue::words(spec, step),
        Step::Submit(step) => submits::words(spec, told, step),
        Step::Retry(step) => retry::words(spec, step),
        Step::Carrier(step) => carrier::words(spec, at, step),
        Step::Handset(step) => return handset::words(spec, at, told, step),
        Step::Receipt(step) => {
            let truth = end_of(traced.story, told).map(|end| end.truth);
            receipt::words(spec, told, truth, step)
        }
        Step::Money(step) => account::words(step),
    })
}

fn end_of<'run>(story: &'run Story, told: &Told) -> Option<&'run End> {
    story.ends.iter().find(|end| end.message_id == told.message)
}

fn carrier_of(story: &Story, told: &Told) -> usize {
    end_of(story, told).map_or(usize::MAX, |end| end.carrier)
}

/// The end of a message's validity, the run's end at the latest.
fn validity_end(spec: &Spec, story: &Story, told: &Told) -> Nanos {
    let end = spec.duration.saturating_add(spec.drain);
    let Some(message) = end_of(story, told) else {
        return end;
    };
    let validity = spec.traffic.get(message.traffic).and_then(|stream| stream.validity);
    validity.map_or(end, |span| message.accepted.saturating_add(span).min(end))
}

/// `Submit(GoesOut { … })` → `submit.goes_out`.
fn kind(step: &Step) -> String {
    let debug = format!("{step:?}");
    let (stage, rest) = debug.split_once('(').unwrap_or((&debug, ""));
    if let Step::Submit(SubmitStep::Accepted { whole: false, .. }) = step {
        return "submit.part_accepted".to_owned();
    }
    let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let mut kind = stage.to_ascii_lowercase();
    let mut before = '.';
    kind.push('.');
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before != '.' {
            kind.push('_');
        }
        before = letter;
        kind.push(letter.to_ascii_lowercase());
    }
    kind
}
