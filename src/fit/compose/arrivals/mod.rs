//! Arrivals of requests: the simplest process that the counts don't speak against.

mod campaign;
mod profile;
#[cfg(test)]
mod tests;

pub(crate) use profile::{HOURS, points, rates_of_days, rates_of_turned};

use super::parameter::{Assumption, Parameter, Uncertain, Unit};
use super::text::{digits, quoted, rows, span};
use crate::fit::arrivals::{self, Burst, Counts, Dispersion, OnOff};
use crate::fit::gather::Ticks;
use crate::kernel::SECOND;
use campaign::{beside, campaign};
use profile::by_time_of_day;

const DAY: i64 = 86_400 * SECOND as i64;
/// The midnight of 1970-01-05.
const MONDAY: i64 = 4 * DAY;
/// Below this variance over mean, requests are evenly spaced: of 1 where they come by chance.
const EVEN: f64 = 0.1;
/// A span of requests that is shorter than this share of the log is a campaign.
const SHORT: f64 = 0.6;
/// Chance that a Poisson process is taken for another by its dispersion, over all scales.
const CHANCE: f64 = 1e-4;
/// Bursts that may be campaigns, at most.
const CAMPAIGNS: usize = 3;

/// The part of a log that arrivals are fitted to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// t = 0 of the scenario, ns since 1970.
    pub(crate) origin: i64,
    /// From here to there is fitted.
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The scenario's end.
    pub(crate) end: i64,
    /// From UTC to the clock of the log's zone, ns.
    pub(crate) zone: i64,
    /// Change of that: when, and by how much, ns.
    pub(crate) turn: Option<(i64, i64)>,
    /// The span whose requests the log can't have.
    pub(crate) gap: Option<(i64, i64)>,
    /// Requests are noted at multiples of it, ns.
    pub(crate) tick: i64,
}

impl Window {
    /// The window with its fitted part from tick to tick: what came in one was noted at its beginning.
    pub(crate) fn by_ticks(self) -> Window {
        let up = |at: i64| (at + self.tick - 1).div_euclid(self.tick) * self.tick;
        let to = up(self.to).min(self.end).max(self.to);
        Window { from: up(self.from).min(self.to), to, ..self }
    }

    /// The longer part beside the span whose requests the log can't have.
    fn beside_gap(self) -> Window {
        let Window { from, to, .. } = self;
        match self.gap.filter(|gap| gap.0 < to && from < gap.1) {
            Some(gap) if gap.0 - from >= to - gap.1 => Window { to: gap.0, ..self },
            Some(gap) => Window { from: gap.1, ..self },
            None => self,
        }
    }

    /// Length of what is told apart of counts, ns: a tick of theirs, or the requests' own, whichever is longer.
    fn unit(self, ticks: &Ticks<u32>) -> i64 {
        let width = ticks.width();
        ((self.tick + width - 1).div_euclid(width) * width).max(width)
    }
}

/// An arrival process, as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arrivals {
    /// Key after `arrivals.` and value.
    pub(crate) key: &'static str,
    pub(crate) value: String,
    pub(crate) comment: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) uncertain: Vec<Uncertain>,
    pub(crate) assumptions: Vec<Assumption>,
    /// Messages of a campaign, and from when to when they come.
    pub(crate) campaign: Option<(u64, (i64, i64))>,
}

/// The processes of a stream: its own, and campaigns beside it. `path` is the stream's.
pub(crate) fn arrivals(ticks: &Ticks<u32>, window: Window, path: &str) -> Vec<Arrivals> {
    let is_long = window.to - window.from >= 2 * DAY;
    let window = if is_long { window } else { window.beside_gap() };
    let Window { from, to, .. } = window;
    let counts: Vec<(i64, u32)> =
        ticks.over(from.div_euclid(ticks.width()) * ticks.width(), to).collect();
    let total: u64 = counts.iter().map(|&(_, count)| u64::from(count)).sum();
    let busy = || counts.iter().filter(|&&(_, count)| count > 0).map(|&(at, _)| at);
    let (Some(first), Some(last)) = (busy().next(), busy().next_back()) else {
        return Vec::new();
    };
    let unit = window.unit(ticks);
    let (first, last) = (first.max(from), (last + unit).min(to));
    let short = (last - first) as f64 <= SHORT * (to - from) as f64 && last < to;
    let inside = Bins::of(ticks, (first, last), unit, total);
    if short && total >= 2 && (inside.even() || last - first <= 2 * unit) {
        return vec![campaign(window, path, (total, 0.0), first, last, unit)];
    }
    if inside.even() {
        let mut even = plain("constant", path, total, window, 0.0, "evenly spaced");
        even.comment.push_str(", too even for chance");
        return vec![even];
    }
    if is_long {
        return by_time_of_day(ticks, window, path);
    }
    let whole = Bins::of(ticks, (from, to), unit, total);
    let bursts = whole.bursts(None, 1.0);
    if !bursts.is_empty() {
        return beside(ticks, window, path, &whole, &bursts);
    }
    if whole.is_poisson() {
        return vec![by_chance(&whole, path, total, window)];
    }
    let fine = Bins::by(ticks, whole.from, to, unit, 0);
    if let Some(process) = on_off(&whole, &fine, path, total) {
        return vec![process];
    }
    if to - from >= DAY {
        return by_time_of_day(ticks, window, path);
    }
    vec![course(ticks, window, path, total, whole.index())]
}

/// Counts in bins of one length, with where they begin.
struct Bins {
    from: i64,
    step: i64,
    counts: Counts,
}

impl Bins {
    /// Bins in which some twenty are expected; whole units each.
    fn of(ticks: &Ticks<u32>, (from, to): (i64, i64), unit: i64, total: u64) -> Bins {
        let many = (total / 20).clamp(12, 400) as i64;
        let step = ((to - from) / many / unit).max(1) * unit;
        Bins::by(ticks, from.div_euclid(ticks.width()) * ticks.width(), to, step, 0)
    }

    /// Whole bins of `step`, on a clock that is `zone` ahead of UTC.
    fn by(ticks: &Ticks<u32>, from: i64, to: i64, step: i64, zone: i64) -> Bins {
        let mut counts: Vec<u64> = ticks.by(from, to, step).into_iter().map(u64::from).collect();
        if (to - from) % step != 0 {
            counts.pop();
        }
        let from_s = seconds((from + zone - MONDAY).rem_euclid(7 * DAY));
        Bins { from, step, counts: Counts { from_s, bin_s: seconds(step), turn: None, counts } }
    }

    fn seen(&self) -> &[u64] {
        &self.counts.counts
    }

    fn mean(&self) -> f64 {
        self.seen().iter().sum::<u64>() as f64 / self.seen().len().max(1) as f64
    }

    fn dispersion(&self) -> Vec<Dispersion> {
        arrivals::dispersion(&self.counts, &arrivals::expected_for(&self.counts))
    }

    /// The index of dispersion of the bins themselves: 1 of a Poisson process.
    fn index(&self) -> f64 {
        self.dispersion().first().map_or(1.0, |scale| scale.index)
    }

    fn even(&self) -> bool {
        self.mean() >= 3.0 && self.index() < EVEN
    }

    /// `true` if chance alone explains the dispersion at every scale.
    fn is_poisson(&self) -> bool {
        let scales = self.dispersion();
        scales.iter().all(|scale| scale.p_value * scales.len() as f64 > CHANCE)
    }

    /// `true` if at some scale counts are too even for chance.
    fn more_even(&self) -> bool {
        let scales = self.dispersion();
        scales.iter().any(|scale| (1.0 - scale.p_value) * scales.len() as f64 <= CHANCE)
    }

    /// Bursts that may be campaigns; none if there are too many, or too long ones, to be unusual.
    fn bursts(&self, expected: Option<&[f64]>, dispersion: f64) -> Vec<Burst> {
        let found = arrivals::bursts(&self.counts, expected, dispersion);
        let length: usize = found.iter().map(|own| own.to - own.from).sum();
        let unusual = found.len() <= CAMPAIGNS && length * 3 <= self.seen().len();
        if unusual { found } else { Vec::new() }
    }
}

/// A Poisson process, of requests that come by chance or more evenly.
fn by_chance(bins: &Bins, path: &str, total: u64, window: Window) -> Arrivals {
    if !bins.more_even() {
        return plain("poisson", path, total, window, 1.0, "Poisson: dispersion not rejected");
    }
    let index = bins.index();
    let told = format!("dispersion {}, more even than Poisson", digits(index, 2));
    let mut poisson = plain("poisson", path, total, window, index, &told);
    let rate = digits(total as f64 / seconds(window.to - window.from), 5);
    poisson.assumptions.push(Assumption {
        path: format!("{path}.arrivals"),
        why: format!(
            "requests come more evenly than by chance, with a dispersion of {}: chance has 1, even spacing 0, \
             and there is nothing between; by chance they wait longer where they wait for one another",
            digits(index, 2)
        ),
        value: "poisson".to_owned(),
        other: vec![format!("{path}.arrivals={{ constant = {{ rate = \"{rate}/s\" }} }}")],
        sensitivity: None,
    });
    poisson
}

/// One rate.
fn plain(
    key: &'static str,
    path: &str,
    total: u64,
    window: Window,
    dispersion: f64,
    method: &str,
) -> Arrivals {
    let path = format!("{path}.arrivals.{key}.rate");
    let length = seconds(window.to - window.from);
    let rate = Parameter::rate(path, total, length, dispersion, method);
    Arrivals {
        key,
        value: format!("{{ rate = {} }}", rate.toml()),
        comment: rate.comment(),
        uncertain: rate.uncertain().into_iter().collect(),
        parameters: vec![rate],
        ..Arrivals::default()
    }
}

/// The course that was seen; after it, its mean.
fn course(ticks: &Ticks<u32>, window: Window, path: &str, total: u64, dispersion: f64) -> Arrivals {
    let Window { origin, from, to, end, .. } = window;
    let many = (total / 100).clamp(6, 48) as i64;
    let unit = window.unit(ticks);
    let step = ((to - from) / many / unit).max(1) * unit;
    let counts = ticks.by(from, to, step);
    let length = |number: usize| seconds(step.min(to - from - number as i64 * step)).max(1e-9);
    let point = |at: i64, rate: f64| {
        format!("[{}, \"{}/s\"]", quoted(&span(seconds(at - origin).max(0.0))), digits(rate, 5))
    };
    let mut points: Vec<String> = counts
        .iter()
        .enumerate()
        .map(|(number, &count)| {
            point(from + number as i64 * step, f64::from(count) / length(number))
        })
        .collect();
    let method = format!(
        "by the course that was seen: dispersion {}, and less than a day to tell a profile from",
        digits(dispersion, 3)
    );
    let rate = Parameter::rate(
        format!("{path}.arrivals.profile.points"),
        total,
        seconds(to - from),
        dispersion,
        &method,
    );
    if end > to {
        points.push(point(to, rate.value));
    }
    Arrivals {
        key: "profile",
        value: format!(
            "{{ interpolate = \"step\", points = [\n    {},\n] }}",
            points.join(",\n    ")
        ),
        comment: format!("mean {}", rate.comment()),
        parameters: vec![rate],
        ..Arrivals::default()
    }
}

/// Two rates that take turns; `None` unless counts clearly speak for them, and each for longer than a bin of those
/// that were looked at first. `fine` are the shortest that the clock tells.
fn on_off(bins: &Bins, fine: &Bins, path: &str, total: u64) -> Option<Arrivals> {
    /// Evidence that is enough (Kass and Raftery 1995: decisive).
    const GAIN: f64 = 10.0;
    /// Spells of each rate, at least.
    const SPELLS: f64 = 4.0;
    let bin_s = seconds(bins.step);
    let found = arrivals::on_off(&fine.counts, &arrivals::expected_for(&fine.counts))?;
    let OnOff { high, low, mean_high, mean_low, errors, gain } = found;
    let length = fine.seen().len() as f64 * seconds(fine.step);
    let spells = length / (mean_high + mean_low);
    if gain < GAIN || spells < SPELLS || high < 2.0 * low || mean_high.min(mean_low) < bin_s {
        return None;
    }
    let method = format!("two rates that take turns, {} spells of each", spells.round());
    let key_path = format!("{path}.arrivals.onoff");
    // What counts don't tell isn't known.
    let [of_high, of_low, up, down] = errors.unwrap_or([f64::NAN; 4]);
    let share = mean_high / (mean_high + mean_low);
    let parameter = |key: &str, value: f64, error: f64, rows: f64, unit| Parameter {
        path: format!("{key_path}.{key}"),
        value,
        low: value * libm::exp(-1.96 * error),
        high: value * libm::exp(1.96 * error),
        rows: rows as u64,
        method: method.clone(),
        unit,
    };
    let all = total as f64;
    let parameters = vec![
        parameter("high", high, of_high, high * length * share, Unit::PerSecond),
        parameter("low", low, of_low, low * length * (1.0 - share), Unit::PerSecond),
        parameter("mean_high", mean_high, up, all, Unit::Seconds),
        parameter("mean_low", mean_low, down, all, Unit::Seconds),
    ];
    let fields = parameters.iter().map(|parameter| {
        let key = parameter.path.rsplit('.').next().unwrap_or_default();
        format!("{key} = {}", parameter.toml())
    });
    let fields: Vec<String> = fields.collect();
    Some(Arrivals {
        key: "onoff",
        value: format!("{{ {} }}", fields.join(", ")),
        comment: format!("{}, dispersion {}, {method}", rows(total), digits(bins.index(), 3)),
        uncertain: parameters.iter().filter_map(Parameter::uncertain).collect(),
        parameters,
        ..Arrivals::default()
    })
}

fn seconds(ns: i64) -> f64 {
    ns as f64 / SECOND as f64
}
