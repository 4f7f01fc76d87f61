//! `arrivals`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Arrivals, TraceRow};
use crate::scenario::Diagnostic;
use crate::scenario::checked::{Item, Time, Value};
use crate::scenario::data;
use crate::scenario::schema::Owner;
use crate::scenario::units::duration::DAY;
use crate::scenario::units::short;

impl Lowering<'_, '_> {
    pub(super) fn arrivals(&mut self, stream: &Record) -> Arrivals {
        let Some(Item { value: Value::Chosen(kind, record), .. }) = stream.get("arrivals") else {
            return Arrivals::Poisson { rate: 0.0 };
        };
        let span = |key: &str| record.duration(key).unwrap_or_default();
        match *kind {
            "constant" => Arrivals::Constant { rate: record.number("rate") },
            "profile" => self.profile(record),
            "onoff" => Arrivals::OnOff {
                high: record.number("high"),
                low: record.number("low"),
                mean_high: record.duration("mean_high").unwrap_or(1),
                mean_low: record.duration("mean_low").unwrap_or(1),
            },
            "campaign" => {
                let (at, by_clock) = record.moment("at", self.start).unwrap_or_default();
                if self.duration.is_some_and(|duration| at >= duration) {
                    let label = format!("nothing of it is sent{}", self.by_clock(at, by_clock));
                    self.warn(
                        record.at("at"),
                        "the campaign starts after the scenario's end",
                        &label,
                    );
                }
                Arrivals::Campaign {
                    count: record.integer("count").unwrap_or_default(),
                    at,
                    over: span("over"),
                }
            }
            "trace" => Arrivals::Trace { rows: self.trace(record) },
            _ => Arrivals::Poisson { rate: record.number("rate") },
        }
    }

    fn profile(&mut self, record: &Record) -> Arrivals {
        let daily = record.word("repeat") == "daily";
        let mut points: Vec<(u64, f64)> = Vec::new();
        let mut clock = None;
        for item in record.list("points") {
            let Value::Point(time, rate) = item.value else {
                continue;
            };
            let (at, of_day) = match time {
                Time::Clock(at) => (at, true),
                Time::Since(at) => (at, false),
            };
            if *clock.get_or_insert(of_day) != of_day {
                self.error(
                    Trouble::Conflict,
                    item.place,
                    "times of day and durations in one profile",
                    "expected the same sort of time in every point",
                );
            } else if points.last().is_some_and(|(last, _)| at <= *last) {
                self.error(
                    Trouble::Conflict,
                    item.place,
                    "the points are not in order",
                    "expected a later time than the point before",
                );
            } else if daily && !(of_day && at < DAY) {
                self.error(
                    Trouble::Conflict,
                    item.place,
                    "a daily profile needs times of day",
                    "expected a time from \"00:00\" to \"23:59:59\"",
                );
            }
            points.push((at, rate));
        }
        if !points.is_empty() && points.iter().all(|(_, rate)| *rate == 0.0) {
            self.warn(record.at("points"), "the profile sends nothing", "every rate is 0");
        }
        Arrivals::Profile {
            points,
            clock: clock.unwrap_or_default(),
            daily,
            step: record.word("interpolate") == "step",
        }
    }

    /// The point in time that is t = 0, if the scenario says.
    fn origin(&mut self, record: &Record) -> Option<u64> {
        let text = record.text("origin")?;
        let read = data::date_time(text).map(|(nanos, _)| nanos);
        if read.is_none() {
            self.error(
                Trouble::Data,
                record.at("origin"),
                &format!("`{}` is no point in time", short(text)),
                "expected one such as \"2026-01-31T09:00:00Z\"",
            );
        }
        read
    }

    /// What there is to say about a log that was read: one warning.
    fn remarks(&mut self, record: &Record, log: &data::Log, path: &str) {
        let place = record.at("file");
        if record.get("origin").is_some() && log.is_relative && !log.rows.is_empty() {
            self.error(
                Trouble::Conflict,
                record.at("origin"),
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
            self.warn(place, &message, &done.join("; "));
        }
        if log.rows.is_empty() && self.errors.is_empty() {
            let message = format!("`{}` has no rows", short(path));
            self.warn(place, &message, "no request is made");
        }
    }

    fn trace(&mut self, record: &Record) -> Vec<TraceRow> {
        let Some(path) = record.text("file") else {
            return Vec::new();
        };
        let place = record.at("file");
        let opened = self.files.open(path, place);
        let held = opened.and_then(|source| self.files.hold_rows(source, place).map(|()| source));
        let source = match held {
            Ok(source) => source,
            Err(error) => {
                self.errors.push(error);
                return Vec::new();
            }
        };
        let origin = self.origin(record);
        let text = self.files.texts.text(source);
        let log = data::trace(text, source, place, origin, self.errors);
        self.remarks(record, &log, path);
        let mut rows = log.rows;
        let late = rows.iter().filter(|row| self.duration.is_some_and(|end| row.time >= end));
        let late = late.count();
        if late > 0 {
            self.warnings.push(
                Diagnostic::new(
                    Trouble::Suspicious,
                    place,
                    format!("{late} of {} rows come after the scenario's end", rows.len()),
                )
                .label("they are not sent"),
            );
        }
        // A name that is missing is missing in every row: once is enough.
        let carriers: Vec<usize> = log
            .carriers
            .iter()
            .map(|(name, place)| self.find(Owner::Carrier, name, *place))
            .collect();
        for row in &mut rows {
            row.carrier = row.carrier.and_then(|place| carriers.get(place).copied());
        }
        rows
    }
}
