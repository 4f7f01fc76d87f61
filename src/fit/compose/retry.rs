//! The retry policy nearest to how attempts follow one another.

use super::incidents::Found;
use super::parameter::{Assumption, Parameter, Unit};
use super::provider::Attempts;
use super::text::{Text, counted, digits, quoted, rows, span, told};
use super::{Composer, QUIET, clocks, window};
use crate::fit::Sample;
use crate::fit::gather::{Cell, Clocks, Durations, WAITS};
use crate::fit::waits::{Jitter, LEAST, Wait, Waits, waits};
use crate::special::gamma_q;

/// Factors by which waits grow.
const FACTORS: [f64; 5] = [2.0, 1.5, 3.0, 4.0, 10.0];
/// A longest wait that isn't known, over the longest seen.
const BEYOND: f64 = 10.0;
/// Error of a wait at best, as a share of it.
const NEAR: f64 = 0.03;

impl Composer<'_> {
    pub(super) fn retry(&mut self, text: &mut Text) {
        let (mut all, mut usual) = (self.all.of(None, None), self.usual.of(None, None));
        let (attempts, resent) = (Attempts::of(&all), all.resent);
        let quiet = usual.to_sent.get(1).map_or(0, Durations::count);
        let is_told = !self.always_pressed && quiet >= QUIET;
        let queue = |own: &&Found| own.queues || own.line.is_some() && !is_told;
        let queue = self.of_providers.values().find(queue);
        if let Some(queue) = queue {
            usual.to_sent.truncate(1);
            if let Some(free) = self.without_wait(queue) {
                usual.to_sent = vec![free];
            }
            all.to_sent.truncate(window::FIRST);
            all.to_sent.iter_mut().for_each(window::without_most);
        }
        let clocks = clocks(self.plan.resolution.submitted, self.plan.resolution.sent);
        if let Some(mut retry) = retry(&all, &usual, &attempts, clocks) {
            retry.assumptions.extend(queue.and(retry.waits.first()).map(window::waits));
            // What a throttle refuses is tried again for that.
            if !self.of_providers.values().any(|own| own.refuses) {
                retry.assumptions.extend(for_a_receipt(&retry, &all));
            }
            retry.write(text);
            self.parameters.extend(retry.parameters().cloned());
            self.assumptions.extend(retry.assumptions);
        } else if self.log.with_attempts == 0 {
            self.assumptions.push(assumption(
                "retry",
                "the log doesn't say how often a message was tried: one attempt each".to_owned(),
                "max_attempts = 1",
            ));
        }
        self.assumptions.extend(no_failures(resent, self.log.submits_of_parts()));
    }
}

fn assumption(path: &str, why: String, value: &str) -> Assumption {
    let (path, value) = (path.to_owned(), value.to_owned());
    Assumption { path, why, value, other: Vec::new(), sensitivity: None }
}

/// The doubt whether attempts were made again for want of a receipt: who waits for one waits longer than most of
/// them take.
fn for_a_receipt(retry: &Retry, all: &Cell) -> Option<Assumption> {
    let wait = retry.waits.first()?.value;
    let comes = all.to_done.quantile(0.5).filter(|&comes| wait > comes)?;
    let why = format!(
        "{} before the next attempt is longer than most messages took to come, {}: it may be made for want \
         of a receipt, and not after a failure",
        told(wait),
        told(comes)
    );
    Some(assumption("retry.backoff", why, "taken as failures"))
}

/// Assumptions about attempts that were no failures.
fn no_failures(resent: u64, of_parts: u64) -> impl Iterator<Item = Assumption> {
    let resent = (resent > 0).then(|| {
        let why = format!(
            "{} were sent again, and had been accepted as soon as others: after a missing receipt, or one of \
             failure. These are no failures of a provider; the scenario sends nothing again, and what came \
             of it is among its latencies and handsets that are away",
            counted(resent, "message")
        );
        assumption("on_receipt", why, "none")
    });
    let of_parts = (of_parts > 0).then(|| {
        let why = format!(
            "the attempts of {} of several parts are no fewer than their parts: submits of parts are counted, \
             of which one for each part is no failure. The scenario submits a message as a whole",
            counted(of_parts, "message")
        );
        assumption("provider.parts", why, "whole")
    });
    resent.into_iter().chain(of_parts)
}

/// A retry policy, fitted.
pub(crate) struct Retry {
    max_attempts: Parameter,
    backoff: String,
    backoff_comment: String,
    jitter: &'static str,
    pub(crate) waits: Vec<Parameter>,
    pub(crate) assumptions: Vec<Assumption>,
}

/// The policy from times to acceptance by attempts made; `None` where nothing was tried twice.
pub(crate) fn retry(
    all: &Cell,
    quiet: &Cell,
    attempts: &Attempts,
    clocks: Clocks,
) -> Option<Retry> {
    if attempts.most < 2 {
        return None;
    }
    let again: u64 = attempts.reached.get(1).copied().unwrap_or(0);
    let most = attempts.most as f64;
    let mut assumptions = Vec::new();
    if !attempts.limited {
        assumptions.push(Assumption {
            path: "retry.max_attempts".to_owned(),
            why: format!(
                "no message failed at its attempt number {}: the limit is that or higher",
                attempts.most
            ),
            value: digits(most, 4),
            other: vec![format!("retry.max_attempts={}", digits(2.0 * most, 4))],
            sensitivity: None,
        });
    }
    let max_attempts = Parameter {
        path: "retry.max_attempts".to_owned(),
        value: most,
        low: most,
        // That none failed at it says nothing of how many more there may be.
        high: if attempts.limited { most } else { f64::INFINITY },
        rows: again,
        method: if attempts.limited { "the most seen, some failed at it" } else { "the most seen" }
            .to_owned(),
        unit: Unit::Number,
    };
    let mut retry = Retry {
        max_attempts,
        backoff: "backoff.immediate = {}".to_owned(),
        backoff_comment: String::new(),
        jitter: "none",
        waits: Vec::new(),
        assumptions,
    };
    // Spells and incidents make answers longer: quiet times tell how long answers take, and waits, too, where
    // enough was tried again in them.
    let sample = |own: &Durations| -> Sample { own.observations(clocks).collect() };
    let answers = [quiet, all].into_iter().filter_map(Cell::first_sent);
    let answers = answers.map(sample).find(|own| own.rows() >= LEAST).unwrap_or_default();
    let of = |cell: &Cell| {
        // The last place has all that were tried as often or more.
        let later = cell.to_sent.iter().take(WAITS - 1).skip(1).map(sample);
        waits(&answers, &later.collect::<Vec<Sample>>())
    };
    let Some(found) = of(quiet).or_else(|| of(all)) else {
        retry.assumptions.push(Assumption {
            path: "retry.backoff".to_owned(),
            why: "the log doesn't tell how long messages waited between attempts, nor whether for \
                  failures or for missing receipts: taken as failures"
                .to_owned(),
            value: "1s".to_owned(),
            other: vec!["retry.backoff.fixed.delay=30s".to_owned()],
            sensitivity: None,
        });
        retry.backoff = "backoff.fixed = { delay = \"1s\" }".to_owned();
        retry.backoff_comment = "an assumption".to_owned();
        return Some(retry);
    };
    let mean = found.jitter.mean();
    // Of decorrelated ones the first alone is of a law that is known.
    let known = if found.jitter == Jitter::DECORRELATED { 1 } else { found.each.len() };
    for (number, own) in (1..).zip(&found.each).take(known) {
        retry.waits.push(Parameter {
            path: format!("retry.waits.{number}"),
            value: mean * own.value,
            low: mean * own.low,
            high: mean * own.high,
            rows: own.rows,
            method: "likeliest between answers, on average".to_owned(),
            unit: Unit::Seconds,
        });
    }
    let answer = quiet.first_sent().or(all.first_sent()).and_then(|own| own.quantile(0.5));
    retry.follow(&found, answer.unwrap_or(0.0));
    Some(retry)
}

impl Retry {
    /// Takes the backoff nearest to waits; half of all first attempts are answered within `answer` seconds of the
    /// request.
    fn follow(&mut self, found: &Waits, answer: f64) {
        let waits = &found.each[..];
        let Some(first) = waits.first() else { return };
        let seen = rows(first.rows);
        if waits.iter().all(|own| own.low == 0.0) {
            self.backoff_comment =
                format!("{seen} tried again at once, or within {}", told(first.high));
            return;
        }
        let decorrelated = found.jitter == Jitter::DECORRELATED;
        let backoff = if decorrelated {
            let longest = waits.iter().map(|own| own.high).fold(0.0, f64::max);
            self.assumptions.push(assumption(
                "retry.backoff",
                format!(
                    "waits grow at random, and none seen was longer than some {}",
                    told(longest)
                ),
                "ten times that at most",
            ));
            Backoff::Decorrelated(first.value / 3.0, BEYOND * longest)
        } else {
            self.jitter = found.jitter.name;
            Backoff::nearest(waits)
        };
        self.backoff = backoff.written();
        let means = waits.iter().map(|own| told(found.jitter.mean() * own.value));
        let means = means.collect::<Vec<_>>().join(", ");
        self.backoff_comment =
            format!("{seen}, waits of {means} on average; nearest: {}", backoff.name());
        if let Some((other, value)) = found.or {
            let times = value / first.value;
            self.assumptions.push(Assumption {
                path: "retry.jitter".to_owned(),
                why: format!("waits with the jitter {} explain the log nearly as well", other.name),
                value: self.jitter.to_owned(),
                other: backoff
                    .set(times)
                    .into_iter()
                    .chain([format!("retry.jitter={}", other.name)])
                    .collect(),
                sensitivity: None,
            });
        }
        let times = 1.0 + answer / (found.jitter.mean() * first.value);
        if times > 1.0 + NEAR {
            self.assumptions.push(Assumption {
                path: "retry.waits".to_owned(),
                why: format!(
                    "a message is taken to be submitted at once: whatever of the {} to its first answer it is \
                     queued for, waits between attempts are longer by",
                    told(answer)
                ),
                value: "at once".to_owned(),
                other: backoff.set(times),
                sensitivity: None,
            });
        }
        if waits.len() == 1 && self.max_attempts.value > 2.0 {
            self.assumptions.push(assumption(
                "retry.backoff",
                "whether later waits are longer than the first can't be told".to_owned(),
                "fixed",
            ));
        }
    }
}

/// A backoff, its waits without jitter, s.
#[derive(Clone, Debug, PartialEq)]
enum Backoff {
    Fixed(f64),
    Linear(f64),
    /// The first wait, the factor, and the longest.
    Exponential(f64, f64, Option<f64>),
    Schedule(Vec<f64>),
    /// The shortest wait, and the longest.
    Decorrelated(f64, f64),
}

impl Backoff {
    /// The simplest that waits don't contradict by more than their errors and three hundredths; a schedule of them
    /// if there is none.
    fn nearest(waits: &[Wait]) -> Backoff {
        let scaled = |each: &dyn Fn(usize) -> f64| Scaled::of(waits, each);
        let grows = |factor: f64| move |place: usize| libm::pow(factor, place as f64);
        let fixed = scaled(&|_| 1.0);
        if fixed.explains(1) || waits.len() < 2 {
            return Backoff::Fixed(fixed.unit);
        }
        let exponential = FACTORS.map(|factor| (factor, scaled(&grows(factor))));
        let exponential =
            exponential.into_iter().min_by(|a, b| a.1.squares.total_cmp(&b.1.squares));
        if let Some((factor, own)) = exponential.filter(|(_, own)| own.explains(1)) {
            return Backoff::Exponential(own.unit, factor, None);
        }
        let linear = scaled(&|place| place as f64 + 1.0);
        if linear.explains(1) {
            return Backoff::Linear(linear.unit);
        }
        // Growing up to a wait that repeats.
        for (factor, capped) in
            FACTORS.into_iter().flat_map(|own| (1..waits.len()).map(move |at| (own, at)))
        {
            let (growing, level) = waits.split_at(capped);
            let growing = Scaled::of(growing, &grows(factor));
            let level = Scaled::of(level, &|_| 1.0);
            let beyond = growing.unit * libm::pow(factor, capped as f64);
            let both =
                Scaled { squares: growing.squares + level.squares, count: waits.len(), ..growing };
            if both.explains(2) && level.unit <= 1.1 * beyond && level.unit > beyond / factor {
                return Backoff::Exponential(growing.unit, factor, Some(level.unit));
            }
        }
        let factor = waits.windows(2).map(|pair| pair[1].value / pair[0].value);
        let factor = libm::pow(factor.product(), 1.0 / (waits.len() - 1) as f64);
        let own = scaled(&grows(factor));
        if factor > 1.0 && own.explains(2) {
            return Backoff::Exponential(own.unit, factor, None);
        }
        Backoff::Schedule(waits.iter().map(|own| own.value).collect())
    }

    fn name(&self) -> &'static str {
        match self {
            Backoff::Fixed(_) => "fixed",
            Backoff::Linear(_) => "linear",
            Backoff::Exponential(..) => "exponential",
            Backoff::Schedule(_) => "a schedule",
            Backoff::Decorrelated(..) => "decorrelated",
        }
    }

    /// As the scenario has it.
    fn written(&self) -> String {
        let time = |own: f64| quoted(&span(own));
        match self {
            Backoff::Fixed(delay) => format!("backoff.fixed = {{ delay = {} }}", time(*delay)),
            Backoff::Linear(step) => format!("backoff.linear = {{ step = {} }}", time(*step)),
            Backoff::Exponential(base, factor, cap) => {
                let cap = cap.map_or(String::new(), |own| format!(", cap = {}", time(own)));
                let (base, factor) = (time(*base), digits(*factor, 3));
                format!("backoff.exponential = {{ base = {base}, factor = {factor}{cap} }}")
            }
            Backoff::Schedule(waits) => {
                let waits: Vec<String> = waits.iter().map(|own| time(*own)).collect();
                format!("backoff.schedule = {{ waits = [{}] }}", waits.join(", "))
            }
            Backoff::Decorrelated(base, cap) => {
                let (base, cap) = (time(*base), time(*cap));
                format!("backoff.decorrelated = {{ base = {base}, cap = {cap} }}")
            }
        }
    }

    /// Settings that make its waits so many times as long.
    fn set(&self, times: f64) -> Vec<String> {
        let one = |key: &str, own: f64| format!("retry.backoff.{key}={}", span(times * own));
        match self {
            Backoff::Fixed(delay) => vec![one("fixed.delay", *delay)],
            Backoff::Linear(step) => vec![one("linear.step", *step)],
            Backoff::Exponential(base, _, cap) => {
                let cap = cap.map(|own| one("exponential.cap", own));
                std::iter::once(one("exponential.base", *base)).chain(cap).collect()
            }
            Backoff::Schedule(waits) => {
                let wait =
                    |(place, own): (usize, &f64)| one(&format!("schedule.waits[{place}]"), *own);
                waits.iter().enumerate().map(wait).collect()
            }
            Backoff::Decorrelated(base, _) => vec![one("decorrelated.base", *base)],
        }
    }
}

/// A unit of which waits are known multiples, by least squares.
#[derive(Clone, Copy)]
struct Scaled {
    unit: f64,
    /// The squares of what is left, in errors.
    squares: f64,
    count: usize,
}

impl Scaled {
    fn of(waits: &[Wait], each: &dyn Fn(usize) -> f64) -> Scaled {
        let error = |own: &Wait| ((own.high - own.low) / 3.92).max(1e-3 * own.value).max(1e-9);
        let (mut top, mut bottom) = (0.0, 0.0);
        for (place, own) in waits.iter().enumerate() {
            let (times, error) = (each(place), error(own));
            top += times * own.value / (error * error);
            bottom += times * times / (error * error);
        }
        let unit = top / bottom;
        let off = |(place, own): (usize, &Wait)| {
            let off = (own.value - unit * each(place)) / error(own).max(NEAR * own.value);
            off * off
        };
        let squares = waits.iter().enumerate().map(off).sum();
        Scaled { unit, squares, count: waits.len() }
    }

    /// `true` if what is left is chance, so many unknowns having been fitted.
    fn explains(self, unknowns: usize) -> bool {
        let freedom = self.count.saturating_sub(unknowns) as f64;
        freedom > 0.0 && gamma_q(freedom / 2.0, self.squares / 2.0) > 0.01
    }
}

impl Retry {
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        std::iter::once(&self.max_attempts).chain(&self.waits)
    }

    pub(crate) fn write(&self, text: &mut Text) {
        text.table("[retry]");
        let limit = format!("{}, {}", rows(self.max_attempts.rows), self.max_attempts.method);
        text.key("max_attempts", &digits(self.max_attempts.value, 6), &limit);
        if let Some((key, value)) = self.backoff.split_once(" = ") {
            text.key(key, value, &self.backoff_comment);
        }
        if self.jitter != "none" {
            text.key("jitter", &quoted(self.jitter), "");
        }
    }
}
