//! Handsets that are away at the first try: how many, when they return, when the carrier tries again.
//!
//! Of a handset that was away a log tells when the message came: at a try of the carrier's schedule, so
//! that it returned between that try and the one before; or, with an alert, at its return. Of what
//! expired, or hadn't come when the log was exported, it tells that the handset hadn't returned at the last
//! try, or was to be alerted and hadn't returned at all. How many of these were alerted, which of those
//! under way are lost and not away, and how many returned so soon that they can't be told from those
//! that were there, is found together with the law of the returns, by expectation and maximisation
//! (Dempster, Laird and Rubin 1977).

use super::latency::{Latency, nearest, of_sample, values, write};
use super::parameter::{Assumption, Parameter};
use super::tail::{Step, Tail};
use super::text::{Text, digits, grouped, quoted, rows, span};
use crate::fit::gather::{Cell, Clocks, Durations, seconds};
use crate::fit::{Distribution, Family, Fit, Observation, Sample, Setting, fit};
use crate::logs::Failure;
use crate::special::normal_quantile;

/// Rounds in which what isn't seen and the law of the returns are found from each other.
const ROUNDS: usize = 30;
/// Rounds after which nothing changes any more, in shares.
const SETTLED: f64 = 1e-4;
/// Late ones that come at no step: below this share of them none is alerted.
const ALERTED: f64 = 0.05;
/// Cells in which returns must lie, that more than one unknown be fitted to them.
const CELLS: usize = 5;
/// Deliveries at a step that would have been seen.
const SEEN: f64 = 50.0;
/// Values of a law that no family describes.
const VALUES: usize = 200;
/// Ages of what is under way lie together within this factor.
const RATIO: f64 = 1.03;

/// Times that lie as close together as this, quartiles over their median, are those of a timer.
const TIMER: f64 = 0.1;

/// Messages that failed since their handset was away, as a code of the log says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Those that ended as soon as others were delivered: nobody waited for the handset.
    pub(crate) at_once: u64,
    /// Those that ended when it had been waited for.
    pub(crate) late: u64,
}

impl Told {
    pub(crate) fn of(cell: &Cell, clocks: Clocks) -> Told {
        let all = cell.failure(Failure::Absent);
        let late = given_up(cell, clocks);
        let share = match (&late, cell.away.count()) {
            // Where the log doesn't say when, it is told by whether any came late at all.
            (_, 0) => f64::from(u8::from(Tail::of(&cell.cycle, clocks).is_some())),
            (Some(late), count) => late.count() as f64 / count as f64,
            (None, _) => 0.0,
        };
        let late = (share * all as f64).round() as u64;
        Told { at_once: all.saturating_sub(late), late }
    }
}

/// Ages at which handsets had been waited for and a code said so: later than anything came that hadn't to wait,
/// or, all of them, by a timer. `None` if it was mostly said at once.
pub(crate) fn given_up(cell: &Cell, clocks: Clocks) -> Option<Durations> {
    let all = &cell.away;
    let quantile = |share: f64| all.quantile(share).unwrap_or(0.0);
    let (middle, spread) = (quantile(0.5), quantile(0.75) - quantile(0.25));
    let usual = cell.cycle.quantile(0.5).unwrap_or(0.0);
    if middle > 4.0 * usual && spread < TIMER * middle {
        return Some(all.clone());
    }
    let tail = Tail::of(&cell.cycle, clocks);
    let until = tail.as_ref().map_or(cell.cycle.quantile(1.0), |tail| Some(tail.from));
    let (soon, late) = all.split(until.unwrap_or(0.0));
    // Without any that came late the odd one that took longer was told at once, too.
    let waited = late.count() > 0 && (tail.is_some() || late.count() > soon.count());
    waited.then_some(late)
}

/// Handsets that are away at the first try.
pub(crate) struct Absent {
    pub(crate) probability: Parameter,
    pub(crate) returns: Latency,
    alert: Option<Parameter>,
    schedule: Vec<f64>,
    comment: String,
    pub(crate) assumptions: Vec<Assumption>,
    /// Of messages under way at the export: how many wait for a handset.
    pub(crate) waiting: u64,
    soon: Option<Soon>,
}

/// Returns so soon that their messages can't be told from those of handsets that were there.
struct Soon {
    law: Distribution,
    /// All that are alerted.
    alerted: f64,
    median: f64,
}

/// Evidence of a log on handsets that are away.
pub(crate) struct Evidence<'log> {
    pub(crate) tail: Option<&'log Tail>,
    /// Late deliveries, of all times and not of quiet ones alone.
    pub(crate) late: f64,
    pub(crate) expired: u64,
    /// Ages of what is under way beyond the latencies of handsets that are there, s.
    pub(crate) pending: &'log [f64],
    /// Messages that came so far.
    pub(crate) of: u64,
    pub(crate) validity: Option<f64>,
    pub(crate) clocks: Clocks,
}

/// A round's state.
struct Estimate {
    law: Fit,
    /// The steps, with the shares of what came in their windows that came at them.
    steps: Vec<Step>,
    /// Deliveries at no step.
    between: Durations,
    /// The share of those away that are alerted.
    alert: f64,
    /// Shares of all: those away, and those lost.
    away: f64,
    lost: f64,
    /// Of the pending, how many wait.
    waiting: f64,
    /// Alerted ones, and those that came at steps or wait for one.
    alerted: f64,
    stepped: f64,
}

/// Handsets that were away: those that came late, and those that never came.
pub(crate) fn absent(path: &str, seen: &Evidence<'_>) -> Option<Absent> {
    let Some(tail) = seen.tail else { return for_good(path, seen) };
    let median = tail.body.quantile(0.5).unwrap_or(0.0);
    let model = Model { tail, seen, median };
    let estimate = model.settle()?;
    let Estimate { steps, between, .. } = &estimate;
    let sample = model.sample(&estimate);
    let returns_path = format!("{path}.absent.returns");
    let mut returns = if steps.is_empty() {
        of_sample(&sample, &returns_path, Setting::default())
    } else {
        nearest(&estimate.law, &returns_path, sample.rows(), "by the tries they lie between")
    };
    if matches!(returns.key.as_str(), "" | "empirical") {
        // Those that never came have their share among the values, too.
        let until = seen.validity.unwrap_or(0.0).max(tail.late.quantile(1.0).unwrap_or(0.0));
        let known = between.count() as f64 / sample.rows().max(1) as f64;
        returns.key = "empirical".to_owned();
        returns.value = among(&shifted(between, median), known, 10.0 * until.max(3_600.0));
    }
    let share = |key: &str, hits: f64, of: f64, method: &str| {
        let (hits, of) = (hits.round() as u64, of.round() as u64);
        Parameter::share(format!("{path}.absent.{key}"), hits.min(of), of, method)
    };
    let count = estimate.away * seen.of as f64;
    let probability = share("probability", count, seen.of as f64, "came late or expired");
    let away = estimate.alerted + estimate.stepped;
    let (alert, schedule, comment) = if steps.is_empty() {
        let certain = Parameter::share(format!("{path}.absent.alert"), 1, 1, "no steps of tries");
        (Some(Parameter { low: 1.0, rows: 0, ..certain }), Vec::new(), String::new())
    } else {
        let alert = share("alert", estimate.alerted, away, "came between tries");
        let alert = estimate.known(alert);
        let counts: Vec<String> =
            steps.iter().map(|step| grouped(step.came().round() as u64)).collect();
        let comment = format!("deliveries at each step: {}", counts.join(", "));
        let alert = Some(alert).filter(|_| between.count() > 0);
        (alert, estimate.schedule(tail, count), comment)
    };
    let told = alert.as_ref().map_or(0.0, |own| own.value);
    let assumptions = vec![Assumption {
        path: returns_path,
        why:
            "a log shows when messages came, not when handsets returned: returns are known to lie \
              between tries, and beyond the last one not at all"
                .to_owned(),
        value: format!("alert = {}", digits(told, 2)),
        other: Vec::new(),
        sensitivity: None,
    }];
    let soon = Soon { law: estimate.law.distribution().clone(), alerted: told * count, median };
    Some(Absent {
        probability,
        returns,
        alert,
        schedule,
        comment,
        assumptions,
        waiting: estimate.waiting.round() as u64,
        soon: Some(soon),
    })
}

/// Without any that came late nothing tells how long they stay away: for good.
fn for_good(path: &str, seen: &Evidence<'_>) -> Option<Absent> {
    if seen.expired == 0 {
        return None;
    }
    let never = 10.0 * seen.validity.unwrap_or(86_400.0).max(3_600.0);
    let comment = "beyond any validity; an assumption".to_owned();
    let probability = format!("{path}.absent.probability");
    Some(Absent {
        probability: Parameter::share(probability, seen.expired, seen.of, "expired"),
        returns: Latency { value: quoted(&span(never)), comment, ..Latency::default() },
        alert: None,
        schedule: Vec::new(),
        comment: String::new(),
        assumptions: vec![Assumption {
            path: format!("{path}.absent.returns"),
            why: format!(
                "{} expired, and too few came late to tell when absent handsets return: none \
                 does",
                rows(seen.expired)
            ),
            value: span(never),
            other: Vec::new(),
            sensitivity: None,
        }],
        waiting: 0,
        soon: None,
    })
}

impl Estimate {
    fn stepped(&self) -> f64 {
        self.steps.iter().map(Step::came).sum()
    }

    /// The waits between tries, of `away` handsets. The last one repeats; where so many would have come at one
    /// more try that it would have been seen, there is a last one that is longer than anything.
    fn schedule(&self, tail: &Tail, away: f64) -> Vec<f64> {
        let mut before = 0.0;
        let wait = |step: &Step| {
            let wait = step.at - before;
            before = step.at;
            wait
        };
        let mut waits: Vec<f64> = self.steps.iter().map(wait).collect();
        let longest = tail.late.quantile(1.0).unwrap_or(0.0);
        let again = waits.last().map_or(0.0, |wait| before + wait);
        let within = self.law.cdf_pair(again).0 - self.law.cdf_pair(before).0;
        if again < longest && away * (1.0 - self.alert) * within >= SEEN {
            waits.push(10.0 * longest.max(86_400.0));
        }
        waits
    }

    /// The share of alerted ones with its interval: what came, between tries and at them, tells their odds, and
    /// in the windows of tries came both.
    fn known(&self, alert: Parameter) -> Parameter {
        let (between, stepped) = (self.between.count() as f64, self.stepped());
        let inside: f64 = self.steps.iter().map(|step| step.count).sum();
        let error = normal_quantile(0.975) * (1.0 / between + inside / (stepped * stepped)).sqrt();
        if !error.is_finite() {
            return alert;
        }
        let end = |by: f64| {
            let odds = alert.value / (1.0 - alert.value) * libm::exp(by);
            odds / (1.0 + odds)
        };
        let [low, high] = [end(-error), end(error)];
        Parameter { low, high, rows: (between + stepped).round() as u64, ..alert }
    }
}

struct Model<'log> {
    tail: &'log Tail,
    seen: &'log Evidence<'log>,
    /// Median of what follows a try, s.
    median: f64,
}

impl Model<'_> {
    /// The last try at an age.
    fn last_try(steps: &[Step], age: f64) -> f64 {
        let tried = steps.iter().take_while(|step| step.at <= age);
        tried.last().map_or(0.0, |step| step.at)
    }

    /// Of those away, the share that hasn't come at an age: alerted ones, others.
    fn left(&self, now: &Estimate, age: f64) -> (f64, f64) {
        let beyond = |at: f64| now.law.cdf_pair(at).1;
        (now.alert * beyond(age), (1.0 - now.alert) * beyond(Self::last_try(&now.steps, age)))
    }

    /// The age at which what never came had expired.
    fn until(&self) -> f64 {
        let last = self.tail.late.quantile(1.0).unwrap_or(0.0);
        self.seen.validity.map_or(last, |validity| validity.max(self.tail.from))
    }

    /// Both found from each other, from a mean that is about right.
    fn settle(&self) -> Option<Estimate> {
        let late = self.tail.late.count() as f64;
        let steps = self.tail.steps();
        let mut between = self.tail.between(&steps);
        if !steps.is_empty() && (between.count() as f64) < ALERTED * late {
            between = Durations::default();
        }
        let seen = self.came(&steps, &between);
        let first = Estimate {
            // A law to begin with: of those that came alone.
            law: fit(Family::Exponential, &seen.into_iter().collect::<Sample>()).ok()?,
            alert: between.count() as f64 / late.max(1.0),
            steps,
            between,
            away: (self.seen.late + self.seen.expired as f64) / self.seen.of.max(1) as f64,
            lost: 0.01,
            waiting: 0.0,
            alerted: 0.0,
            stepped: 0.0,
        };
        let mut now = self.round(first, &[Family::Exponential]);
        for _ in 0..ROUNDS {
            let (alert, away) = (now.alert, now.away);
            now = self.round(now, &[Family::Exponential]);
            if (now.alert - alert).abs() < SETTLED && (now.away - away).abs() < SETTLED * away {
                break;
            }
        }
        if now.steps.len() + usize::from(now.between.count() > 0) * CELLS >= CELLS {
            for _ in 0..3 {
                now = self.round(now, &Family::SIMPLE);
            }
        }
        Some(now)
    }

    /// Observations of returns by those that came.
    fn came(&self, steps: &[Step], between: &Durations) -> Vec<Observation> {
        let mut before = 0.0;
        let mut seen: Vec<Observation> = Vec::new();
        for step in steps {
            let count = (step.came().round() as u64).max(1);
            seen.push(Observation::between(before, step.at).times(count));
            before = step.at;
        }
        seen.extend(shifted(between, self.median).observations(self.seen.clocks));
        seen
    }

    /// Deliveries in the windows of steps, told apart by how many the law lets come at each and at no step.
    fn apart(&self, now: Estimate) -> Estimate {
        if now.between.count() == 0 {
            return now;
        }
        let within = |from: f64, to: f64| {
            let up_to = |at: f64| now.law.cdf_pair(at.max(0.0)).0;
            up_to(to) - up_to(from)
        };
        let mut before = 0.0;
        let mut steps = now.steps.clone();
        for step in &mut steps {
            let at_it = (1.0 - now.alert) * within(before, step.at);
            let alerted = now.alert * within(step.from - self.median, step.to - self.median);
            step.share = at_it / (at_it + alerted).max(1e-300);
            before = step.at;
        }
        Estimate { between: self.tail.between(&steps), steps, ..now }
    }

    /// Ages of those that never came or wait, of alerted ones and of others, of quiet times.
    fn never(&self, now: &Estimate) -> Vec<(f64, f64)> {
        let quiet = self.tail.late.count() as f64 / self.seen.late.max(1.0);
        let mut never = Vec::new();
        let mut tell = |age: f64, count: f64| {
            let (alerted, others) = self.left(now, age);
            let all = (alerted + others).max(1e-300);
            never.push((age, count * quiet * alerted / all));
            never.push((Self::last_try(&now.steps, age), count * quiet * others / all));
        };
        tell(self.until(), self.seen.expired as f64);
        for (age, count) in grouped_ages(self.seen.pending) {
            tell(age, count * self.waits(now, age));
        }
        never
    }

    /// The share of what is under way at an age that waits for a handset, and isn't lost.
    fn waits(&self, now: &Estimate, age: f64) -> f64 {
        if self.seen.validity.is_some_and(|validity| age > validity) {
            return 0.0;
        }
        let (alerted, others) = self.left(now, age);
        let away = now.away * (alerted + others);
        away / (away + now.lost).max(1e-300)
    }

    /// Returns so soon that they lie among the latencies, by how many alerted ones were seen later or never.
    fn soon(&self, now: &Estimate) -> f64 {
        let (before, beyond) = now.law.cdf_pair((self.tail.from - self.median).max(0.0));
        let seen = now.between.count() as f64;
        let never: f64 = self.never(now).iter().step_by(2).map(|own| own.1).sum();
        ((seen + never) * before / beyond.max(0.2)).min(seen)
    }

    fn sample(&self, now: &Estimate) -> Sample {
        let mut seen = self.came(&now.steps, &now.between);
        let soon = self.soon(now).round() as u64;
        if soon > 0 {
            let until = (self.tail.from - self.median).max(1e-9);
            seen.push(Observation::between(0.0, until).times(soon));
        }
        // Parts of messages are carried on to the next.
        let mut carried = 0.0;
        for (age, count) in self.never(now) {
            let whole = (count + carried).round().max(0.0);
            carried += count - whole;
            if whole >= 1.0 && age > 0.0 {
                seen.push(Observation::pending(age, 0.0).times(whole as u64));
            }
        }
        seen.into_iter().collect()
    }

    fn round(&self, now: Estimate, families: &[Family]) -> Estimate {
        let sample = self.sample(&now);
        let fits = families.iter().filter_map(|&family| fit(family, &sample).ok());
        let law = fits.min_by(|a, b| a.bic().total_cmp(&b.bic())).unwrap_or(now.law);
        let now = self.apart(Estimate { law, ..now });
        let quiet = self.tail.late.count() as f64 / self.seen.late.max(1.0);
        let soon = self.soon(&now);
        let (mut alerted, mut others) = (now.between.count() as f64 + soon, now.stepped());
        for (place, (_, count)) in self.never(&now).into_iter().enumerate() {
            let own = if place % 2 == 0 { &mut alerted } else { &mut others };
            *own += count;
        }
        let waiting: f64 =
            grouped_ages(self.seen.pending).map(|(age, count)| count * self.waits(&now, age)).sum();
        let of = self.seen.of.max(1) as f64;
        Estimate {
            alert: if now.between.count() > 0 {
                alerted / (alerted + others).max(1e-9)
            } else {
                0.0
            },
            away: (self.seen.late + soon / quiet + self.seen.expired as f64 + waiting) / of,
            lost: ((self.seen.pending.len() as f64 - waiting) / of).max(1e-6),
            waiting,
            alerted,
            stepped: others,
            ..now
        }
    }
}

/// Ages of what is under way with how many have about that age.
fn grouped_ages(ages: &[f64]) -> impl Iterator<Item = (f64, f64)> + '_ {
    // In order, as they come.
    ages.chunk_by(|a, b| {
        let bin = |age: f64| libm::floor(libm::log(age.max(1e-9)) / libm::log(RATIO));
        bin(*a) == bin(*b)
    })
    .map(|few| (few.iter().sum::<f64>() / few.len() as f64, few.len() as f64))
}

/// Durations without the latency that follows a try.
fn shifted(durations: &Durations, median: f64) -> Durations {
    let mut shifted = Durations::default();
    let by = (median * 1e9) as u64;
    for (low, high, count) in durations.spans() {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        shifted.add_times((low.midpoint(high)).saturating_sub(by), count);
    }
    shifted
}

/// Values that stand for durations, of which only the share `known` ended; the others take `never`.
fn among(durations: &Durations, known: f64, never: f64) -> String {
    let ended = ((VALUES as f64 * known).round() as usize).clamp(1, VALUES);
    let all = values(durations, ended).into_iter();
    let all = all.chain(std::iter::repeat_n(never, VALUES - ended));
    let all: Vec<String> = all.map(|value| quoted(&span(value))).collect();
    format!("{{ values = [{}] }}", all.join(", "))
}

impl Absent {
    /// Latencies without those of handsets that were away and returned soon.
    pub(crate) fn without_soon(&self, body: &Durations, share: f64) -> Durations {
        let Some(soon) = &self.soon else { return body.clone() };
        let mut left = Durations::default();
        let mut carried = 0.0;
        for (low, high, count) in body.spans() {
            let at = |ns: u64| soon.law.cdf((seconds(ns) - soon.median).max(0.0));
            let away = (soon.alerted * share * (at(high) - at(low))).min(count as f64);
            let whole = (count as f64 - away + carried).round().clamp(0.0, count as f64);
            carried += count as f64 - away - whole;
            if whole >= 1.0 {
                left.add_times(low, u32::try_from(whole as u64).unwrap_or(u32::MAX));
            }
        }
        left
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let alert = self.alert.iter().filter(|alert| alert.rows > 0);
        std::iter::once(&self.probability).chain(&self.returns.parameters).chain(alert)
    }

    pub(crate) fn write(&self, text: &mut Text) {
        let Absent { probability, returns, .. } = self;
        text.key("absent.probability", &probability.toml(), &probability.comment());
        write(text, "absent.returns", returns);
        if let Some(alert) = &self.alert {
            let comment = if alert.rows > 0 { alert.comment() } else { "an assumption".to_owned() };
            text.key("absent.alert", &digits(alert.value, 3), &comment);
        }
        if !self.schedule.is_empty() {
            let waits: Vec<String> =
                self.schedule.iter().map(|&wait| quoted(&span(wait))).collect();
            text.key("retry_schedule", &format!("[{}]", waits.join(", ")), &self.comment);
        }
    }
}
