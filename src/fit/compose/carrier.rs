//! A carrier: latency, handsets that are away, numbers that nobody has, what its filters show.

use super::incidents::Found;
use super::latency::{Latency, VALUES, latency, values};
use super::parameter::{Assumption, Parameter, Uncertain, Unit};
use super::text::{Text, digits, grouped, name, quoted, rows, span, told};
use crate::fit::gather::{Cell, Clocks, Durations, Pending};
use crate::fit::{Family, Observation, Sample, fit};
use crate::logs::{Failure, Status};

/// The filter that stands for more failures than usual, for a while.
pub(crate) const SPELL: &str = "spell";

/// Failures that a carrier shows and its filters stand for.
const SHOWN: [(&str, Failure, &str); 3] = [
    ("filtered", Failure::Filtered, "rejected"),
    ("opted-out", Failure::OptedOut, "rejected"),
    ("permanent", Failure::Permanent, "undelivered"),
];

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
    /// The share that a filter takes in spells.
    spell: Option<f64>,
    pub(crate) assumptions: Vec<Assumption>,
}

/// Handsets that are away at the first try.
struct Absent {
    probability: Parameter,
    returns: Latency,
    alert: f64,
    schedule: Vec<f64>,
    comment: String,
}

/// Messages to a carrier, as they were seen.
pub(crate) struct Seen<'log> {
    pub(crate) name: &'log str,
    pub(crate) cell: Cell,
    /// Of latencies alone: of quiet times.
    pub(crate) quiet: Cell,
    pub(crate) pending: Vec<Pending>,
    pub(crate) clocks: Clocks,
    /// `true` if the log says which a provider took.
    pub(crate) has_sent: bool,
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
    carrier.spell = spell(&seen.found);
    let cell = &seen.cell;
    let durations = if seen.timed { &seen.quiet.to_done } else { &seen.quiet.cycle };
    let delivered = cell.status(Status::Delivered);
    let tail = Tail::of(durations);
    let body = tail.as_ref().map_or_else(|| durations.clone(), |tail| tail.body.clone());
    // Those that take longer than anything that ever came are not under way any more.
    let longest = durations.quantile(1.0).unwrap_or(0.0);
    let age = |own: &Pending| if seen.timed { own.since_sent } else { Some(own.age) };
    let ages = seen.pending.iter().filter_map(age).map(|age| age as f64 / 1e9);
    let (old, under_way): (Vec<f64>, Vec<f64>) = ages.partition(|&age| age > longest.max(1e-9));
    let until = tail.as_ref().map_or(f64::INFINITY, |tail| tail.from);
    let under_way: Vec<f64> = under_way.into_iter().filter(|&age| age < until).collect();
    carrier.latency = latency(&body, &under_way, seen.clocks, &format!("{path}.latency"));
    carrier.doubts(&path, seen);
    // Of those that came so far: numbers that nobody has, then what filters show, then tries.
    let under_way = under_way.len() as u64;
    let forgotten = cell.status(Status::Pending).saturating_sub(under_way).max(old.len() as u64);
    let unknown = cell.failure(Failure::UnknownSubscriber);
    let before: u64 =
        [Failure::Throttled, Failure::QueueFull, Failure::Transient, Failure::Timeout]
            .into_iter()
            .map(|kind| cell.failure(kind))
            .sum();
    let failed = cell.status(Status::Failed);
    let at_sender = if seen.has_sent { before.max(failed) } else { before };
    let mut left = (cell.rows() - under_way).saturating_sub(at_sender);
    let share = |key: &str, hits: u64, of: u64, method: &str| {
        Parameter::share(format!("{path}.{key}"), hits, of, method)
    };
    if unknown > 0 {
        let parameter = share("unknown_subscriber", unknown, left, "counted");
        carrier.shares.push(("unknown_subscriber".to_owned(), parameter));
        left = left.saturating_sub(unknown);
    }
    let mut explained = unknown;
    let mut filter = |name: &str, receipt: &'static str, hits: u64, left: &mut u64| {
        if hits > 0 {
            let key = format!("filter.{name}.probability");
            let parameter = share(&key, hits, *left, "counted");
            carrier.filters.push((name.to_owned(), receipt, parameter));
            *left = left.saturating_sub(hits);
        }
    };
    for (name, kind, receipt) in SHOWN {
        let hits = cell.failure(kind);
        filter(name, receipt, hits, &mut left);
        explained += hits;
    }
    let absent_failed = cell.failure(Failure::Absent);
    let ended = cell.status(Status::Undelivered)
        + cell.status(Status::Rejected)
        + if seen.has_sent { 0 } else { failed.saturating_sub(before) };
    let expired = cell.status(Status::Expired);
    let unexplained = ended.saturating_sub(explained + absent_failed);
    filter("unexplained", "undelivered", unexplained, &mut left);
    if unexplained > 0 {
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
    let away = absent_failed.max(expired);
    carrier.absent(&path, seen, tail.as_ref(), away, left);
    left = left.saturating_sub(away);
    let silent = forgotten + cell.status(Status::Unknown) + cell.status(Status::Cancelled);
    if silent > 0 && delivered > 0 {
        let of = left.max(silent);
        carrier.loss = Some(share("loss", silent, of, "messages without a final state"));
        let lost = silent as f64 / of as f64;
        carrier.assumptions.push(Assumption {
            path: format!("{path}.loss"),
            why: format!(
                "{} never came to a final state: lost on the way, filtered in silence, or only \
                 the receipt was lost; the log can't tell which, and they are taken as lost",
                rows(silent)
            ),
            value: digits(lost, 5),
            other: vec![format!("{path}.loss=0")],
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

impl Carrier {
    fn doubts(&mut self, path: &str, seen: &Seen<'_>) {
        if seen.cell.cycle.count() == 0 && seen.cell.to_done.count() == 0 {
            self.latency.doubt = Some(
                "the log has one time a row, or none when a message came: no latency can be fitted"
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

    /// Handsets that were away: those that came late, and those that never came.
    fn absent(&mut self, path: &str, seen: &Seen<'_>, tail: Option<&Tail>, away: u64, of: u64) {
        let late = tail.map_or(0, |tail| tail.late.count());
        let timed = tail.map_or(0, |tail| tail.body.count() + late);
        if late + away == 0 || late == 0 {
            if away > 0 {
                // Without any that came late nothing tells how long they stay away: for good.
                let probability =
                    Parameter::share(format!("{path}.absent.probability"), away, of, "expired");
                let never = 10.0 * seen.validity.unwrap_or(86_400.0).max(3_600.0);
                let value = quoted(&span(never));
                let comment = "beyond any validity; an assumption".to_owned();
                self.absent = Some(Absent {
                    probability,
                    returns: Latency { value, comment, ..Latency::default() },
                    alert: 0.0,
                    schedule: Vec::new(),
                    comment: String::new(),
                });
                self.assumptions.push(Assumption {
                    path: format!("{path}.absent.returns"),
                    why: format!(
                        "{} expired, and too few came late to tell when absent handsets return: they \
                         stay away",
                        rows(away)
                    ),
                    value: span(never),
                    other: Vec::new(),
                    sensitivity: None,
                });
            }
            return;
        }
        let Some(tail) = tail else { return };
        // Of latencies those of quiet times are known; the share is of all.
        let delivered = seen.cell.status(Status::Delivered);
        let late_of_all = (late as f64 / timed.max(1) as f64 * delivered as f64) as u64;
        let probability = Parameter::share(
            format!("{path}.absent.probability"),
            late_of_all + away,
            of,
            "came late or expired",
        );
        let away = (away as f64 * late as f64 / late_of_all.max(1) as f64) as u64;
        let steps = tail.steps(self.latency.median);
        let returns_path = format!("{path}.absent.returns");
        let (returns, alert, schedule, comment) = if steps.is_empty() {
            let until = seen.validity.unwrap_or(0.0).max(tail.late.quantile(1.0).unwrap_or(0.0));
            let away_ages: Vec<f64> = vec![until; away as usize];
            let since = tail.shifted(self.latency.median);
            let mut returns = latency(&since, &away_ages, seen.clocks, &returns_path);
            if matches!(returns.key.as_str(), "" | "empirical") {
                // Those that never came have their share among the values, too.
                let never = 10.0 * until.max(3_600.0);
                let known = late as f64 / (late as f64 + away as f64);
                returns.key = "empirical".to_owned();
                returns.value = among(&since, known, never);
            }
            let comment = "no steps of a retry schedule: delivered when they return";
            (returns, 1.0, Vec::new(), comment.to_owned())
        } else {
            let returns = tail.returns(&steps, away, &returns_path);
            let waits: Vec<f64> = std::iter::once(0.0)
                .chain(steps.iter().map(|step| step.at))
                .zip(steps.iter().map(|step| step.at))
                .map(|(from, to)| round(to - from, 0.3 * self.latency.median))
                .collect();
            let counts: Vec<String> = steps.iter().map(|step| grouped(step.count)).collect();
            (returns, 0.0, waits, format!("steps of {} deliveries", counts.join(", ")))
        };
        self.absent = Some(Absent { probability, returns, alert, schedule, comment });
        self.assumptions.push(Assumption {
            path: format!("{path}.absent.returns"),
            why:
                "a log shows when messages came, not when handsets returned: returns are known to \
                  lie between tries, and beyond the last one not at all"
                    .to_owned(),
            value: format!("alert = {}", digits(alert, 2)),
            other: Vec::new(),
            sensitivity: None,
        });
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let absent = self.absent.iter().flat_map(|absent| {
            std::iter::once(&absent.probability).chain(&absent.returns.parameters)
        });
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
        let shares = self.parameters().filter_map(Parameter::uncertain);
        let absent = self.absent.as_ref().and_then(|absent| absent.returns.uncertain.clone());
        shares.chain(self.latency.uncertain.clone()).chain(absent).collect()
    }

    pub(crate) fn write(&self, text: &mut Text) {
        text.table("[[carrier]]");
        text.key("name", &quoted(&self.name), "");
        write_latency(text, "latency", &self.latency);
        if let Some(rate) = &self.throttle {
            let value = format!("{{ rate = {}, burst = 1, on_excess = \"queue\" }}", rate.toml());
            text.key("throttle", &value, &rate.comment());
        }
        for (key, parameter) in &self.shares {
            text.key(key, &parameter.toml(), &parameter.comment());
        }
        if let Some(loss) = &self.loss {
            text.key("loss", &loss.toml(), &format!("{}; an assumption", loss.comment()));
        }
        if let Some(absent) = &self.absent {
            text.key(
                "absent.probability",
                &absent.probability.toml(),
                &absent.probability.comment(),
            );
            write_latency(text, "absent.returns", &absent.returns);
            if absent.alert > 0.0 {
                text.key("absent.alert", &digits(absent.alert, 3), "an assumption");
            }
            if !absent.schedule.is_empty() {
                let waits: Vec<String> =
                    absent.schedule.iter().map(|&wait| quoted(&span(wait))).collect();
                text.key("retry_schedule", &format!("[{}]", waits.join(", ")), &absent.comment);
            }
        }
        for (name, receipt, probability) in &self.filters {
            text.table("[[carrier.filter]]");
            text.key("name", &quoted(name), "");
            text.key("rule.random", "{}", "");
            text.key("probability", &probability.toml(), &probability.comment());
            text.key("action", "\"block\"", "");
            text.key("receipt", &quoted(receipt), "");
        }
        if let Some(share) = self.spell {
            text.table("[[carrier.filter]]");
            text.key("name", &quoted(SPELL), "");
            text.key("rule.random", "{}", "");
            text.key("probability", &digits(share, 4), "in incidents alone");
            text.key("action", "\"block\"", "");
            text.key("receipt", "\"undelivered\"", "");
            text.key("enabled", "false", "");
        }
    }
}

/// Values that stand for durations, of which only the share `known` ended; the others take `never`.
fn among(durations: &Durations, known: f64, never: f64) -> String {
    let ended = ((VALUES as f64 * known).round() as usize).clamp(1, VALUES);
    let all = values(durations, ended).into_iter();
    let all = all.chain(std::iter::repeat_n(never, VALUES - ended));
    let all: Vec<String> = all.map(|value| quoted(&span(value))).collect();
    format!("{{ values = [{}] }}", all.join(", "))
}

/// Writes a random duration.
pub(crate) fn write_latency(text: &mut Text, key: &str, latency: &Latency) {
    let key =
        if latency.key.is_empty() { key.to_owned() } else { format!("{key}.{}", latency.key) };
    let mut comment = latency.comment.clone();
    if latency.doubt.is_some() {
        comment.push_str("; an assumption");
    }
    text.key(&key, &latency.value, &comment);
}

/// Latencies of two kinds: of handsets that were there, and, after a valley, of those that weren't.
struct Tail {
    body: Durations,
    late: Durations,
    /// The least of the late ones, s.
    from: f64,
}

/// Deliveries at one step of a retry schedule.
struct Step {
    /// Time of the try from the first one, s.
    at: f64,
    count: u64,
}

/// Bins of a factor of two in which valleys are looked for.
const PER_OCTAVE: f64 = 4.0;

impl Tail {
    fn of(durations: &Durations) -> Option<Tail> {
        let bins = octaves(durations);
        let mode = bins
            .iter()
            .enumerate()
            .max_by_key(|(place, (_, count))| (*count, std::cmp::Reverse(*place)))?;
        // The mode may lie in the tail only if most are late.
        let valley = valley(&bins, mode.0)?;
        let from = bins.get(valley)?.0;
        let (body, late) = durations.split(from);
        (late.count() >= 10 && body.count() > late.count()).then_some(Tail { body, late, from })
    }

    /// The steps of a retry schedule, where most of the late ones come in steps.
    fn steps(&self, median: f64) -> Vec<Step> {
        let clusters = self.late.clusters(median);
        let total = self.late.count();
        // A cluster is a step if it is no wider than a few times what follows a try.
        let wide = |own: &Durations| {
            own.quantile(0.9).zip(own.quantile(0.1)).map_or(0.0, |(high, low)| high - low)
        };
        let most = 2.0 * wide(&self.body);
        let narrow = |own: &&Durations| wide(own) <= most + own.quantile(0.5).unwrap_or(0.0) / 64.0;
        let steps: Vec<&Durations> = clusters.iter().filter(narrow).collect();
        let inside: u64 = steps.iter().map(|own| own.count()).sum();
        if (inside as f64) < 0.9 * total as f64 || steps.len() > 40 {
            return Vec::new();
        }
        let step = |own: &&Durations| {
            let at = own.quantile(0.5)?;
            Some(Step { at: (at - median).max(1e-3), count: own.count() })
        };
        steps.iter().filter_map(step).collect()
    }

    /// The late ones without the latency that follows a try.
    fn shifted(&self, median: f64) -> Durations {
        let mut shifted = Durations::default();
        let by = (median * 1e9) as u64;
        for (low, high, count) in self.late.spans() {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            shifted.add_times((low.midpoint(high)).saturating_sub(by), count);
        }
        shifted
    }

    /// The return of handsets: between the try before and the one at which they were there.
    fn returns(&self, steps: &[Step], away: u64, path: &str) -> Latency {
        let mut before = 0.0;
        let mut seen: Vec<Observation> = Vec::new();
        for step in steps {
            seen.push(Observation::between(before, step.at).times(step.count));
            before = step.at;
        }
        if away > 0 {
            seen.push(Observation::pending(before, 0.0).times(away));
        }
        let sample: Sample = seen.into_iter().collect();
        let count = sample.rows();
        let Ok(fit) = fit(Family::Exponential, &sample) else {
            let value = quoted(&span(before / 2.0));
            let comment = format!("{}, the middle of the schedule", rows(count));
            return Latency { value, comment, rows: count, ..Latency::default() };
        };
        let mean = fit.mean();
        let parameter = Parameter {
            path: format!("{path}.exponential.mean"),
            value: mean.value,
            low: mean.low,
            high: mean.high,
            rows: count,
            method: "exponential, by the tries they lie between".to_owned(),
            unit: Unit::Seconds,
        };
        Latency {
            key: "exponential".to_owned(),
            value: format!("{{ mean = {} }}", parameter.toml()),
            comment: format!("{} (mean {})", parameter.comment(), told(mean.value)),
            uncertain: Some(Uncertain {
                path: path.to_owned(),
                kind: super::parameter::Kind::Duration(Family::Exponential),
                at: fit.point().to_vec(),
                covariance: fit.covariance().to_vec(),
            }),
            parameters: vec![parameter],
            median: fit.quantile(0.5).value,
            rows: count,
            ..Latency::default()
        }
    }
}

/// The mean share that failed beyond the usual one in incidents.
fn spell(found: &Found) -> Option<f64> {
    let shares: Vec<f64> = found.incidents().iter().filter_map(|spell| spell.failures).collect();
    (!shares.is_empty()).then(|| (shares.iter().sum::<f64>() / shares.len() as f64).clamp(0.0, 1.0))
}

/// A span just beyond so many seconds, as someone would have set it.
pub(crate) fn rounded_up(seconds: f64) -> f64 {
    let round = round(seconds, 0.02 * seconds);
    if round >= seconds {
        round
    } else if round > 0.98 * seconds {
        round * 1.02
    } else {
        seconds * 1.001
    }
}

/// The wait as someone would have set it, if it is within a hundredth or within `error` s.
fn round(wait: f64, error: f64) -> f64 {
    const UNITS: [f64; 3] = [1.0, 60.0, 3_600.0];
    const COUNTS: [f64; 13] =
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0, 45.0];
    let round = UNITS.iter().flat_map(|unit| COUNTS.iter().map(move |count| unit * count));
    let nearest = round.min_by(|a, b| (a - wait).abs().total_cmp(&(b - wait).abs()));
    nearest.filter(|near| (near - wait).abs() <= error.max(0.01 * wait)).unwrap_or(wait)
}

/// Counts by bins of equal ratio: where each begins, s.
fn octaves(durations: &Durations) -> Vec<(f64, u64)> {
    let mut bins: Vec<(i64, u64)> = Vec::new();
    for (low, high, count) in durations.spans().filter(|&(low, ..)| low > 0) {
        let middle = (low as f64 + high as f64) / 2e9;
        let bin = libm::floor(libm::log2(middle) * PER_OCTAVE) as i64;
        match bins.last_mut() {
            Some((own, all)) if *own == bin => *all += count,
            Some(&mut (own, _)) => {
                bins.extend((own + 1..bin).map(|empty| (empty, 0)));
                bins.push((bin, count));
            }
            None => bins.push((bin, count)),
        }
    }
    bins.into_iter().map(|(bin, count)| (libm::exp2(bin as f64 / PER_OCTAVE), count)).collect()
}

/// The lowest bin after the mode from which counts clearly rise again.
fn valley(bins: &[(f64, u64)], mode: usize) -> Option<usize> {
    let mut lowest = (mode, bins.get(mode)?.1);
    for (place, &(_, count)) in bins.iter().enumerate().skip(mode + 1) {
        let least = lowest.1 as f64;
        if count as f64 > 2.0 * least + 5.0 * (least + 1.0).sqrt() {
            return (least < 0.2 * bins[mode].1 as f64).then_some(lowest.0);
        }
        if count < lowest.1 {
            lowest = (place, count);
        }
    }
    None
}
