//! Arguments of `fit`, read.

use jiff::tz::TimeZone;

use crate::cli::again::{Line, quote};
use crate::cli::arguments::{Fit as Options, Format};
use crate::cli::ending::{Ending, Exit};
use crate::fit::{Shift, Shifts};
use crate::logs::{Dates, Format as LogFormat, Meaning, Options as LogOptions, Status};
use crate::scenario::{duration, nearest, share};

/// The arguments in their own types.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) log: LogOptions,
    pub(super) print: Format,
    pub(super) hold_out: f64,
    pub(super) shifts: Shifts,
    /// The span that is to be replayed, ns since 1970.
    pub(super) span: Option<(i64, i64)>,
}

/// Values of options.
const ZONE: &str =
    "[NAME=]ZONE, a name of the IANA database, like Europe/Berlin, or an offset, like done=+02:00";
const DATES: &str = "[NAME=]ORDER, dmy or mdy, like mdy or done=dmy";
const RESOLUTION: &str = "[NAME=]DURATION, like 1ms or submitted=1s";
/// The largest share of a log that can be kept out.
const MOST_KEPT_OUT: f64 = 0.9;

impl Asked {
    pub(super) fn read(options: &Options) -> Result<Asked, Ending> {
        let input = |text: String| Ending::new(Exit::Input, text);
        let (mut format, mut print) = (None, Format::Table);
        for wanted in &options.format {
            match (wanted.as_str(), LogFormat::named(wanted)) {
                ("table", _) => print = Format::Table,
                ("json", _) => print = Format::Json,
                (_, Some(own)) => format = Some(own),
                _ => return Err(input(no_format(wanted))),
            }
        }
        let columns: Vec<(String, Meaning)> =
            options.map.iter().map(|text| column(text)).collect::<Result<_, _>>()?;
        for (place, (column, meaning)) in columns.iter().enumerate() {
            let before = &columns[..place];
            if before.iter().any(|(other, own)| other == column || own == meaning) {
                return Err(input(format!(
                    "--map {}: the column or the name is in another `--map` already: each column \
                     means one thing, and each name is of one column",
                    options.map[place]
                )));
            }
        }
        let states: Vec<(String, Status)> =
            options.state.iter().map(|text| state(text)).collect::<Result<_, _>>()?;
        for (place, (word, _)) in states.iter().enumerate() {
            let is_same = |own: &(String, Status)| own.0.to_lowercase() == word.to_lowercase();
            if states[..place].iter().any(is_same) {
                let text = &options.state[place];
                return Err(input(format!(
                    "--state {text}: the word is in another `--state` already"
                )));
            }
        }
        let zones = by_column("--zone", ZONE, &options.zone, |name| {
            zone_of(name).ok_or_else(|| format!("no time zone `{name}`"))
        })?;
        let dates = by_column("--dates", DATES, &options.dates, |name| {
            let known = Dates::NAMED.iter().find(|(own, _)| *own == name);
            known.map(|(_, dates)| *dates).ok_or_else(|| format!("no order `{name}`"))
        })?;
        let resolutions = by_column("--resolution", RESOLUTION, &options.resolution, resolution)?;
        let hold_out = share::parse(&options.hold_out).map_err(|complaint| {
            input(format!(
                "--hold-out {}: {}; expected a share, like 20% or 0.2",
                options.hold_out, complaint.message
            ))
        })?;
        if hold_out > MOST_KEPT_OUT {
            return Err(input(format!(
                "--hold-out {}: at most 90 % can be kept out, so that something is left to fit",
                options.hold_out
            )));
        }
        if options.incident.is_some() && options.no_files {
            return Err(input(
                "`--incident` writes a trace and a scenario: leave out `--no-files`".to_owned(),
            ));
        }
        let log = LogOptions { format, columns, zones, resolutions, dates, states };
        let span = options.incident.as_deref();
        let span = span.map(|text| self::span(text, log.zone(Meaning::Submitted))).transpose()?;
        let shifts = shifts(&options.shift)?;
        Ok(Asked { name: name_of(options)?, log, print, hold_out, shifts, span })
    }

    /// The command that does the same.
    pub(super) fn again(&self, options: &Options) -> String {
        let mut logs = options.logs.iter();
        let first = logs.next().cloned().unwrap_or_default();
        let mut line = Line::new("fit", &first);
        for log in logs {
            line = line.flag(&quote(&log.display().to_string()));
        }
        line = line.maybe("--format", self.log.format.map(LogFormat::name));
        for map in &options.map {
            line = line.option("--map", map);
        }
        for state in &options.state {
            line = line.option("--state", state);
        }
        for zone in &options.zone {
            line = line.option("--zone", zone);
        }
        for dates in &options.dates {
            line = line.option("--dates", dates);
        }
        for resolution in &options.resolution {
            line = line.option("--resolution", resolution);
        }
        for shift in &options.shift {
            line = line.option("--shift", shift);
        }
        if options.hold_out != "20%" {
            line = line.option("--hold-out", &options.hold_out);
        }
        line = line.maybe("--incident", options.incident.as_ref());
        if options.require {
            line = line.flag("--require");
        }
        line = line.maybe("--name", options.name.as_ref());
        line.maybe("--seed", options.seed.seed).text()
    }
}

fn no_format(wanted: &str) -> String {
    let names = || LogFormat::all().map(LogFormat::name);
    let meant = nearest(wanted, names().chain(["table", "json"]));
    let meant = meant.map_or(String::new(), |near| format!("; did you mean {near}?"));
    let names: Vec<&str> = names().collect();
    format!(
        "no format `{wanted}`{meant}\nA log's is one of {}; what to print is table or json.",
        names.join(", ")
    )
}

/// `COLUMN=NAME`; a column's name may have a `=` of its own.
fn column(text: &str) -> Result<(String, Meaning), Ending> {
    let names = || Meaning::NAMED.iter().map(|(name, _)| *name);
    let wrong = |what: String| {
        let names: Vec<&str> = names().collect();
        let text = format!("--map {text}: {what}; NAME is one of {}", names.join(", "));
        Ending::new(Exit::Input, text)
    };
    let (column, name) =
        text.rsplit_once('=').ok_or_else(|| wrong("expected COLUMN=NAME".to_owned()))?;
    let meaning = Meaning::named(name.trim()).ok_or_else(|| {
        let near = nearest(name, names());
        let meant = near.map_or(String::new(), |near| format!(", did you mean {near}?"));
        wrong(format!("no name `{name}`{meant}"))
    })?;
    Ok((column.trim().to_owned(), meaning))
}

/// `WORD=STATE`; a word may have a `=` of its own.
fn state(text: &str) -> Result<(String, Status), Ending> {
    let names = || Status::ALL.iter().map(|own| own.name());
    let wrong = |what: String| {
        let names: Vec<&str> = names().collect();
        let text = format!("--state {text}: {what}; STATE is one of {}", names.join(", "));
        Ending::new(Exit::Input, text)
    };
    let (word, name) =
        text.rsplit_once('=').ok_or_else(|| wrong("expected WORD=STATE".to_owned()))?;
    let own = Status::ALL.into_iter().find(|own| own.name() == name.trim());
    let own = own.ok_or_else(|| {
        let near = nearest(name, names());
        let meant = near.map_or(String::new(), |near| format!(", did you mean {near}?"));
        wrong(format!("no state `{name}`{meant}"))
    })?;
    Ok((word.trim().to_owned(), own))
}

/// `[NAME=]VALUE` of an option, each column of times once; `expected` says what a value is.
fn by_column<T>(
    option: &str,
    expected: &str,
    texts: &[String],
    value: fn(&str) -> Result<T, String>,
) -> Result<Vec<(Option<Meaning>, T)>, Ending> {
    const TIMES: [&str; 4] = ["submitted", "sent", "done", "received"];
    let mut read: Vec<(Option<Meaning>, T)> = Vec::new();
    for text in texts {
        let wrong = |what: String| {
            let text = format!(
                "{option} {text}: {what}; expected {expected}, where NAME is one of {}",
                TIMES.join(", ")
            );
            Ending::new(Exit::Input, text)
        };
        let (name, own) = match text.split_once('=') {
            Some((name, own)) => (Some(name.trim()), own.trim()),
            None => (None, text.trim()),
        };
        let column = name.map(|name| {
            let known = Meaning::named(name).filter(|_| TIMES.contains(&name));
            known.ok_or_else(|| {
                let near = nearest(name, TIMES);
                let meant = near.map_or(String::new(), |near| format!(", did you mean {near}?"));
                wrong(format!("no times `{name}`{meant}"))
            })
        });
        let (column, value) = (column.transpose()?, value(own).map_err(wrong)?);
        if read.iter().any(|(own, _)| *own == column) {
            return Err(wrong(format!("the same times are in another `{option}` already")));
        }
        read.push((column, value));
    }
    Ok(read)
}

/// `[PATH=]DURATION` of `--shift`, or `[PATH=]fitted`; each path once.
fn shifts(texts: &[String]) -> Result<Shifts, Ending> {
    let (mut shifts, mut paths) = (Shifts::default(), Vec::new());
    for text in texts {
        let wrong = |what: &str| {
            let text = format!(
                "--shift {text}: {what}; expected [PATH=]DURATION, like carrier.acme.latency=800ms, or \
                 [PATH=]fitted"
            );
            Ending::new(Exit::Input, text)
        };
        let (path, value) = match text.split_once('=') {
            Some((path, value)) => (Some(path.trim()), value.trim()),
            None => (None, text.trim()),
        };
        if path == Some("") {
            return Err(wrong("no path stands before the `=`"));
        }
        if paths.contains(&path) {
            return Err(wrong("the same is in another `--shift` already"));
        }
        paths.push(path);
        let shift = match value {
            "fitted" => Shift::Fitted,
            _ => match duration::parse(value) {
                Ok(0) => Shift::Zero,
                Ok(ns) => Shift::Known(ns as f64 / 1e9),
                Err(complaint) => return Err(wrong(&complaint.message)),
            },
        };
        match path {
            Some(path) => shifts.named.push((path.to_owned(), shift)),
            None => shifts.others = shift,
        }
    }
    Ok(shifts)
}

/// A resolution, ns.
fn resolution(length: &str) -> Result<i64, String> {
    /// The longest, ns: no clock rounds to more.
    const LONGEST: i64 = 86_400_000_000_000;
    let ns = duration::parse(length).map_err(|complaint| complaint.message)?;
    match i64::try_from(ns) {
        Ok(ns) if ns > 0 && ns <= LONGEST => Ok(ns),
        _ => Err("a clock tells from 1 ns to a day".to_owned()),
    }
}

/// The scenario's name: as asked, or the log's without its endings.
fn name_of(options: &Options) -> Result<String, Ending> {
    if let Some(name) = &options.name {
        return if crate::scenario::is_name(name) {
            Ok(name.clone())
        } else {
            let text = format!("--name {name}: expected 1 to 64 letters, digits, `_` or `-`");
            Err(Ending::new(Exit::Input, text))
        };
    }
    let file = options.logs.first().and_then(|log| log.file_name());
    let file = file.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = file.split('.').find(|part| !part.is_empty()).unwrap_or("log");
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let stem: String = stem.chars().map(plain).take(64).collect();
    let stem = stem.trim_matches('-');
    Ok(if stem.is_empty() { "log".to_owned() } else { stem.to_owned() })
}

/// A zone by its name, or by its offset.
fn zone_of(name: &str) -> Option<TimeZone> {
    let offset = |text: &str| -> Option<TimeZone> {
        let (hours, minutes) = text.get(1..)?.split_once(':')?;
        let number = |text: &str, most: i32| -> Option<i32> {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number| digits && *number <= most)
        };
        let minutes = number(hours, 24)? * 60 + number(minutes, 59)?;
        let sign = if text.starts_with('-') { -60 } else { 60 };
        Some(jiff::tz::Offset::from_seconds(sign * minutes).ok()?.to_time_zone())
    };
    let signed = name.starts_with(['+', '-']);
    if signed { offset(name) } else { TimeZone::get(name).ok() }
}

/// `FROM..TO`: points in time, or durations from t = 0 of a list of a run's messages.
fn span(text: &str, zone: Option<&TimeZone>) -> Result<(i64, i64), Ending> {
    let wrong = |what: &str| {
        let text = format!(
            "--incident {text}: {what}; expected FROM..TO, like 2026-01-20T14:00..2026-01-20T14:40 \
             or, in a list of a run's messages, 20m..26m"
        );
        Ending::new(Exit::Input, text)
    };
    let (from, to) = text.split_once("..").ok_or_else(|| wrong("it has no `..`"))?;
    let read =
        |one: &str| instant(one.trim(), zone).ok_or_else(|| wrong(&format!("`{one}` is no time")));
    let (from, to) = (read(from)?, read(to)?);
    if from >= to {
        let what = if from == to { "ends when it begins" } else { "ends before it begins" };
        return Err(wrong(&format!("it {what}")));
    }
    Ok((from, to))
}

/// A point in time, ns since 1970; without a zone of its own it is of `zone`, or UTC.
fn instant(text: &str, zone: Option<&TimeZone>) -> Option<i64> {
    if let Ok(span) = duration::parse(text) {
        return i64::try_from(span).ok();
    }
    let at = match text.parse::<jiff::Timestamp>() {
        Ok(at) => at,
        Err(_) => {
            let local: jiff::civil::DateTime = text.parse().ok()?;
            let zone = zone.cloned().unwrap_or(TimeZone::UTC);
            zone.to_timestamp(local).ok()?
        }
    };
    i64::try_from(at.as_nanosecond()).ok()
}
