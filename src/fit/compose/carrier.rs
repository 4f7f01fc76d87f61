//! A carrier: latency, handsets that are away, numbers that nobody has, what its filters show.

use std::cmp::Ordering;

use super::Shifts;
use super::absent::{Absent, Evidence, Told, absent};
use super::incidents::{Found, Switched};
use super::latency::{Latency, latency, write};
use super::parameter::{Assumption, Parameter, Uncertain, Unit};
use super::pressed::PRESSED;
use super::tail::Tail;
use super::text::{Text, digits, grouped, name, quoted, rows, span};
use super::under_way::UnderWay;
use crate::fit::Setting;
use crate::fit::gather::{Cell, Clocks, Durations, Fate, Pending};
use crate::fit::model::logit;
use crate::logs::Status;

/// Failures that a carrier shows and its filters stand for.
const SHOWN: [(&str, Fate, &str); 3] = [
    ("filtered", Fate::Filtered, "rejected"),
    ("opted-out", Fate::OptedOut, "rejected"),
    ("permanent", Fate::Permanent, "undelivered"),
];

/// The filter that stands for handsets that were away and of which a code told so at once.
const UNREACHABLE: &str = "unreachable";

/// Φ⁻¹(0.975).
const Z: f64 = 1.959_963_984_540_054;

/// A carrier, fitted.
#[derive(Default)]
pub(crate) struct Carrier {
    pub(crate) name: String,
    pub(crate) latency: Latency,
    pub(crate) shares: Vec<(String, Parameter)>,
    /// Name, receipt, probability.
    filters: Vec<(String, &'static str, Parameter)>,
    absent: Option<Absent>,
    loss: Option<Parameter>,
    throttle: Option<Parameter>,
    burst: f64,
    /// `true` if it refuses what is over that.
    refuses: bool,
    /// Filters that take some in incidents.
    switched: Vec<Switched>,
    pub(crate) assumptions: Vec<Assumption>,
}

/// Messages to a carrier, as they were seen.
pub(crate) struct Seen<'log> {
    pub(crate) name: &'log str,
    pub(crate) cell: Cell,
    /// Of latencies alone: of quiet times.
    pub(crate) quiet: Cell,
    pub(crate) pending: Vec<Pending>,
    /// Messages in the line before its throttle when the log was exported.
    pub(crate) queued: u64,
    /// Latencies without the wait before its throttle, where that presses.
    pub(crate) without_wait: Option<Durations>,
    /// `true` if there are no times in which nothing pressed.
    pub(crate) always_pressed: bool,
    pub(crate) clocks: Clocks,
    /// The clocks of times from the request on.
    pub(crate) of_requests: Clocks,
    /// `true` if those that failed never came to a carrier.
    pub(crate) failed_before: bool,
    /// `true` if it says when.
    pub(crate) timed: bool,
    pub(crate) found: Found,
    pub(crate) validity: Option<f64>,
    pub(crate) shifts: &'log Shifts,
}

/// A carrier from what is seen of it.
pub(crate) fn carrier(seen: &Seen<'_>) -> Carrier {
    let own = name(seen.name);
    let path = format!("carrier.{own}");
    let mut carrier = Carrier { name: own, switched: seen.found.filters(), ..Carrier::default() };
    carrier.throttled(&path, seen);
    let cell = &seen.cell;
    let quiet = if seen.timed { &seen.quiet.to_done } else { &seen.quiet.cycle };
    let durations = seen.without_wait.as_ref().unwrap_or(quiet);
    let tail = Tail::of(durations, seen.clocks);
    let mut under_way = UnderWay::of(seen, durations, tail.as_ref());
    let joint = match &tail {
        None => under_way.with_latency(seen, durations, &format!("{path}.latency")),
        Some(_) => None,
    };
    // Of those that came so far, and of which the log tells more.
    let came = match &joint {
        Some(joint) => joint.under_way,
        None => under_way.young.len() as u64,
    };
    let mut left = cell.rows().saturating_sub(came + seen.queued + cell.unasked);
    carrier.failed(&path, seen, &mut left);
    let (lost, of) = match joint {
        Some(joint) => {
            carrier.latency = joint.latency;
            ((joint.lost, joint.told), left)
        }
        None => {
            let (lost, of) =
                carrier.away(&path, seen, (durations, tail.as_ref()), &mut under_way, left);
            ((lost, 0), of)
        }
    };
    if seen.without_wait.is_some() {
        carrier.latency.doubt = Some(PRESSED.to_owned());
    }
    carrier.doubts(&path, seen);
    carrier.lost(&path, seen, lost, of);
    carrier
}

/// The states of messages that never came to a final one, with how many have each; nothing where no state says so.
fn without_end(cell: &Cell, silent: u64) -> String {
    let cancelled = cell.status(Status::Cancelled);
    let unknown = cell.status(Status::Unknown).saturating_sub(cell.unasked);
    if cancelled + unknown == 0 {
        return String::new();
    }
    let others = silent.saturating_sub(cancelled + unknown);
    let all = [(cancelled, "canceled"), (unknown, "unknown"), (others, "still pending")];
    let told = all.into_iter().filter(|(count, _)| *count > 0);
    let told = told.map(|(count, state)| format!("{} {state}", grouped(count)));
    format!(" ({})", told.collect::<Vec<_>>().join(", "))
}

impl Carrier {
    /// Puts in its throttle.
    fn throttled(&mut self, path: &str, seen: &Seen<'_>) {
        let throttle = seen.found.throttle;
        self.throttle = throttle.map(|own| own.parameter(path));
        // What comes out is blurred by how long each takes: only waits tell a burst. What is rejected though
        // hardly less passes than the rate comes to a bucket that holds some.
        self.burst = match seen.found.refuses {
            true => throttle.map_or(1.0, |own| own.rate.max(1.0)),
            false => seen.found.line.as_ref().map_or(1.0, |own| own.throttle.burst),
        };
        self.refuses = seen.found.refuses;
        if let Some(throttle) = throttle.filter(|_| seen.found.refuses) {
            let more = digits((4.0 * throttle.rate).max(4.0).round(), 6);
            self.assume(
                format!("{path}.throttle.burst"),
                "how much a throttle that rejects lets through at once can't be told from deliveries, which \
                 take a time of their own: taken as much as in a second"
                    .to_owned(),
                digits(self.burst.round(), 6),
                Some(format!("{path}.throttle.burst={more}")),
            );
        }
    }

    /// Those that failed: numbers that nobody has, then what filters show. `left` is how many came so far, and
    /// how many are left after them.
    fn failed(&mut self, path: &str, seen: &Seen<'_>, left: &mut u64) {
        let cell = &seen.cell;
        let of = |fate| cell.ends.of(fate, seen.failed_before);
        let in_state = |status, fate| cell.ends.of_state(status, fate, seen.failed_before);
        let Told { at_once, .. } = Told::of(cell, seen.of_requests);
        *left = left.saturating_sub(of(Fate::GivenUp) + of(Fate::Refused));
        let unknown = of(Fate::UnknownSubscriber);
        if unknown > 0 {
            let key = "unknown_subscriber";
            let parameter = Parameter::share(format!("{path}.{key}"), unknown, *left, "counted");
            self.shares.push((key.to_owned(), parameter));
            *left = left.saturating_sub(unknown);
        }
        for (name, fate, usual) in SHOWN {
            // As most of them are called.
            let [rejected, undelivered] =
                [Status::Rejected, Status::Undelivered].map(|status| in_state(status, fate));
            let receipt = match rejected.cmp(&undelivered) {
                Ordering::Greater => "rejected",
                Ordering::Less => "undelivered",
                Ordering::Equal => usual,
            };
            self.filter(path, (name, receipt), of(fate), left);
        }
        self.filter(path, (UNREACHABLE, "undelivered"), at_once, left);
        if at_once > 0 {
            let why = format!(
                "{} failed as soon as others were delivered, with a code that says that the handset was \
                 away: nobody waits for it to return, and when it does can't be told; a filter that blocks \
                 at random stands for that",
                rows(at_once)
            );
            self.assume(
                format!("{path}.filter.{UNREACHABLE}"),
                why,
                "a random filter".to_owned(),
                None,
            );
        }
        let unexplained = of(Fate::Unexplained);
        let place = format!("{path}.filter.unexplained");
        if seen.found.refuses && (seen.found.always || seen.always_pressed) {
            *left = left.saturating_sub(unexplained);
            let why = "the throttle rejects for most of the log: what else failed without a kind the codes tell \
                       can't be told from what it rejected";
            self.assume(place, why.to_owned(), "none".to_owned(), None);
            return;
        }
        // Each state of its own, where the log has both.
        let rejected = match cell.status(Status::Undelivered) {
            0 => 0,
            _ => in_state(Status::Rejected, Fate::Unexplained),
        };
        self.filter(path, ("unexplained-rejected", "rejected"), rejected, left);
        self.filter(path, ("unexplained", "undelivered"), unexplained - rejected, left);
        if unexplained > 0 {
            let why = format!(
                "{} failed without a kind the codes tell: a filter that blocks at random stands for \
                 whatever it was; it may hit certain contents or times",
                rows(unexplained)
            );
            self.assume(place, why, "a random filter".to_owned(), None);
        }
    }

    /// A filter that took `hits` of those that are left, by its name and its receipt.
    fn filter(&mut self, path: &str, own: (&str, &'static str), hits: u64, left: &mut u64) {
        if hits > 0 {
            let key = format!("{path}.filter.{}.probability", own.0);
            let parameter = Parameter::share(key, hits, *left, "counted");
            self.filters.push((own.0.to_owned(), own.1, parameter));
            *left = left.saturating_sub(hits);
        }
    }

    /// Handsets that are away, and the latency of those that aren't; how many are lost, and of how many.
    fn away(
        &mut self,
        path: &str,
        seen: &Seen<'_>,
        (durations, tail): (&Durations, Option<&Tail>),
        under_way: &mut UnderWay,
        left: u64,
    ) -> (f64, u64) {
        let cell = &seen.cell;
        let Told { at_once, .. } = Told::of(cell, seen.of_requests);
        let away = cell.ends.of(Fate::Away, seen.failed_before).saturating_sub(at_once);
        // Of latencies those of quiet times are known; the share is of all.
        let late = tail.map_or(0.0, |tail| {
            let late = tail.late.count() as f64;
            let share = late / (tail.body.count() as f64 + late).max(1.0);
            share * cell.status(Status::Delivered) as f64
        });
        self.absent = absent(
            path,
            &Evidence {
                tail,
                late,
                expired: away,
                pending: &under_way.old,
                of: left,
                validity: seen.validity,
                clocks: seen.clocks,
            },
        );
        let mut waiting = self.absent.as_ref().map_or(0, |absent| absent.waiting);
        let pending = cell.status(Status::Pending).saturating_sub(seen.queued);
        let never = cell.status(Status::Unknown) + cell.status(Status::Cancelled) - cell.unasked;
        let lost = (pending + never).saturating_sub(under_way.young.len() as u64 + waiting);
        let away_share = self.absent.as_ref().map_or(0.0, |absent| absent.probability.value);
        let thinned = under_way.thin(away_share, lost as f64 / left.max(1) as f64);
        waiting += thinned.away;
        let left = left + thinned.lost + thinned.away;
        // What comes late belongs to the latency, unless it is told of absent handsets.
        let body = match (&self.absent, tail) {
            (Some(absent), Some(tail)) => {
                absent.without_soon(&tail.body, tail.late.count() as f64 / late.max(1.0))
            }
            _ => durations.clone(),
        };
        if let Some(absent) = &mut self.absent {
            self.assumptions.append(&mut absent.assumptions);
        }
        let path = format!("{path}.latency");
        let setting = Setting { shift: seen.shifts.of(&path), never: false };
        self.latency = latency(&body, &under_way.young, seen.clocks, &path, setting);
        ((lost + thinned.lost) as f64, left.saturating_sub(away + waiting))
    }

    /// Puts in its loss, `silent` of those left, `told` of them by the log's own word, and what can't be seen of
    /// that.
    fn lost(&mut self, path: &str, seen: &Seen<'_>, (silent, told): (f64, u64), left: u64) {
        let cell = &seen.cell;
        if cell.status(Status::Delivered) == 0 {
            return;
        }
        let place = format!("{path}.loss");
        let count = silent.round() as u64;
        if let Some(loss) = self.loss_of(&place, cell, (count, told), left) {
            let why = format!(
                "{} never came to a final state{}: lost on the way, filtered in silence, or only \
                 the receipt was lost; the log can't tell which: taken as lost{}",
                rows(count),
                without_end(cell, count),
                match cell.status(Status::Cancelled) {
                    0 => "",
                    _ =>
                        ", and so is what was canceled, though nothing may have gone wrong with that: leave \
                          such rows out of the log if nobody waits for them",
                }
            );
            let value = digits(loss.value, 5);
            self.loss = Some(loss);
            self.assume(place.clone(), why, value, Some(format!("{place}=0")));
        }
        if cell.unasked > 0 {
            let why = format!(
                "for {} no receipt was asked: what became of them the log can't tell; taken as of the others",
                rows(cell.unasked)
            );
            self.assume(place.clone(), why, "the others’ shares".to_owned(), None);
        }
        let more = digits(0.01 + silent / left.max(1) as f64, 4);
        self.assume(
            format!("{path}.filter"),
            "receipts that falsely say delivered and silent filtering can't be seen in a log: none are assumed"
                .to_owned(),
            "none".to_owned(),
            Some(format!("{place}={more}")),
        );
    }

    /// The loss of a segment, where `count` of those left are lost, `told` of them by the log's own word: those with
    /// it, and of the others the share that was found with the latency.
    fn loss_of(
        &mut self,
        path: &str,
        cell: &Cell,
        (count, told): (u64, u64),
        left: u64,
    ) -> Option<Parameter> {
        let of_segment = |share: f64| cell.loss_of_a_segment(share);
        let Some(others) = self.latency.never else {
            let method = "messages without a final state";
            let loss = Parameter::share(path.to_owned(), count, left.max(count), method);
            let [value, low, high] = [loss.value, loss.low, loss.high].map(of_segment);
            return (count > 0).then_some(Parameter { value, low, high, ..loss });
        };
        let rows = self.latency.rows + told;
        let by_word = Parameter::share(path.to_owned(), told, rows, "");
        // Ends as far away as those of both together.
        let either = |word: f64, other: f64| word + (1.0 - word) * other;
        let value = either(by_word.value, others.value);
        let beside = |of: f64, other: f64| {
            (either(of, others.value) - value).hypot(either(by_word.value, other) - value)
        };
        let (low, high) = match told {
            0 => (others.low, others.high),
            _ => {
                (value - beside(by_word.low, others.low), value + beside(by_word.high, others.high))
            }
        };
        let [value, low, high] = [value, low.max(0.0), high].map(of_segment);
        self.latency.loses(path, value, (logit(high) - logit(value)) / Z);
        Some(Parameter {
            path: path.to_owned(),
            value,
            low,
            high,
            rows,
            method: "found with the latency: of what had no final state, as likely".to_owned(),
            unit: Unit::Share,
        })
    }

    fn assume(&mut self, path: String, why: String, value: String, other: Option<String>) {
        let other = other.into_iter().collect();
        self.assumptions.push(Assumption { path, why, value, other, sensitivity: None });
    }

    fn doubts(&mut self, path: &str, seen: &Seen<'_>) {
        if seen.cell.cycle.count() == 0 && seen.cell.to_done.count() == 0 {
            self.latency.doubt = Some(
                "the log doesn't say when messages came, and no latency can be fitted: all come at once, \
                 and every latency and share within a time rests on that; put in what you know"
                    .to_owned(),
            );
        }
        if let Some(doubt) = self.latency.doubt.clone() {
            let longer = span((self.latency.median * 2.0).max(5.0));
            let (path, told) = (format!("{path}.latency"), self.latency.told());
            self.assume(path.clone(), doubt, told, Some(format!("{path}={longer}")));
        }
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let absent = self.absent.iter().flat_map(Absent::parameters);
        self.latency
            .parameters
            .iter()
            .chain(self.shares.iter().map(|(_, parameter)| parameter))
            .chain(self.filters.iter().map(|(.., parameter)| parameter))
            .chain(absent)
            .chain(&self.loss)
            .chain(&self.throttle)
    }

    pub(crate) fn uncertain(&self) -> Vec<Uncertain> {
        // Times are those of latencies, which are drawn as a whole.
        let drawn = self.latency.uncertain.iter().flat_map(|own| &own.also);
        let with_latency: Vec<&str> = drawn.map(|(path, _)| path.as_str()).collect();
        let others = self
            .parameters()
            .filter(|own| own.unit != Unit::Seconds && !with_latency.contains(&own.path.as_str()));
        let shares = others.filter_map(Parameter::uncertain);
        let absent = self.absent.as_ref().and_then(|absent| absent.returns.uncertain.clone());
        shares.chain(self.latency.uncertain.clone()).chain(absent).collect()
    }

    pub(crate) fn write(&self, text: &mut Text) {
        text.table("[[carrier]]");
        text.key("name", &quoted(&self.name), "");
        write(text, "latency", &self.latency);
        if let Some(rate) = &self.throttle {
            let excess = if self.refuses { "reject" } else { "queue" };
            let burst = digits(self.burst.round(), 6);
            let value =
                format!("{{ rate = {}, burst = {burst}, on_excess = \"{excess}\" }}", rate.toml());
            text.key("throttle", &value, &rate.comment());
        }
        for (key, parameter) in &self.shares {
            text.key(key, &parameter.toml(), &parameter.comment());
        }
        if let Some(loss) = &self.loss {
            text.key("loss", &loss.toml(), &format!("{}; an assumption", loss.comment()));
        }
        if let Some(absent) = &self.absent {
            absent.write(text);
        }
        for (name, receipt, probability) in &self.filters {
            text.table("[[carrier.filter]]");
            text.key("name", &quoted(name), "");
            text.key("rule.random", "{}", "");
            text.key("probability", &probability.toml(), &probability.comment());
            text.key("action", "\"block\"", "");
            text.key("receipt", &quoted(receipt), "");
        }
        for own in &self.switched {
            text.table("[[carrier.filter]]");
            text.key("name", &quoted(&own.name), "");
            text.key("rule.random", "{}", "");
            text.key("probability", &digits(own.share, 4), "in an incident alone");
            text.key("action", if own.silent { "\"silent\"" } else { "\"block\"" }, "");
            if !own.silent {
                text.key("receipt", "\"undelivered\"", "");
            }
            text.key("enabled", "false", "");
        }
    }
}
