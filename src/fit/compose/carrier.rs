//! A carrier: latency, handsets that are away, numbers that nobody has, what its filters show.

use std::cmp::Ordering;

use super::absent::{Absent, Evidence, Told, absent};
use super::incidents::{Found, Switched};
use super::latency::{Latency, latency, write};
use super::parameter::{Assumption, Parameter, Uncertain, Unit};
use super::pressed::PRESSED;
use super::tail::Tail;
use super::text::{Text, digits, grouped, name, quoted, rows, span};
use crate::fit::gather::{Cell, Clocks, Durations, Fate, Pending, seconds};
use crate::logs::Status;

/// Failures that a carrier shows and its filters stand for.
const SHOWN: [(&str, Fate, &str); 3] = [
    ("filtered", Fate::Filtered, "rejected"),
    ("opted-out", Fate::OptedOut, "rejected"),
    ("permanent", Fate::Permanent, "undelivered"),
];

/// The filter that stands for handsets that were away and of which a code told so at once.
const UNREACHABLE: &str = "unreachable";

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
}

/// A carrier from what is seen of it.
pub(crate) fn carrier(seen: &Seen<'_>) -> Carrier {
    let own = name(seen.name);
    let path = format!("carrier.{own}");
    let mut carrier = Carrier { name: own, ..Carrier::default() };
    carrier.throttle = seen.found.throttle.map(|own| own.parameter(&path));
    // What comes out is blurred by how long each takes: only waits tell a burst. What is rejected though hardly
    // less passes than the rate comes to a bucket that holds some.
    let throttle = seen.found.throttle;
    carrier.burst = match seen.found.refuses {
        true => throttle.map_or(1.0, |own| own.rate.max(1.0)),
        false => seen.found.line.as_ref().map_or(1.0, |own| own.throttle.burst),
    };
    if let Some(throttle) = throttle.filter(|_| seen.found.refuses) {
        carrier.assumptions.push(Assumption {
            path: format!("{path}.throttle.burst"),
            why: "how much a throttle that rejects lets through at once can't be told from deliveries, which \
                  take a time of their own: taken as much as in a second"
                .to_owned(),
            value: digits(carrier.burst.round(), 6),
            other: vec![format!("{path}.throttle.burst={}", digits((4.0 * throttle.rate).max(4.0).round(), 6))],
            sensitivity: None,
        });
    }
    carrier.refuses = seen.found.refuses;
    carrier.switched = seen.found.filters();
    let cell = &seen.cell;
    let quiet = if seen.timed { &seen.quiet.to_done } else { &seen.quiet.cycle };
    let durations = seen.without_wait.as_ref().unwrap_or(quiet);
    let delivered = cell.status(Status::Delivered);
    let tail = Tail::of(durations, seen.clocks);
    let Told { at_once, .. } = Told::of(cell, seen.of_requests);
    let mut under_way = UnderWay::of(seen, durations, tail.as_ref());
    // Of those that came so far, and of which the log tells more: numbers that nobody has, then what filters
    // show, then tries.
    let nothing_told = under_way.young.len() as u64 + seen.queued + cell.unasked;
    let mut left = cell.rows().saturating_sub(nothing_told);
    let of = |fate| cell.ends.of(fate, seen.failed_before);
    let away = of(Fate::Away).saturating_sub(at_once);
    let in_state = |status, fate| cell.ends.of_state(status, fate, seen.failed_before);
    let unknown = of(Fate::UnknownSubscriber);
    let at_sender = of(Fate::GivenUp) + of(Fate::Refused);
    left = left.saturating_sub(at_sender);
    let share = |key: &str, hits: u64, of: u64, method: &str| {
        Parameter::share(format!("{path}.{key}"), hits, of, method)
    };
    if unknown > 0 {
        let parameter = share("unknown_subscriber", unknown, left, "counted");
        carrier.shares.push(("unknown_subscriber".to_owned(), parameter));
        left = left.saturating_sub(unknown);
    }
    let mut filter = |name: &str, receipt: &'static str, hits: u64, left: &mut u64| {
        if hits > 0 {
            let key = format!("filter.{name}.probability");
            let parameter = share(&key, hits, *left, "counted");
            carrier.filters.push((name.to_owned(), receipt, parameter));
            *left = left.saturating_sub(hits);
        }
    };
    for (name, fate, usual) in SHOWN {
        // As most of them are called.
        let [rejected, undelivered] =
            [Status::Rejected, Status::Undelivered].map(|status| in_state(status, fate));
        let receipt = match rejected.cmp(&undelivered) {
            Ordering::Greater => "rejected",
            Ordering::Less => "undelivered",
            Ordering::Equal => usual,
        };
        filter(name, receipt, of(fate), &mut left);
    }
    filter(UNREACHABLE, "undelivered", at_once, &mut left);
    if at_once > 0 {
        carrier.assumptions.push(Assumption {
            path: format!("{path}.filter.{UNREACHABLE}"),
            why: format!(
                "{} failed as soon as others were delivered, with a code that says that the handset was \
                 away: nobody waits for it to return, and when it does can't be told; a filter that blocks \
                 at random stands for that",
                rows(at_once)
            ),
            value: "a random filter".to_owned(),
            other: Vec::new(),
            sensitivity: None,
        });
    }
    let unexplained = of(Fate::Unexplained);
    // Each state of its own, where the log has both.
    let rejected = match cell.status(Status::Undelivered) {
        0 => 0,
        _ => in_state(Status::Rejected, Fate::Unexplained),
    };
    let by_throttle = seen.found.refuses && (seen.found.always || seen.always_pressed);
    if by_throttle {
        left = left.saturating_sub(unexplained);
        carrier.assumptions.push(Assumption {
            path: format!("{path}.filter.unexplained"),
            why: "the throttle rejects for most of the log: what else failed without a kind the codes tell \
                  can't be told from what it rejected"
                .to_owned(),
            value: "none".to_owned(),
            other: Vec::new(),
            sensitivity: None,
        });
    } else {
        filter("unexplained-rejected", "rejected", rejected, &mut left);
        filter("unexplained", "undelivered", unexplained - rejected, &mut left);
    }
    if unexplained > 0 && !by_throttle {
        carrier.assumptions.push(Assumption {
            path: format!("{path}.filter.unexplained"),
            why: format!(
                "{} failed without a kind the codes tell: a filter that blocks at random stands for \
                 whatever it was; it may hit certain contents or times",
                rows(unexplained)
            ),
            value: "a random filter".to_owned(),
            other: Vec::new(),
            sensitivity: None,
        });
    }
    // Of latencies those of quiet times are known; the share is of all.
    let late = tail.as_ref().map_or(0.0, |tail| {
        let late = tail.late.count() as f64;
        late / (tail.body.count() as f64 + late).max(1.0) * delivered as f64
    });
    carrier.absent = absent(
        &path,
        &Evidence {
            tail: tail.as_ref(),
            late,
            expired: away,
            pending: &under_way.old,
            of: left,
            validity: seen.validity,
            clocks: seen.clocks,
        },
    );
    let mut waiting = carrier.absent.as_ref().map_or(0, |absent| absent.waiting);
    let pending = cell.status(Status::Pending).saturating_sub(seen.queued);
    let never = cell.status(Status::Unknown) + cell.status(Status::Cancelled) - cell.unasked;
    let lost = (pending + never).saturating_sub(under_way.young.len() as u64 + waiting);
    let away_share = carrier.absent.as_ref().map_or(0.0, |absent| absent.probability.value);
    let thinned = under_way.thin(away_share, lost as f64 / left.max(1) as f64);
    left += thinned.lost + thinned.away;
    waiting += thinned.away;
    let silent = lost + thinned.lost;
    // What comes late belongs to the latency, unless it is told of absent handsets.
    let body = match (&carrier.absent, &tail) {
        (Some(absent), Some(tail)) => {
            absent.without_soon(&tail.body, tail.late.count() as f64 / late.max(1.0))
        }
        _ => durations.clone(),
    };
    if let Some(absent) = &mut carrier.absent {
        carrier.assumptions.append(&mut absent.assumptions);
    }
    carrier.latency = latency(&body, &under_way.young, seen.clocks, &format!("{path}.latency"));
    if seen.without_wait.is_some() {
        carrier.latency.doubt = Some(PRESSED.to_owned());
    }
    carrier.doubts(&path, seen);
    left = left.saturating_sub(away + waiting);
    if silent > 0 && delivered > 0 {
        let of = left.max(silent);
        let loss = share("loss", silent, of, "messages without a final state");
        let [lost, low, high] =
            [loss.value, loss.low, loss.high].map(|share| cell.loss_of_a_segment(share));
        carrier.loss = Some(Parameter { value: lost, low, high, ..loss });
        carrier.assumptions.push(Assumption {
            path: format!("{path}.loss"),
            why: format!(
                "{} never came to a final state{}: lost on the way, filtered in silence, or only \
                 the receipt was lost; the log can't tell which: taken as lost{}",
                rows(silent),
                without_end(cell, silent),
                match cell.status(Status::Cancelled) {
                    0 => "",
                    _ => ", and so is what was canceled, though nothing may have gone wrong with that: leave \
                          such rows out of the log if nobody waits for them",
                }
            ),
            value: digits(lost, 5),
            other: vec![format!("{path}.loss=0")],
            sensitivity: None,
        });
    }
    if cell.unasked > 0 && delivered > 0 {
        carrier.assumptions.push(Assumption {
            path: format!("{path}.loss"),
            why: format!(
                "for {} no receipt was asked: what became of them the log can't tell; taken as of the others",
                rows(cell.unasked)
            ),
            value: "the others’ shares".to_owned(),
            other: Vec::new(),
            sensitivity: None,
        });
    }
    if delivered > 0 {
        carrier.assumptions.push(Assumption {
            path: format!("{path}.filter"),
            why:
                "receipts that falsely say delivered and silent filtering can't be seen in a log: \
                  none are assumed"
                    .to_owned(),
            value: "none".to_owned(),
            other: vec![format!(
                "{path}.loss={}",
                digits(0.01 + silent as f64 / left.max(1) as f64, 4)
            )],
            sensitivity: None,
        });
    }
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

/// Messages under way when the log was exported: the time that each had been, s, in order.
struct UnderWay {
    /// No longer than those that handsets were there for.
    young: Vec<f64>,
    /// Longer than that.
    old: Vec<f64>,
    /// Latencies of handsets that are there.
    body: Durations,
}

impl UnderWay {
    fn of(seen: &Seen<'_>, durations: &Durations, tail: Option<&Tail>) -> UnderWay {
        let age = |own: &Pending| if seen.timed { own.since_sent } else { Some(own.age) };
        let mut ages: Vec<f64> =
            seen.pending.iter().filter_map(age).map(|age| age as f64 / 1e9).collect();
        ages.sort_by(f64::total_cmp);
        // Those that take longer than anything that ever came are not under way any more.
        let longest = durations.quantile(1.0).unwrap_or(0.0).max(1e-9);
        let until = tail.map_or(longest, |tail| tail.from);
        let (young, old) = ages.into_iter().partition(|&age| age <= until);
        let body = tail.map_or_else(|| durations.clone(), |tail| tail.body.clone());
        UnderWay { young, old, body }
    }

    /// Leaves out of the young ones as many as at each age wait for a handset or are lost, by the shares
    /// of those among messages that are older.
    fn thin(&mut self, away: f64, lost: f64) -> Thinned {
        let there = (1.0 - lost - away).max(0.0);
        let all = self.body.count().max(1) as f64;
        let (mut carried, mut ended) = (0.0, 0.0);
        let mut spans = self.body.spans().peekable();
        let before = self.young.len();
        self.young.retain(|&age| {
            while let Some((.., count)) = spans.next_if(|&(low, ..)| seconds(low) < age) {
                ended += count as f64;
            }
            let own = there * (1.0 - ended / all);
            carried += own / (own + lost + away).max(1e-12);
            let keep = carried >= 0.5;
            carried -= f64::from(u8::from(keep));
            keep
        });
        let thinned = (before - self.young.len()) as f64;
        let away = (thinned * away / (away + lost).max(1e-12)).round() as u64;
        Thinned { away, lost: thinned as u64 - away }
    }
}

/// Messages that aren't under way as the others are: those that wait for a handset, and those lost.
struct Thinned {
    away: u64,
    lost: u64,
}

impl Carrier {
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
            self.assumptions.push(Assumption {
                path: format!("{path}.latency"),
                why: doubt,
                value: self.latency.told(),
                other: vec![format!("{path}.latency={longer}")],
                sensitivity: None,
            });
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
        let others = self.parameters().filter(|own| own.unit != Unit::Seconds);
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
