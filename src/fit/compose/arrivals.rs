//! Arrivals of requests: the simplest process that the counts don't speak against.

use super::parameter::{Kind, Parameter, Uncertain, Unit};
use super::text::{digits, quoted, rows, span};
use crate::fit::arrivals::{self, Counts, OnOff};
use crate::fit::gather::Ticks;
use crate::kernel::SECOND;

const DAY: i64 = 86_400 * SECOND as i64;
/// Below this variance over mean, counts are too even for chance.
const EVEN: f64 = 0.35;
/// A span of requests that is shorter than this share of the log is a campaign.
const SHORT: f64 = 0.6;
/// Standard errors by which a dispersion must be off to count.
const SURE: f64 = 4.0;
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
    /// Expected requests a second at the end.
    pub(crate) rate: f64,
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
        return vec![daily(ticks, window, path)];
    }
    let whole = Bins::of(ticks, from, to, total);
    let bursts = whole.bursts();
    if (1..=CAMPAIGNS).contains(&bursts.len()) {
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
        return vec![daily(ticks, window, path)];
    }
    vec![course(ticks, window, path, total, whole.dispersion())]
}

/// Counts in bins of one length.
struct Bins {
    from: i64,
    step: i64,
    counts: Vec<f64>,
}

impl Bins {
    /// Bins in which some twenty are expected; whole ticks each.
    fn of(ticks: &Ticks<u32>, from: i64, to: i64, total: u64) -> Bins {
        let many = (total / 20).clamp(12, 400) as i64;
        let step = ((to - from) / many / ticks.width()).max(1) * ticks.width();
        let from = from.div_euclid(ticks.width()) * ticks.width();
        let mut counts: Vec<f64> = ticks.by(from, to, step).into_iter().map(f64::from).collect();
        if (to - from) % step != 0 {
            counts.pop();
        }
        Bins { from, step, counts }
    }

    fn mean(&self) -> f64 {
        mean(&self.counts)
    }

    /// Variance over mean: 1 of a Poisson process.
    fn dispersion(&self) -> f64 {
        let (mean, n) = (self.mean(), self.counts.len() as f64);
        if n < 2.0 || mean <= 0.0 {
            return 1.0;
        }
        self.counts.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>()
            / (n - 1.0)
            / mean
    }

    /// The same over bins of so many of these.
    fn coarser(&self, by: usize) -> Bins {
        let counts = self.counts.chunks_exact(by.max(1)).map(|chunk| chunk.iter().sum());
        Bins { from: self.from, step: self.step * by as i64, counts: counts.collect() }
    }

    fn even(&self) -> bool {
        self.counts.len() >= 10 && self.mean() >= 3.0 && self.dispersion() < EVEN
    }

    fn is_poisson(&self) -> bool {
        let by = (self.counts.len() / 12).max(1);
        [1, by].into_iter().all(|by| {
            let bins = self.coarser(by);
            let free = (bins.counts.len() as f64 - 1.0).max(1.0);
            bins.dispersion() < 1.0 + SURE * (2.0 / free).sqrt()
        })
    }

    /// The rate that most bins have.
    fn usual(&self) -> f64 {
        let mut sorted = self.counts.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
    }

    /// Runs of bins far above what is usual, which is common besides.
    fn bursts(&self) -> Vec<(usize, usize)> {
        let usual = self.usual();
        let high = |count: f64| count > 2.0 * usual + 6.0 * (usual + 1.0).sqrt();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (place, &count) in self.counts.iter().enumerate() {
            match runs.last_mut() {
                _ if !high(count) => {}
                Some((_, end)) if place <= *end + 1 => *end = place + 1,
                _ => runs.push((place, place + 1)),
            }
        }
        let length: usize = runs.iter().map(|(start, end)| end - start).sum();
        if length * 3 > self.counts.len() { Vec::new() } else { runs }
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
        rate: rate.value,
        uncertain: rate.uncertain().into_iter().collect(),
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
        rate: 0.0,
    }
}

/// A stream that goes on evenly, and campaigns on top of it.
fn beside(
    ticks: &Ticks<u32>,
    window: Window,
    path: &str,
    bins: &Bins,
    bursts: &[(usize, usize)],
) -> Vec<Arrivals> {
    let usual = Bins {
        counts: bins
            .counts
            .iter()
            .enumerate()
            .filter(|(place, _)| {
                // The bins on both sides of a burst may have a part of it.
                !bursts.iter().any(|(start, end)| place + 1 >= *start && place <= end)
            })
            .map(|(_, &count)| count)
            .collect(),
        ..*bins
    };
    let level = usual.mean();
    let mut all = Vec::new();
    let mut campaigns = Vec::new();
    for (number, &(start, end)) in bursts.iter().enumerate() {
        // Within the bins on both sides, from the first tick that is high to the last.
        let low = bins.from + (start.saturating_sub(1)) as i64 * bins.step;
        let high = bins.from + (end as i64 + 1) * bins.step;
        let per_tick = level * ticks.width() as f64 / bins.step as f64;
        let is_high = |count: u32| f64::from(count) > per_tick + 3.0 * (per_tick + 1.0).sqrt();
        let busy: Vec<i64> =
            ticks.over(low, high).filter(|&(_, count)| is_high(count)).map(|(at, _)| at).collect();
        let (Some(&first), Some(&last)) = (busy.first(), busy.last()) else { continue };
        let last = last + ticks.width();
        let seen: u64 = ticks.over(first, last).map(|(_, count)| u64::from(count)).sum();
        let own = level * (last - first) as f64 / bins.step as f64;
        let count = (seen as f64 - own).max(1.0) as u64;
        let own_path = format!("{path}-campaign-{}", number + 1);
        campaigns.push(campaign(window, &own_path, count, first, last, ticks.width()));
    }
    let total = usual.counts.iter().sum::<f64>() as u64;
    if total >= 20 {
        let length = usual.counts.len() as i64 * bins.step;
        let window = Window { to: window.from + length, ..window };
        all.push(if usual.even() {
            plain("constant", path, total, window, 0.0, "evenly spaced, without its campaigns")
        } else {
            let dispersion = usual.dispersion().max(1.0);
            plain("poisson", path, total, window, dispersion, "Poisson, without its campaigns")
        });
    }
    all.extend(campaigns);
    all
}

/// A profile of the day by hours, or by quarters where there is enough of each.
fn daily(ticks: &Ticks<u32>, window: Window, path: &str) -> Arrivals {
    let Window { from, to, zone, .. } = window;
    let of_day = |at: i64| (at + zone).rem_euclid(DAY);
    let total: u64 = ticks.over(from, to).map(|(_, count)| u64::from(count)).sum();
    let days = (to - from) as f64 / DAY as f64;
    let many =
        if total as f64 / days / 96.0 >= 200.0 && ticks.width() < DAY / 960 { 96 } else { 24 };
    let mut counts = vec![(0.0, 0.0); many];
    let place = |at: i64| (of_day(at) * many as i64 / DAY) as usize;
    for (at, count) in ticks.over(from, to) {
        if let Some((own, exposed)) = counts.get_mut(place(at)) {
            *own += f64::from(count);
            *exposed += seconds(ticks.width());
        }
    }
    let mean = total as f64 / seconds(to - from);
    let rates: Vec<f64> = counts
        .iter()
        .map(|&(count, exposed)| if exposed > 0.0 { count / exposed } else { mean })
        .collect();
    // What is left beside the profile: counts of each hour of each day about what it says.
    let step = DAY / many as i64;
    let start = from + (step - of_day(from) % step) % step;
    let (mut chi, mut free) = (0.0, -(many as f64));
    for (number, count) in ticks.by(start, to - (to - start) % step, step).into_iter().enumerate() {
        let expected =
            rates.get(place(start + number as i64 * step)).copied().unwrap_or(0.0) * seconds(step);
        if expected >= 5.0 {
            let off = f64::from(count) - expected;
            chi += off * off / expected;
            free += 1.0;
        }
    }
    let dispersion = if free >= 5.0 { (chi / free).max(1.0) } else { 1.0 };
    let points = points_of_day(&rates);
    // What isn't known of each part of the day: as if half a request more had been seen, so that none
    // is no certainty.
    let known = counts.iter().map(|&(count, exposed)| (count + 0.5, f64::max(exposed, 1.0)));
    let (at, variances): (Vec<f64>, Vec<f64>) =
        known.map(|(count, exposed)| (libm::log(count / exposed), dispersion / count)).unzip();
    let covariance = (0..many)
        .map(|i| (0..many).map(|j| if i == j { variances[i] } else { 0.0 }).collect())
        .collect();
    let method = format!(
        "by time of day over {} days, dispersion {}",
        digits(days, 2),
        digits(dispersion, 3)
    );
    let peak = rates.iter().copied().fold(0.0, f64::max);
    let mut rate = Parameter::rate(
        format!("{path}.arrivals.profile.points"),
        total,
        seconds(to - from),
        dispersion,
        &method,
    );
    rate.method.push_str(", its mean");
    Arrivals {
        key: "profile",
        value: format!(
            "{{ repeat = \"daily\", interpolate = \"step\", points = [\n    {},\n] }}",
            points.join(",\n    ")
        ),
        comment: format!("{}, peak {}/s", rate.comment(), digits(peak, 4)),
        rate: rate.value,
        uncertain: vec![Uncertain { path: rate.path.clone(), kind: Kind::Profile, at, covariance }],
        parameters: vec![rate],
    }
}

/// The points of a profile with these rates in equal parts of the day.
pub(crate) fn points_of_day(rates: &[f64]) -> Vec<String> {
    let point = |(number, rate): (usize, &f64)| {
        let minute = number * 1_440 / rates.len();
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
        rate: rate.value,
        uncertain: Vec::new(),
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
    let counts = bins.counts.iter().map(|&count| count as u64).collect();
    let counts = Counts { from_s: 0.0, bin_s, counts };
    let found = arrivals::on_off(&counts, &arrivals::expected_for(&counts))?;
    let OnOff { high, low, mean_high, mean_low, gain } = found;
    let length = bins.counts.len() as f64 * bin_s;
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
        comment: format!("{}, dispersion {}, {method}", rows(total), digits(bins.dispersion(), 3)),
        rate: high * share + low * (1.0 - share),
        uncertain: parameters.iter().filter_map(Parameter::uncertain).collect(),
        parameters,
    })
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
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
    }
}
