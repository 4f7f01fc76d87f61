//! `arrivals` of a stream.

use super::{Kind, Owner, of};
use crate::chain::spec::{Arrivals, words};
use crate::kernel::Nanos;
use crate::scenario::checked::{Record, Time, Value};
use crate::scenario::data;
use crate::scenario::lower::{Lowering, Moment};
use crate::scenario::units::duration::DAY;
use crate::scenario::units::short;
use crate::scenario::{Diagnostic, DiagnosticKind};

const MILLISECOND: Nanos = 1_000_000;

choice! {
    arrivals => Arrivals, "an arrival process", r#"{ poisson = { rate = "50/s" } }"# {
        /// Independent requests at a mean rate.
        poisson => Poisson {
            /// Requests per time.
            rate: f64 = of::rate(true).required(),
        }
        /// Even spacing.
        constant => Constant {
            /// Requests per time.
            rate: f64 = of::rate(true).required(),
        }
        /// Poisson with a rate that changes in time.
        profile by profile {
            /// Pairs of a time (of day, or a duration from the start) and a rate, ascending.
            points: Vec<()> =
                of::list(&Kind::Point, 1).example(r#"[["00:00", "10/s"], ["20:00", "80/s"]]"#)
                    .required(),
            /// Its repetition.
            repeat: Repeat = of::words().default("none"),
            /// Between the points.
            interpolate: Interpolate = of::words().default("linear"),
        }
        /// Bursts: two rates with exponential dwell times.
        onoff => OnOff {
            /// Requests per time when high.
            high: f64 = of::rate(true).example("200/s").required(),
            /// Requests per time when low.
            low: f64 = of::rate(false).example("20/s").default("0/s"),
            /// Mean dwell when high.
            mean_high: Nanos = of::duration(MILLISECOND).example("30s").required(),
            /// Mean dwell when low.
            mean_low: Nanos = of::duration(MILLISECOND).example("5m").required(),
        }
        /// So many requests from a time on.
        campaign by campaign {
            /// Number of requests.
            count: u64 = of::integer(1, 10_000_000_000).example("120000").required(),
            /// Time of the first one, from t = 0 or by the clock.
            at: Moment = of::moment().example("10m").default("0s"),
            /// Spread evenly over this span.
            over: Nanos = of::duration(0).example("20m").default("0s"),
        }
        /// The requests of a log.
        trace by trace {
            /// CSV with time_s and optional sender, carrier, chars, ucs2, spam_score, deadline_s,
            /// recipient; docs/data.md has what else is read as one.
            file: String = of::file().example("requests.csv").required(),
            /// The point in time that is t = 0, of a file whose times are points in time.
            origin: Option<String> =
                of::text().example("2026-01-31T09:00:00Z").absent("the file's first"),
        }
    }
}

words! {
    /// Repetition of a profile.
    pub(crate) enum Repeat {
        /// the last rate holds on
        None = "none",
        /// every 24 h; the times are of day
        Daily = "daily",
    }
}

words! {
    /// Course of a profile between its points.
    pub(crate) enum Interpolate {
        /// a straight line between points
        Linear = "linear",
        /// each rate holds until the next point
        Step = "step",
    }
}

fn campaign(cx: &mut Lowering<'_, '_>, record: &Record) -> Arrivals {
    let Moment { at, by_clock } = cx.read(record, &arrivals::campaign::at);
    if cx.duration.is_some_and(|duration| at >= duration) {
        let label = format!("nothing of it is sent{}", cx.by_clock(at, by_clock));
        let place = record.place_of(&arrivals::campaign::at);
        cx.warn(place, "the campaign starts after the scenario's end", &label);
    }
    Arrivals::Campaign {
        count: cx.read(record, &arrivals::campaign::count),
        at,
        over: cx.read(record, &arrivals::campaign::over),
    }
}

fn profile(cx: &mut Lowering<'_, '_>, record: &Record) -> Arrivals {
    let daily = cx.read(record, &arrivals::profile::repeat) == Repeat::Daily;
    let mut points: Vec<(u64, f64)> = Vec::new();
    let mut clock = None;
    for item in record.list(arrivals::profile::points.name()) {
        let Value::Point(time, rate) = item.value else {
            continue;
        };
        let (at, of_day) = match time {
            Time::Clock(at) => (at, true),
            Time::Since(at) => (at, false),
        };
        if *clock.get_or_insert(of_day) != of_day {
            cx.conflict(
                item.place,
                "times of day and durations in one profile",
                "expected the same sort of time in every point",
            );
        } else if points.last().is_some_and(|(last, _)| at <= *last) {
            cx.conflict(
                item.place,
                "the points are not in order",
                "expected a later time than the point before",
            );
        } else if daily && !(of_day && at < DAY) {
            cx.conflict(
                item.place,
                "a daily profile needs times of day",
                "expected a time from \"00:00\" to \"23:59:59\"",
            );
        }
        points.push((at, rate));
    }
    if !points.is_empty() && points.iter().all(|(_, rate)| *rate == 0.0) {
        cx.warn(
            record.place_of(&arrivals::profile::points),
            "the profile sends nothing",
            "every rate is 0",
        );
    }
    Arrivals::Profile {
        points,
        clock: clock.unwrap_or_default(),
        daily,
        step: cx.read(record, &arrivals::profile::interpolate) == Interpolate::Step,
    }
}

/// The point in time that is t = 0, if the scenario says.
fn origin(cx: &mut Lowering<'_, '_>, record: &Record) -> Option<u64> {
    let text = record.text(arrivals::trace::origin.name())?;
    let read = data::date_time(text).map(|(nanos, _)| nanos);
    if read.is_none() {
        cx.error(
            DiagnosticKind::Data,
            record.place_of(&arrivals::trace::origin),
            &format!("`{}` is not a point in time", short(text)),
            "expected one such as \"2026-01-31T09:00:00Z\"",
        );
    }
    read
}

/// Remarks on a log that was read: one warning.
fn remarks(cx: &mut Lowering<'_, '_>, record: &Record, log: &data::Log, path: &str) {
    let place = record.place_of(&arrivals::trace::file);
    if record.item(&arrivals::trace::origin).is_some() && log.is_relative && !log.rows.is_empty() {
        cx.conflict(
            record.place_of(&arrivals::trace::origin),
            "`origin`, but the file's times count from t = 0 already",
            "expected points in time in the file, or no `origin`",
        );
    }
    let mut done = log.done.clone();
    match log.early {
        0 => {}
        1 => done.push("1 row before `origin` is left out".to_owned()),
        early => done.push(format!("{early} rows before `origin` are left out")),
    }
    if !done.is_empty() {
        let message = format!("`{}` is not written as a trace, and read as one", short(path));
        cx.warn(place, &message, &done.join("; "));
    }
    if log.rows.is_empty() && cx.errors.is_empty() {
        let message = format!("`{}` has no rows", short(path));
        cx.warn(place, &message, "no request is made");
    }
}

fn trace(cx: &mut Lowering<'_, '_>, record: &Record) -> Arrivals {
    let Some(path) = record.text(arrivals::trace::file.name()) else {
        return Arrivals::Trace { rows: Vec::new() };
    };
    let place = record.place_of(&arrivals::trace::file);
    let opened = cx.files.open_log(path, place);
    let held = opened.and_then(|log| cx.files.hold_rows(log.0, place).map(|()| log));
    let (source, told) = match held {
        Ok(log) => log,
        Err(error) => {
            cx.errors.push(error);
            return Arrivals::Trace { rows: Vec::new() };
        }
    };
    let origin = origin(cx, record);
    let text = cx.files.texts.text(source);
    let mut log = data::trace(text, source, place, origin, cx.errors);
    if let Some(told) = told {
        let is_known = |(name, _): &(String, _)| cx.knows(Owner::Carrier, name);
        log.done.insert(0, told);
        // Providers have names of their own for carriers.
        if !log.carriers.is_empty() && !log.carriers.iter().any(is_known) {
            let names: Vec<&str> =
                log.carriers.iter().take(6).map(|(name, _)| name.as_str()).collect();
            let more = if log.carriers.len() > names.len() { ", …" } else { "" };
            log.done.push(format!(
                "its carriers are left out, for none is one of the scenario's: {}{more}",
                names.join(", ")
            ));
            log.carriers.clear();
        }
    }
    remarks(cx, record, &log, path);
    let mut rows = log.rows;
    let late = rows.iter().filter(|row| cx.duration.is_some_and(|end| row.time >= end));
    let late = late.count();
    if late > 0 {
        cx.warnings.push(
            Diagnostic::new(
                DiagnosticKind::Suspicious,
                place,
                format!("{late} of {} rows come after the scenario's end", rows.len()),
            )
            .label("they are not sent"),
        );
    }
    // A name that is missing is missing in every row: once is enough.
    let carriers: Vec<Option<usize>> =
        log.carriers.iter().map(|(name, place)| cx.look_up(Owner::Carrier, name, *place)).collect();
    for row in &mut rows {
        row.carrier = row.carrier.and_then(|place| carriers.get(place).copied().flatten());
    }
    Arrivals::Trace { rows }
}
