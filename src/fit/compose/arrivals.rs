//! Arrivals of requests: the simplest process that the counts don't speak against.

use super::parameter::{Assumption, Kind, Parameter, Uncertain, Unit};
use super::text::{digits, quoted, rows, span};
use crate::fit::arrivals::{self, Burst, Counts, Dispersion, OnOff, Profile};
use crate::fit::gather::Ticks;
use crate::kernel::SECOND;
use crate::special::{gamma_q, normal_quantile};

const DAY: i64 = 86_400 * SECOND as i64;
/// The midnight of 1970-01-05.
const MONDAY: i64 = 4 * DAY;
/// Days that a profile with weekdays is written for, at most: a rate for each of their hours.
const DAYS: i64 = 35;
/// How likely days that are alike are taken for different weekdays.
const ALIKE: f64 = 1e-3;
/// Below this variance over mean, counts are too even for chance.
const EVEN: f64 = 0.35;
/// A span of requests that is shorter than this share of the log is a campaign.
const SHORT: f64 = 0.6;
/// How likely a Poisson process is taken for another by its dispersion, over all scales.
const CHANCE: f64 = 1e-4;
/// Hours of a day.
pub(crate) const HOURS: usize = 24;
/// A dispersion beyond which a profile doesn't say what is usual.
const USUAL: f64 = 4.0;
/// Rounds in which a profile is freed of bursts.
const ROUNDS: usize = 5;
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
}

/// The processes of a stream: its own, and campaigns beside it. `path` is the stream's.
pub(crate) fn arrivals(ticks: &Ticks<u32>, window: Window, path: &str) -> Vec<Arrivals> {
    let Window { from, to, .. } = window;
    let counts: Vec<(i64, u32)> =
        ticks.over(from.div_euclid(ticks.width()) * ticks.width(), to).collect();
    let total: u64 = counts.iter().map(|&(_, count)| u64::from(count)).sum();
    let busy = || counts.iter().filter(|&&(_, count)| count > 0).map(|&(at, _)| at);
    let (Some(first), Some(last)) = (busy().next(), busy().next_back()) else {
        return Vec::new();
    };
    let (first, last) = (first.max(from), (last + ticks.width()).min(to));
    let short = (last - first) as f64 <= SHORT * (to - from) as f64 && last < to;
    let inside = Bins::of(ticks, first, last, total);
    if short && total >= 2 && (inside.even() || last - first <= 2 * ticks.width()) {
        return vec![campaign(window, path, total, first, last, ticks.width())];
    }
    if inside.even() {
        let mut even = plain("constant", path, total, window, 0.0, "evenly spaced");
        even.comment.push_str(", too even for chance");
        return vec![even];
    }
    if to - from >= 2 * DAY {
        return by_time_of_day(ticks, window, path);
    }
    let whole = Bins::of(ticks, from, to, total);
    let bursts = whole.bursts(None, 1.0);
    if !bursts.is_empty() {
        return beside(ticks, window, path, &whole, &bursts);
    }
    if whole.is_poisson() {
        return vec![plain(
            "poisson",
            path,
            total,
            window,
            1.0,
            "Poisson: dispersion not rejected",
        )];
    }
    if let Some(process) = on_off(&whole, path, total) {
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
    /// Bins in which some twenty are expected; whole ticks each.
    fn of(ticks: &Ticks<u32>, from: i64, to: i64, total: u64) -> Bins {
        let many = (total / 20).clamp(12, 400) as i64;
        let step = ((to - from) / many / ticks.width()).max(1) * ticks.width();
        Bins::by(ticks, from.div_euclid(ticks.width()) * ticks.width(), to, step, 0)
    }

    /// Whole bins of `step`, on a clock that is `zone` ahead of UTC.
    fn by(ticks: &Ticks<u32>, from: i64, to: i64, step: i64, zone: i64) -> Bins {
        let mut counts: Vec<u64> = ticks.by(from, to, step).into_iter().map(u64::from).collect();
        if (to - from) % step != 0 {
            counts.pop();
        }
        let from_s = seconds((from + zone - MONDAY).rem_euclid(7 * DAY));
        Bins { from, step, counts: Counts { from_s, bin_s: seconds(step), counts } }
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

    /// Bursts that may be campaigns; none if there are too many, or too long ones, to be unusual.
    fn bursts(&self, expected: Option<&[f64]>, dispersion: f64) -> Vec<Burst> {
        let found = arrivals::bursts(&self.counts, expected, dispersion);
        let length: usize = found.iter().map(|own| own.to - own.from).sum();
        let unusual = found.len() <= CAMPAIGNS && length * 3 <= self.seen().len();
        if unusual { found } else { Vec::new() }
    }
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
        assumptions: Vec::new(),
        parameters: vec![rate],
    }
}

fn campaign(window: Window, path: &str, count: u64, first: i64, last: i64, tick: i64) -> Arrivals {
    let path = format!("{path}.arrivals.campaign");
    let (at, over) = (seconds(first - window.origin).max(0.0), seconds(last - first));
    let clock = seconds(tick);
    let method = "a campaign: evenly spaced for a while";
    let parameter = |key: &str, value: f64, (low, high): (f64, f64), unit| Parameter {
        path: format!("{path}.{key}"),
        value,
        low,
        high,
        rows: count,
        method: method.to_owned(),
        unit,
    };
    let exact = count as f64;
    Arrivals {
        key: "campaign",
        value: format!(
            "{{ count = {count}, at = {}, over = {} }}",
            quoted(&span(at)),
            quoted(&span(over))
        ),
        comment: format!("{}, {method}", rows(count)),
        parameters: vec![
            parameter("count", exact, (exact, exact), Unit::Number),
            parameter("at", at, (at, at + clock), Unit::Seconds),
            parameter("over", over, ((over - 2.0 * clock).max(0.0), over), Unit::Seconds),
        ],
        uncertain: Vec::new(),
        assumptions: Vec::new(),
    }
}

/// A stream that goes on evenly, and campaigns on top of it.
fn beside(
    ticks: &Ticks<u32>,
    window: Window,
    path: &str,
    bins: &Bins,
    bursts: &[Burst],
) -> Vec<Arrivals> {
    // The bins on both sides of a burst may have a part of it.
    let aside = |place: usize| bursts.iter().any(|own| place + 1 >= own.from && place <= own.to);
    let seen = bins.seen().iter().enumerate().filter(|(place, _)| !aside(*place));
    let counts: Vec<u64> = seen.map(|(_, &count)| count).collect();
    let usual = Bins { counts: Counts { counts, ..bins.counts }, ..*bins };
    let level = usual.mean();
    let mut all = Vec::new();
    let total = usual.seen().iter().sum::<u64>();
    if total >= 20 {
        let length = usual.seen().len() as i64 * bins.step;
        let window = Window { to: window.from + length, ..window };
        all.push(if usual.even() {
            plain("constant", path, total, window, 0.0, "evenly spaced, without its campaigns")
        } else {
            let dispersion = usual.index().max(1.0);
            plain("poisson", path, total, window, dispersion, "Poisson, without its campaigns")
        });
    }
    all.extend(campaigns(ticks, window, path, bins, bursts, |_| level));
    all
}

/// The campaigns that bursts are, where `level` is usual of a bin.
fn campaigns(
    ticks: &Ticks<u32>,
    window: Window,
    path: &str,
    bins: &Bins,
    bursts: &[Burst],
    level: impl Fn(usize) -> f64,
) -> Vec<Arrivals> {
    let mut campaigns = Vec::new();
    for (number, burst) in bursts.iter().enumerate() {
        let level = level(burst.from);
        // Within the bins on both sides, from the first steps that are high to the last: steps of which
        // some twenty requests of the burst are expected.
        let low = bins.from + (burst.from as i64 - 1).max(0) * bins.step;
        let high = bins.from + (burst.to as i64 + 1) * bins.step;
        let length = (burst.to - burst.from) as f64 * bins.step as f64 / ticks.width() as f64;
        let step = (20.0 * length / burst.count.max(1.0)).ceil() as i64 * ticks.width();
        let per_step = level * step as f64 / bins.step as f64;
        let is_high = |count: u32| f64::from(count) > per_step + 3.0 * (per_step + 1.0).sqrt();
        let steps =
            (low..).step_by(usize::try_from(step).unwrap_or(1)).zip(ticks.by(low, high, step));
        let busy: Vec<i64> = steps.filter(|&(_, count)| is_high(count)).map(|(at, _)| at).collect();
        let (Some(&first), Some(&last)) = (busy.first(), busy.last()) else { continue };
        let last = last + step;
        let seen: u64 = ticks.by(first, last, step).into_iter().map(u64::from).sum();
        let own = level * (last - first) as f64 / bins.step as f64;
        let count = (seen as f64 - own).max(1.0) as u64;
        let own_path = format!("{path}-campaign-{}", number + 1);
        campaigns.push(campaign(window, &own_path, count, first, last, ticks.width()));
    }
    campaigns
}

/// A profile of the day by hours, or by quarters where there is enough of each, times factors of
/// weekdays where there are any; and campaigns beside it.
fn by_time_of_day(ticks: &Ticks<u32>, window: Window, path: &str) -> Vec<Arrivals> {
    let Window { from, to, zone, .. } = window;
    let quarter = DAY / 96;
    let fine = quarter % ticks.width() == 0;
    let step = if fine { quarter } else { DAY / 24 };
    let start = from + (step - (from + zone).rem_euclid(step)) % step;
    let mut bins = Bins::by(ticks, start, to, step, zone);
    let total: u64 = bins.seen().iter().sum();
    let days = seconds(to - start) / seconds(DAY);
    let many = if fine && total as f64 / days / 96.0 >= 200.0 { 96 } else { 24 };
    let all = arrivals::profile(&bins.counts, many, false);
    let bursts = bins.bursts(Some(&all.expected(&bins.counts)), all.dispersion.min(USUAL));
    // What is usual at the time of a burst: without it, by and by.
    for _ in 0..if bursts.is_empty() { 0 } else { ROUNDS } {
        let expected = arrivals::profile(&bins.counts, many, false).expected(&bins.counts);
        for burst in &bursts {
            let places = burst.from.saturating_sub(1)..(burst.to + 1).min(expected.len());
            for place in places {
                bins.counts.counts[place] = bins.counts.counts[place].min(expected[place] as u64);
            }
        }
    }
    let weekly = arrivals::profile(&bins.counts, 24, true);
    let profile = arrivals::profile(&bins.counts, many, false);
    let expected = profile.expected(&bins.counts);
    let own = match weekdays(&weekly, window) {
        Weekdays::Differ => by_weekday(&bins, window, path, &weekly),
        other => daily(&bins, path, &profile, other),
    };
    let beside = campaigns(ticks, window, path, &bins, &bursts, |place| expected[place]);
    std::iter::once(own).chain(beside).collect()
}

/// Whether weekdays differ.
#[derive(Clone, Copy, PartialEq)]
enum Weekdays {
    Alike,
    Differ,
    /// And the log is too long for a rate for each of its hours.
    DifferForLong,
    /// The log hasn't all of them.
    Unknown,
}

fn weekdays(profile: &Profile, window: Window) -> Weekdays {
    if window.to - window.from < 7 * DAY || profile.weekdays.iter().any(Option::is_none) {
        return Weekdays::Unknown;
    }
    // Σ ((f − 1) / σ)²: χ² with six degrees of freedom if they are alike.
    let squares = profile.weekdays.iter().flatten().map(|own| {
        let error = (own.high - own.low) / (2.0 * normal_quantile(0.975));
        let off = (own.value - 1.0) / error.max(1e-9);
        off * off
    });
    match gamma_q(3.0, 0.5 * squares.sum::<f64>()) < ALIKE {
        false => Weekdays::Alike,
        true if window.end - window.origin > (DAYS - 1) * DAY => Weekdays::DifferForLong,
        true => Weekdays::Differ,
    }
}

/// The dispersion that a profile leaves, of bins of up to two hours.
fn left(bins: &Bins, profile: &Profile) -> f64 {
    let scales = arrivals::dispersion(&bins.counts, &profile.expected(&bins.counts));
    let short = scales.iter().filter(|scale| scale.bin_s <= 7_200.0);
    short.map(|scale| scale.index).fold(1.0, f64::max)
}

/// Rate of a profile as a parameter, its mean.
fn mean_rate(bins: &Bins, path: &str, dispersion: f64, how: &str) -> Parameter {
    let days = bins.counts.bin_s * bins.seen().len() as f64 / seconds(DAY);
    let method = format!(
        "by {how} over {} days, dispersion {}, its mean",
        digits(days, 2),
        digits(dispersion, 3)
    );
    let path = format!("{path}.arrivals.profile.points");
    let total = bins.seen().iter().sum();
    Parameter::rate(path, total, days * seconds(DAY), dispersion, &method)
}

/// Logarithm of a rate and its variance: as if half a request more had been seen, so that none is no
/// certainty.
fn known(requests: f64, length: f64, dispersion: f64) -> (f64, f64) {
    let requests = requests + 0.5;
    (libm::log(requests / length.max(1.0)), dispersion / requests)
}

fn diagonal(variances: &[f64]) -> Vec<Vec<f64>> {
    let row = |i: usize| {
        let entry = |(j, variance): (usize, &f64)| if i == j { *variance } else { 0.0 };
        variances.iter().enumerate().map(entry).collect()
    };
    (0..variances.len()).map(row).collect()
}

/// The same every day.
fn daily(bins: &Bins, path: &str, profile: &Profile, weekdays: Weekdays) -> Arrivals {
    let dispersion = left(bins, profile);
    let rate = mean_rate(bins, path, dispersion, "time of day");
    // A part of the day that the log hasn't has the mean.
    let of = |part: usize| {
        let from_s = part as f64 * seconds(DAY) / profile.parts as f64;
        profile.slots.iter().find(|slot| (slot.from_s - from_s).abs() < 1.0)
    };
    let parts = || (0..profile.parts).map(of);
    let rates: Vec<f64> = parts().map(|slot| slot.map_or(rate.value, |own| own.rate)).collect();
    let (at, variances): (Vec<f64>, Vec<f64>) = parts()
        .map(|slot| match slot {
            Some(own) => known(own.rows as f64, own.over_s, dispersion),
            None => (libm::log(rate.value), 1.0),
        })
        .unzip();
    let peak = rates.iter().copied().fold(0.0, f64::max);
    let said = match weekdays {
        Weekdays::Unknown => Some("the log hasn't a whole week: weekdays are taken to be alike"),
        Weekdays::DifferForLong => Some(
            "weekdays differ, and the log is longer than the five weeks for which a rate of each \
             hour is written: every day has the mean of all",
        ),
        _ => None,
    };
    let assumption = |why: &str| Assumption {
        path: rate.path.clone(),
        why: why.to_owned(),
        value: "every day alike".to_owned(),
        other: Vec::new(),
        sensitivity: None,
    };
    Arrivals {
        key: "profile",
        value: format!(
            "{{ repeat = \"daily\", interpolate = \"step\", points = [\n    {},\n] }}",
            points(&rates, profile.parts).join(",\n    ")
        ),
        comment: format!("{}, peak {}/s", rate.comment(), digits(peak, 4)),
        assumptions: said.map(assumption).into_iter().collect(),
        uncertain: vec![Uncertain {
            path: rate.path.clone(),
            kind: Kind::Profile,
            at,
            covariance: diagonal(&variances),
        }],
        parameters: vec![rate],
    }
}

/// A rate for each hour of each day of the scenario.
fn by_weekday(bins: &Bins, window: Window, path: &str, profile: &Profile) -> Arrivals {
    let Window { origin, end, zone, .. } = window;
    let dispersion = left(bins, profile);
    let rate = mean_rate(bins, path, dispersion, "time of day and weekday");
    let midnight = (origin + zone).div_euclid(DAY);
    let days = (end + zone + DAY - 1).div_euclid(DAY) - midnight;
    let hours = profile.slots.iter().map(|own| known(own.rows as f64, own.over_s, dispersion));
    let (mut at, mut variances): (Vec<f64>, Vec<f64>) = hours.unzip();
    let day = |day: i64| {
        let weekday = (midnight + day - MONDAY / DAY).rem_euclid(7) as usize;
        let own = profile.weekdays.get(weekday).copied().flatten()?;
        let value = own.value.max(1e-6);
        let error = (own.high - own.low) / (2.0 * normal_quantile(0.975)) / value;
        Some((libm::log(value), error * error))
    };
    for (log, variance) in (0..days).filter_map(day) {
        at.push(log);
        variances.push(variance);
    }
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let factors = names.iter().zip(profile.weekdays.iter().flatten());
    let factors: Vec<String> =
        factors.map(|(name, own)| format!("{name} {}", digits(own.value, 3))).collect();
    Arrivals {
        key: "profile",
        value: format!(
            "{{ interpolate = \"step\", points = [\n    {},\n] }}",
            points(&rates_of_days(&at), HOURS).join(",\n    ")
        ),
        comment: format!("{}; {}", rate.comment(), factors.join(", ")),
        assumptions: Vec::new(),
        uncertain: vec![Uncertain {
            path: rate.path.clone(),
            kind: Kind::Days,
            at,
            covariance: diagonal(&variances),
        }],
        parameters: vec![rate],
    }
}

/// Rates of the hours of days, from logarithms: of the hours of one day, then of factors of each day.
pub(crate) fn rates_of_days(at: &[f64]) -> Vec<f64> {
    let (hours, days) = at.split_at(HOURS.min(at.len()));
    days.iter().flat_map(|day| hours.iter().map(move |hour| libm::exp(hour + day))).collect()
}

/// The points of a profile with these rates, from midnight on, so many a day.
pub(crate) fn points(rates: &[f64], of_day: usize) -> Vec<String> {
    let point = |(number, rate): (usize, &f64)| {
        let minute = number * 1_440 / of_day;
        format!("[\"{:02}:{:02}\", \"{}/s\"]", minute / 60, minute % 60, digits(*rate, 5))
    };
    rates.iter().enumerate().map(point).collect()
}

/// The course that was seen; after it, its mean.
fn course(ticks: &Ticks<u32>, window: Window, path: &str, total: u64, dispersion: f64) -> Arrivals {
    let Window { origin, from, to, end, .. } = window;
    let many = (total / 100).clamp(6, 48) as i64;
    let step = ((to - from) / many / ticks.width()).max(1) * ticks.width();
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
        uncertain: Vec::new(),
        assumptions: Vec::new(),
        parameters: vec![rate],
    }
}

/// Two rates that take turns; `None` unless counts clearly speak for them.
fn on_off(bins: &Bins, path: &str, total: u64) -> Option<Arrivals> {
    /// Evidence that is enough (Kass and Raftery 1995: decisive).
    const GAIN: f64 = 10.0;
    /// Spells of each rate, at least.
    const SPELLS: f64 = 4.0;
    let bin_s = seconds(bins.step);
    let found = arrivals::on_off(&bins.counts, &arrivals::expected_for(&bins.counts))?;
    let OnOff { high, low, mean_high, mean_low, gain } = found;
    let length = bins.seen().len() as f64 * bin_s;
    let spells = length / (mean_high + mean_low);
    if gain < GAIN || spells < SPELLS || high < 2.0 * low || mean_high.min(mean_low) < bin_s {
        return None;
    }
    let method = format!("two rates that take turns, {} spells of each", spells.round());
    let key_path = format!("{path}.arrivals.onoff");
    let share = mean_high / (mean_high + mean_low);
    let rate = |key: &str, rate: f64, share: f64| {
        let (time, path) = (length * share, format!("{key_path}.{key}"));
        Parameter { value: rate, ..Parameter::rate(path, (rate * time) as u64, time, 1.0, &method) }
    };
    let error = 1.96 / spells.sqrt();
    let time = |key: &str, value: f64| Parameter {
        path: format!("{key_path}.{key}"),
        value,
        low: value * libm::exp(-error),
        high: value * libm::exp(error),
        rows: total,
        method: method.clone(),
        unit: Unit::Seconds,
    };
    let parameters = vec![
        rate("high", high, share),
        rate("low", low, 1.0 - share),
        time("mean_high", mean_high),
        time("mean_low", mean_low),
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
        assumptions: Vec::new(),
        parameters,
    })
}

fn seconds(ns: i64) -> f64 {
    ns as f64 / SECOND as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = SECOND as i64;

    fn window(to: i64) -> Window {
        Window { origin: 0, from: 0, to: to * S, end: to * S, zone: 0 }
    }

    /// A Poisson process by a small generator of its own.
    fn poisson(ticks: &mut Ticks<u32>, from: f64, to: f64, rate: impl Fn(f64) -> f64, most: f64) {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut uniform = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut at = from;
        loop {
            at -= libm::log(1.0 - uniform()) / most;
            if at >= to {
                break;
            }
            if uniform() * most < rate(at) {
                ticks.add((at * S as f64) as i64, 1);
            }
        }
    }

    fn keys(found: &[Arrivals]) -> Vec<&str> {
        found.iter().map(|one| one.key).collect()
    }

    #[test]
    fn a_poisson_process_is_told_with_an_interval_that_holds_its_rate() {
        let mut ticks = Ticks::new(1 << 17);
        poisson(&mut ticks, 0.0, 3_600.0, |_| 20.0, 20.0);
        let found = arrivals(&ticks, window(3_600), "traffic.a");
        assert_eq!(keys(&found), ["poisson"]);
        let rate = &found[0].parameters[0];
        assert!(rate.low < 20.0 && 20.0 < rate.high && rate.high - rate.low < 0.6, "{rate:?}");
    }

    #[test]
    fn even_spacing_is_constant_and_for_a_while_a_campaign() {
        let mut ticks = Ticks::new(1 << 17);
        (0..3_600 * 4).for_each(|i| ticks.add(i * S / 4, 1));
        assert_eq!(keys(&arrivals(&ticks, window(3_600), "traffic.a")), ["constant"]);
        let mut ticks = Ticks::new(1 << 17);
        (0..6_000).for_each(|i| ticks.add(600 * S + i * S / 10, 1));
        let found = arrivals(&ticks, window(3_600), "traffic.a");
        assert_eq!(keys(&found), ["campaign"]);
        assert_eq!(found[0].value, "{ count = 6000, at = \"600s\", over = \"600s\" }");
    }

    #[test]
    fn a_campaign_on_top_of_a_stream_is_told_from_it() {
        let mut ticks = Ticks::new(1 << 17);
        poisson(&mut ticks, 0.0, 3_600.0, |_| 10.0, 10.0);
        (0..20_000).for_each(|i| ticks.add(900 * S + i * S / 100, 1));
        let found = arrivals(&ticks, window(3_600), "traffic.a");
        assert_eq!(keys(&found), ["poisson", "campaign"]);
        let rate = &found[0].parameters[0];
        assert!(rate.low < 10.0 && 10.0 < rate.high, "{rate:?}");
        assert!((found[1].parameters[0].value / 20_000.0 - 1.0).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn bursts_are_two_rates_and_a_week_is_a_profile() {
        let mut ticks = Ticks::new(1 << 17);
        poisson(&mut ticks, 0.0, 7_200.0, |at| if at % 300.0 < 100.0 { 30.0 } else { 3.0 }, 30.0);
        let found = arrivals(&ticks, window(7_200), "traffic.a");
        assert_eq!(keys(&found), ["onoff"]);
        let values: Vec<f64> = found[0].parameters.iter().map(|own| own.value).collect();
        for (value, wanted) in values.iter().zip([30.0, 3.0, 100.0, 200.0]) {
            assert!((value / wanted - 1.0).abs() < 0.15, "{values:?}");
        }
        let mut ticks = Ticks::new(1 << 17);
        let day = |at: f64| 0.5 + 0.4 * libm::sin(at / 86_400.0 * std::f64::consts::TAU);
        poisson(&mut ticks, 0.0, 7.0 * 86_400.0, day, 0.9);
        let found = arrivals(&ticks, window(7 * 86_400), "traffic.a");
        assert_eq!(keys(&found), ["profile"]);
        assert!(found[0].value.contains("[\"06:00\", \"0.8"), "{}", found[0].value);
        assert!(found[0].assumptions.is_empty(), "a whole week of days that are alike");
    }

    #[test]
    fn weekdays_are_written_where_the_log_has_all_and_they_differ() {
        let mut ticks = Ticks::new(1 << 17);
        // From 1970-01-01, a Thursday: days 2 and 3 are a weekend.
        let rate = |at: f64| if matches!((at / 86_400.0) as i64 % 7, 2 | 3) { 0.02 } else { 0.1 };
        poisson(&mut ticks, 0.0, 14.0 * 86_400.0, rate, 0.1);
        let found = arrivals(&ticks, window(14 * 86_400), "traffic.a");
        assert_eq!(keys(&found), ["profile"]);
        let rates = rates_of_days(&found[0].uncertain[0].at);
        assert_eq!((rates.len(), found[0].uncertain[0].kind), (14 * 24, Kind::Days));
        let of_day = |day: usize| rates[day * 24..][..24].iter().sum::<f64>() / 24.0;
        for (day, wanted) in [(0, 0.1), (2, 0.02), (3, 0.02), (4, 0.1), (9, 0.02), (13, 0.1)] {
            assert!((of_day(day) / wanted - 1.0).abs() < 0.08, "{day}: {}", of_day(day));
        }
        assert!(found[0].value.contains("[\"335:00\", "), "{}", found[0].value);
        let few = arrivals(&ticks, window(5 * 86_400), "traffic.a");
        assert!(few[0].assumptions[0].why.contains("hasn't a whole week"), "{few:?}");
    }

    #[test]
    fn a_campaign_is_told_from_a_profile() {
        let mut ticks = Ticks::new(1 << 20);
        let day = |at: f64| 0.05 + 0.04 * libm::sin(at / 86_400.0 * std::f64::consts::TAU);
        poisson(&mut ticks, 0.0, 5.0 * 86_400.0, day, 0.09);
        (0..3_000).for_each(|i| ticks.add((200_000 + i) * S, 1));
        let found = arrivals(&ticks, window(5 * 86_400), "traffic.a");
        assert_eq!(keys(&found), ["profile", "campaign"]);
        let [count, at, over] = &found[1].parameters[..] else { panic!("{found:?}") };
        assert!((count.value / 3_000.0 - 1.0).abs() < 0.05, "{count:?}");
        assert!((at.value - 200_000.0).abs() < 60.0 && (over.value - 3_000.0).abs() < 60.0);
        let rate = &found[0].parameters[0];
        assert!((rate.value / 0.05 - 1.0).abs() < 0.03, "without its campaign: {rate:?}");
    }
}
