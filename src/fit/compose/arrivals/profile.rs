//! A profile of the day, and of the week where the log has one.

use super::campaign::campaigns;
use super::{Arrivals, Bins, DAY, MONDAY, Window, seconds};
use crate::fit::arrivals::{self, Profile};
use crate::fit::compose::parameter::{Assumption, Kind, Parameter, Uncertain};
use crate::fit::compose::text::digits;
use crate::fit::gather::Ticks;
use crate::special::{gamma_q, normal_quantile};

/// Days that a profile with weekdays is written for, at most: a rate for each of their hours.
const DAYS: i64 = 35;
/// Chance that days that are alike are taken for different weekdays.
const ALIKE: f64 = 1e-3;
/// Hours of a day.
pub(crate) const HOURS: usize = 24;
/// A dispersion beyond which a profile doesn't say what is usual.
const USUAL: f64 = 4.0;
/// Rounds in which a profile is freed of bursts.
const ROUNDS: usize = 5;

/// A profile of the day by hours, or by quarters where there is enough of each, times factors of
/// weekdays where there are any; and campaigns beside it.
pub(super) fn by_time_of_day(ticks: &Ticks<u32>, window: Window, path: &str) -> Vec<Arrivals> {
    let Window { from, to, zone, .. } = window;
    let quarter = DAY / 96;
    let fine = quarter % ticks.width() == 0;
    let step = if fine { quarter } else { DAY / 24 };
    let start = from + (step - (from + zone).rem_euclid(step)) % step;
    let mut bins = Bins::by(ticks, start, to, step, zone);
    let place = |at: i64| ((at - start + step - 1).div_euclid(step)).max(0) as usize;
    bins.counts.turn = window.turn.map(|(at, by)| (place(at), seconds(by)));
    let total: u64 = bins.seen().iter().sum();
    let days = seconds(to - start) / seconds(DAY);
    let many =
        if fine && window.turn.is_none() && total as f64 / days / 96.0 >= 200.0 { 96 } else { 24 };
    // What can't be in the log is taken as what is usual at its time, by and by.
    let gap = window.gap.map_or(0..0, |(from, to)| place(from)..place(to));
    for _ in 0..if gap.is_empty() { 0 } else { ROUNDS } {
        let expected = arrivals::profile(&bins.counts, many, false).expected(&bins.counts);
        let usual = bins.counts.counts.iter_mut().zip(expected);
        usual.take(gap.end).skip(gap.start).for_each(|(own, usual)| *own = usual.round() as u64);
    }
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
        other => daily(&bins, window, path, &profile, other),
    };
    let dispersion = profile.dispersion.clamp(1.0, USUAL);
    let beside =
        campaigns(ticks, window, path, &bins, &bursts, |place| expected[place], dispersion);
    std::iter::once(own).chain(beside).collect()
}

/// Weekdays: alike, or different.
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
fn daily(
    bins: &Bins,
    window: Window,
    path: &str,
    profile: &Profile,
    weekdays: Weekdays,
) -> Arrivals {
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
    let (kind, value) = match turned(window) {
        Some(kind) => (kind, each_hour(kind, &at)),
        None => {
            let points = points(&rates, profile.parts).join(",\n    ");
            let repeated = "repeat = \"daily\", interpolate = \"step\"";
            (Kind::Profile, format!("{{ {repeated}, points = [\n    {points},\n] }}"))
        }
    };
    Arrivals {
        key: "profile",
        value,
        comment: format!("{}, peak {}/s", rate.comment(), digits(peak, 4)),
        assumptions: said.map(assumption).into_iter().collect(),
        uncertain: vec![Uncertain {
            path: rate.path.clone(),
            kind,
            at,
            covariance: diagonal(&variances),
            also: Vec::new(),
        }],
        parameters: vec![rate],
        campaign: None,
    }
}

/// A rate for each hour of each day of the scenario.
fn by_weekday(bins: &Bins, window: Window, path: &str, profile: &Profile) -> Arrivals {
    let Window { origin, zone, .. } = window;
    let dispersion = left(bins, profile);
    let rate = mean_rate(bins, path, dispersion, "time of day and weekday");
    let midnight = (origin + zone).div_euclid(DAY);
    let days = days(window);
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
    let kind = turned(window).unwrap_or(Kind::Days);
    Arrivals {
        key: "profile",
        value: each_hour(kind, &at),
        comment: format!("{}; {}", rate.comment(), factors.join(", ")),
        assumptions: Vec::new(),
        uncertain: vec![Uncertain {
            path: rate.path.clone(),
            kind,
            at,
            covariance: diagonal(&variances),
            also: Vec::new(),
        }],
        parameters: vec![rate],
        campaign: None,
    }
}

/// Days from the midnight before the scenario begins to the one after its end, by the clocks of both.
fn days(window: Window) -> i64 {
    let Window { origin, end, zone, turn, .. } = window;
    let forward = turn.map_or(0, |(_, by)| by.max(0));
    (end + zone + forward + DAY - 1).div_euclid(DAY) - (origin + zone).div_euclid(DAY)
}

/// The kind of rates of hours whose clock changes in the scenario's time.
fn turned(window: Window) -> Option<Kind> {
    let (at, by) = window.turn?;
    let hour = DAY / HOURS as i64;
    let midnight = (window.origin + window.zone).div_euclid(DAY) * DAY;
    let after = u16::try_from((at + window.zone - midnight) / hour).ok()?;
    let (days, by) = (u16::try_from(days(window)).ok()?, i8::try_from(by / hour).ok()?);
    Some(Kind::Turned { days, after, by })
}

/// A profile with a point for each hour.
fn each_hour(kind: Kind, at: &[f64]) -> String {
    let rates = match kind {
        Kind::Turned { days, after, by } => rates_of_turned(at, days, after, by),
        _ => rates_of_days(at),
    };
    let points = points(&rates, HOURS).join(",\n    ");
    format!("{{ interpolate = \"step\", points = [\n    {points},\n] }}")
}

/// Rates of the hours of so many days, as [`rates_of_days`] or the same every day, where from an hour on the local
/// clock is some hours ahead of the scenario's.
pub(crate) fn rates_of_turned(at: &[f64], days: u16, after: u16, by: i8) -> Vec<f64> {
    let alike: Vec<f64> = at.iter().copied().chain((0..days).map(|_| 0.0)).collect();
    let local = rates_of_days(if at.len() == HOURS { &alike } else { at });
    let hour = |own: usize| {
        let by = if own >= usize::from(after) { isize::from(by) } else { 0 };
        own.saturating_add_signed(by).min(local.len().saturating_sub(1))
    };
    (0..local.len()).map(|own| local[hour(own)]).collect()
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
