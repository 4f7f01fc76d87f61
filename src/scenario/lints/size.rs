//! The size of a run: its messages, what happens without any, and the memory it takes; before
//! it takes any.

use super::{added, overload};
use crate::chain::spec::{Arrivals, CapExcess, Quiet, Spec, Target};
use crate::chain::{Calendar, Hours, SAMPLES_MAX};
use crate::kernel::{Nanos, in_seconds};
use crate::scenario::data::printed;

/// Time of a message, in seconds: that of the slowest shipped scenarios (docs/performance.md).
const MESSAGE_S: f64 = 5e-6;
/// Time of a spell's end, and of a crash with its restart.
const SPELL_S: f64 = 1e-8;
const CRASH_S: f64 = 3e-7;
/// The longest time for which something is under way after the last request: providers and carriers give a message
/// up after three days.
const UNDER_WAY_S: f64 = 3.0 * 86_400.0;
/// Bytes of a message that waits.
const WAITING: f64 = 190.0;
/// Bytes of what is counted of a stream.
const STREAM: f64 = 48.0 * 1024.0;
/// Bytes of a span that a route with a rule for slow messages remembers.
const SPAN: f64 = 12.0;
/// Bytes of a worker that crashes, and of the event that makes it.
const WORKER: f64 = 80.0;
/// Spans of time that are counted apart.
const BATCHES: f64 = 20.0;
/// Numbers sampled of a station, and their bytes.
const GAUGES: f64 = 2.0;
const NUMBER: f64 = 8.0;

/// The size of a run, roughly.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// Messages requested.
    pub messages: f64,
    /// The key that most of its time comes from.
    pub busiest: String,
    /// Seconds on one core, at most, roughly.
    pub seconds: f64,
    /// Bytes of memory, and of them those of the greatest part.
    pub bytes: f64,
    /// The greatest part, in words, and its bytes.
    pub most: (String, f64),
}

/// The size of a run, whose data files take so many bytes.
pub(crate) fn size(spec: &Spec, data: u64) -> Size {
    let requested = overload::requested(spec);
    let each = spec.traffic.iter().zip(&requested);
    let mut times: Vec<(String, f64)> = each
        .map(|(stream, messages)| {
            (format!("traffic.{}.arrivals", stream.name), messages * MESSAGE_S)
        })
        .collect();
    let messages = requested.iter().sum::<f64>() + added(spec) * spec.scale;
    times.push(("incident".to_owned(), added(spec) * spec.scale * MESSAGE_S));
    // With something under way as long as a message may be; nothing happens in a drain that is idle.
    let whole = in_seconds(spec.duration) + in_seconds(spec.drain).min(UNDER_WAY_S);
    for provider in &spec.providers {
        if let Some(spells) = &provider.degraded {
            let mean = in_seconds(spells.mean_up) + in_seconds(spells.mean_down);
            let key = format!("provider.{}.degraded", provider.name);
            times.push((key, 2.0 * whole / mean.max(1e-9) * SPELL_S));
        }
    }
    for stream in &spec.traffic {
        if let Arrivals::OnOff { mean_high, mean_low, .. } = stream.arrivals {
            let mean = in_seconds(mean_high) + in_seconds(mean_low);
            let key = format!("traffic.{}.arrivals.onoff", stream.name);
            times.push((key, 2.0 * in_seconds(spec.duration) / mean.max(1e-9) * SPELL_S));
        }
    }
    let mut parts = vec![
        ("data files".to_owned(), data as f64),
        ("what is counted of streams".to_owned(), spec.traffic.len() as f64 * STREAM),
    ];
    for queue in &spec.queues {
        if let (Some(crash), Some(workers)) = (&queue.crash, queue.workers) {
            let workers = f64::from(workers);
            let cycle = in_seconds(crash.mean_time_between) + in_seconds(crash.restart);
            let key = format!("queue.{}.crash", queue.name);
            times.push((key, workers * whole / cycle.max(1e-9) * CRASH_S));
            parts.push((format!("queue.{}.workers that crash", queue.name), workers * WORKER));
        }
    }
    let samples = (spec.duration / spec.sample_every.max(1)).min(SAMPLES_MAX) as f64;
    let stations = spec.queues.len() + spec.providers.len() + spec.carriers.len() + 1;
    let sampled = samples * stations as f64 * GAUGES * NUMBER;
    parts.push(("scenario.sample_every".to_owned(), sampled));
    let within = spec.within.len() as f64 * (spec.traffic.len() + 1) as f64 * BATCHES * NUMBER;
    parts.push(("scenario.within".to_owned(), within));
    for (index, carrier) in spec.carriers.iter().enumerate() {
        let outages = spec.incidents.iter().filter(|incident| {
            incident.target == Target::Carrier(index) && incident.effects.outage.is_some()
        });
        let outage = outages.map(|incident| incident.span).max().unwrap_or(0);
        let over_cap = carrier.daily_cap.as_ref().filter(|cap| cap.on_excess == CapExcess::Hold);
        let over_cap = over_cap.map_or(0, |_| 86_400 * 1_000_000_000);
        let held = longest(&carrier.quiet, spec).max(outage).max(over_cap);
        let share = (held as f64 / spec.duration.max(1) as f64).min(1.0);
        parts.push((
            format!("messages that carrier.{} holds", carrier.name),
            share * messages * WAITING,
        ));
    }
    let of_streams = spec.traffic.iter().map(|one| (format!("traffic.{}", one.name), &one.quiet));
    let of_queues = spec.queues.iter().map(|one| (format!("queue.{}", one.name), &one.quiet));
    for (whose, quiet) in of_streams.chain(of_queues) {
        let share = (longest(quiet, spec) as f64 / spec.duration.max(1) as f64).min(1.0);
        parts.push((format!("messages that {whose} holds"), share * messages * WAITING));
    }
    for ((index, stream), messages) in spec.traffic.iter().enumerate().zip(&requested) {
        // Who waits for a receipt keeps the message until then.
        let held = spec.on_receipt_of(index).and_then(|rule| rule.after).unwrap_or(0);
        let share = (held as f64 / spec.duration.max(1) as f64).min(1.0);
        let part = format!("messages of traffic.{} that await receipts", stream.name);
        parts.push((part, share * messages * WAITING));
    }
    let watched = spec.routes.iter().filter_map(|route| route.watched());
    let spans: u64 = watched.map(|rule| rule.spans().1).sum();
    parts.push(("what slow routes remember".to_owned(), spans as f64 * SPAN));
    // Few messages need no look at what waits.
    if messages * WAITING > 1e8 {
        let waiting = overload::overloads(spec);
        let waiting = waiting.iter().map(overload::Overload::backlog).fold(0.0, f64::max);
        parts.push(("messages that wait".to_owned(), waiting.min(messages) * WAITING));
    }
    let greatest = |all: &[(String, f64)]| {
        all.iter().max_by(|a, b| a.1.total_cmp(&b.1)).cloned().unwrap_or_default()
    };
    Size {
        messages,
        busiest: greatest(&times).0,
        seconds: times.iter().map(|(_, seconds)| seconds).sum(),
        bytes: parts.iter().map(|(_, bytes)| bytes).sum(),
        most: greatest(&parts),
    }
}

/// The longest time that quiet hours hold something.
fn longest(quiet: &[Quiet], spec: &Spec) -> Nanos {
    let held = |calendar: &Calendar, from| match calendar.at(from) {
        Some(Hours::Held { until }) => until - from,
        _ => 0,
    };
    let Some(calendar) = Calendar::new(quiet, spec.since_monday()) else {
        return 0;
    };
    let begins = std::iter::successors(Some(0), |&at| Some(calendar.next_turn(at)));
    begins
        .take_while(|&at| at < spec.duration)
        .take(100)
        .map(|at| held(&calendar, at))
        .max()
        .unwrap_or(0)
}

impl Size {
    /// A remark before each of these is run so many times, some runs at once: none about what takes
    /// less than a minute and less than 2 GiB.
    #[must_use]
    pub fn remark(sizes: &[Size], each: u64, at_once: usize) -> Option<String> {
        const LONG_S: f64 = 60.0;
        const LARGE: f64 = (2_u64 << 30) as f64;
        let longest = sizes.iter().max_by(|a, b| a.seconds.total_cmp(&b.seconds))?;
        let largest = sizes.iter().max_by(|a, b| a.bytes.total_cmp(&b.bytes))?;
        let each = each.max(1) as f64;
        let runs = each * sizes.len() as f64;
        let at_once = (at_once.max(1) as f64).min(runs);
        // The last of them may be alone.
        let mean = sizes.iter().map(|size| size.seconds).sum::<f64>() / sizes.len() as f64;
        let seconds = (mean * libm::ceil(runs / at_once)).max(longest.seconds);
        let bytes = largest.bytes * at_once;
        let mut said = Vec::new();
        if seconds > LONG_S {
            said.push(format!("up to {} ({})", long(seconds), longest.busiest));
        }
        if bytes > LARGE {
            said.push(format!("{} of memory ({})", printed(bytes as u64), largest.most.0));
        }
        if said.is_empty() {
            return None;
        }
        let most = sizes.iter().map(|size| size.messages).fold(0.0, f64::max);
        let in_which = if sizes.iter().any(|size| grouped(size.messages) != grouped(most)) {
            " in the largest run"
        } else if runs > 1.0 {
            " in each run"
        } else {
            ""
        };
        let messages = grouped(most);
        Some(format!("about {messages} messages are expected{in_which}: {}", said.join(", ")))
    }
}

/// A count of two digits that say something, in groups of three.
fn grouped(count: f64) -> String {
    let scale = libm::pow(10.0, (libm::floor(libm::log10(count.max(1.0))) - 1.0).max(0.0));
    let digits = format!("{:.0}", libm::round(count / scale) * scale);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time as people say it.
fn long(seconds: f64) -> String {
    const UNITS: [(&str, f64); 4] =
        [("years", 31_557_600.0), ("days", 86_400.0), ("h", 3_600.0), ("min", 60.0)];
    let unit = UNITS.into_iter().find(|(_, length)| seconds >= 2.0 * length);
    let (unit, length) = unit.unwrap_or(("s", 1.0));
    format!("{:.0} {unit}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(seconds: f64, bytes: f64) -> Size {
        let (busiest, most) = ("traffic.otp.arrivals".to_owned(), ("data files".to_owned(), bytes));
        Size { messages: 86_412_345.0, busiest, seconds, bytes, most }
    }

    #[test]
    fn only_what_is_long_or_large_is_told() {
        assert_eq!(Size::remark(&[size(59.0, 1e9)], 1, 1), None);
        assert_eq!(Size::remark(&[], 1, 1), None);
        assert_eq!(
            Size::remark(&[size(432.0, 1e9)], 1, 4).unwrap(),
            "about 86,000,000 messages are expected: up to 7 min (traffic.otp.arrivals)"
        );
        assert_eq!(
            Size::remark(&[size(20.0, 1.5e9)], 10, 2).unwrap(),
            "about 86,000,000 messages are expected in each run: up to 100 s \
             (traffic.otp.arrivals), 2.8 GiB of memory (data files)"
        );
        let smaller = Size { messages: 5.0, ..size(0.0, 1e3) };
        assert_eq!(
            Size::remark(&[smaller, size(60.0, 3e9)], 4, 1).unwrap(),
            "about 86,000,000 messages are expected in the largest run: up to 4 min \
             (traffic.otp.arrivals), 2.8 GiB of memory (data files)"
        );
        assert_eq!([1.0, 99.0, 1234.0, 1e10].map(grouped), ["1", "99", "1,200", "10,000,000,000"]);
    }
}
