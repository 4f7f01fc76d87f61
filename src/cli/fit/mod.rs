//! `smschain fit`.

mod asked;
mod incident;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::arguments::{Fit as Options, Format, Output};
use super::caller;
use super::ending::{Ending, Exit};
use super::folder::{self, ResultFolder};
use super::pictures::{chart_files, findings, pictures};
use super::progress::Progress;
use super::terminal::{self, Terminal};
use crate::experiment::Workers;
use crate::fit::{
    Composed, Demand, Gathered, Judgement, Plan, Resolution, Shift, Unjudged, answer, compose,
    counted, judge, sensitivities, untold,
};
use crate::logs::{self, Account, Meaning};
use crate::report::table::{Footer, table};
use crate::report::{Fitted, Kind, fit as found, to_json};
use crate::scenario::{
    Overrides, Scenario, Source, duration, load, nearest, open_regular, spelt_out_in_line,
};
use asked::Asked;
use incident::Span;

const JSON: &str = "fit.json";
const PAGE: &str = "fit.html";

/// Makes a scenario from a log and says how well it predicts what was kept out.
pub(super) fn fit(options: &Options) -> Result<Exit, Ending> {
    let terminal = terminal_of(options);
    let asked = Asked::read(options)?;
    let scenario_file = format!("{}.toml", asked.name);
    let seed = options.seed.seed.unwrap_or(1);
    let of_a_span = Span::names(&asked.name, seed);
    let mut own = vec![JSON, PAGE, "charts/", "data/", scenario_file.as_str()];
    own.extend(of_a_span.iter().map(String::as_str));
    let out = options.out.clone().unwrap_or_else(|| folder::default(&asked.name, "fit"));
    let reads = |path: &Path| {
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        options.logs.iter().any(|log| real(log).is_some() && real(log) == real(path))
    };
    let out = (!options.no_files)
        .then(|| ResultFolder::claim_but(&out, &own, chart_files(Kind::Fit), options.force, &reads))
        .transpose()?;
    let (log, demand, mut account) = gather(options, &asked)?;
    too_long(&log)?;
    let plan = plan(&asked, options, &account);
    account.notes.extend(clocks_change(&asked, &account, &plan));
    account.notes.extend(gap(&account));
    let mut composed =
        compose(&log, &plan).ok_or_else(|| Ending::new(Exit::Input, nothing(&account)))?;
    no_shift(&plan, &composed)?;
    let scenario = scenario(&plan, &composed, terminal)?;
    let span = Span::of(demand, &log, &plan)?;
    let workers = Workers::new(options.threads.count());
    let began = super::progress::now();
    let runs = 24;
    let progress = Progress::new(terminal.shows_progress(), scenario.spec.duration, runs);
    let judged = judged(&log, &plan, &composed, &workers, &progress);
    let sensitive =
        sensitivities(&mut composed, &plan, log.rows, &workers, &progress).map_err(unsound);
    progress.clear();
    sensitive?;
    let judged = judged?;
    let doubts = untold(&log).into_iter().map(|own| own.text().to_owned());
    let vague = judged.iter().flat_map(Judgement::vague);
    let unknown = judged.iter().flat_map(|own| own.unknown.clone());
    let doubts = doubts.chain(account.doubt()).chain(two_clocks(&asked, &account));
    let doubts = doubts.chain(vague).chain(unknown).collect();
    let answer = answer(judged.as_ref(), doubts);
    composed.describe(&plan, answer.in_short, &answer.text);
    let scenario = self::scenario(&plan, &composed, terminal)?;
    let files: Vec<String> = options.logs.iter().map(|path| shown(path)).collect();
    let warnings = scenario.warnings.iter().map(|own| own.message.clone());
    let warnings: Vec<String> = warnings.collect();
    let fitted = Fitted {
        name: &asked.name,
        fingerprint: &scenario.fingerprint,
        seed: plan.seed,
        account: &account,
        files: &files,
        composed: &composed,
        warnings: &warnings,
        judgement: judged.as_ref().ok(),
        answer: &answer,
        hold_out: plan.hold_out,
    };
    let findings = findings(found(&fitted), &[]);
    let json = to_json(&findings.result);
    let mut footer = Footer { again: asked.again(options), ..Footer::default() };
    caller::found(&findings, &footer.again);
    caller::files([(scenario_file.clone(), composed.text.clone())]);
    if let Some(out) = &out {
        let mut files =
            vec![(scenario_file.clone(), composed.text.clone()), (JSON.to_owned(), json.clone())];
        if let Some(span) = &span {
            files.extend(span.files());
            // Its bundle is of the run of what lies there.
            let first = files.iter().map(|(name, text)| (name.as_str(), text.clone()));
            out.write(&first.collect::<Vec<_>>(), &own)?;
            let bundled = span.bundle(out, plan.seed)?;
            files.extend(bundled.into_iter().filter(|(name, _)| !of_a_span[..2].contains(name)));
            terminal.remark(&span.remark());
        }
        let files = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        let mut pictures = pictures(&findings, &footer.again);
        if let Some(page) = pictures.last_mut() {
            PAGE.clone_into(&mut page.0);
        }
        footer.files = out.publish(files, pictures, &own)?;
    }
    let seconds = began.elapsed().as_secs_f64();
    terminal.remark(&format!("{}, judged in {seconds:.1} s", counted(log.rows, "message")));
    caller::told(|look| table(&findings, &scenario.spec, look, &footer));
    if asked.print == Format::Json {
        terminal::result_file(&json)?;
    } else {
        terminal::result(&table(&findings, &scenario.spec, terminal.look(), &footer))?;
    }
    let fails = options.require && answer.passes != Some(true);
    Ok(if fails { Exit::No } else { Exit::Ok })
}

/// Colour, quiet and progress as for every command.
pub(super) fn terminal_of(options: &Options) -> Terminal {
    Terminal::new(&Output {
        out: None,
        force: false,
        format: Format::Table,
        no_files: options.no_files,
        quiet: options.quiet,
        no_progress: options.no_progress,
        color: options.color,
    })
}

/// Reads the log once.
fn gather(options: &Options, asked: &Asked) -> Result<(Gathered, Option<Demand>, Account), Ending> {
    let mut log = Gathered::new();
    let inputs = options.logs.iter().map(|path| (shown(path), open(path)));
    let mut demand = incident::demand(asked);
    let mut each = |row: &logs::Row<'_>| {
        log.add(row);
        if let Some(demand) = &mut demand {
            demand.add(row, &mut log);
        }
    };
    let read = if options.threads.count() > 1 {
        logs::read_beside(inputs, &asked.log, &mut each)
    } else {
        logs::read(inputs, &asked.log, &mut each)
    };
    let mut account = read.map_err(|error| {
        let exit = if matches!(error, logs::Error::Io { .. }) { Exit::Io } else { Exit::Input };
        Ending::new(exit, error.to_string())
    })?;
    if !account.states {
        log.without_states();
    }
    log.receipts_by(account.received);
    if log.rows == 0 {
        return Err(Ending::new(Exit::Input, nothing(&account)));
    }
    account.notes.extend(log.name_unnamed());
    Ok((log, demand, account))
}

fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(open_regular(path, true)?))
}

fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "<stdin>".to_owned()
    } else {
        spelt_out_in_line(&path.display().to_string())
    }
}

/// Refuses a log that spans more time than a scenario may have: a wrong date, mostly.
fn too_long(log: &Gathered) -> Result<(), Ending> {
    match log.span() {
        Some((from, to)) if to.saturating_sub(from).unsigned_abs() > duration::LONGEST => {
            let day = |at: i64| match jiff::Timestamp::from_nanosecond(i128::from(at)) {
                Ok(at) => at.strftime("%Y-%m-%d").to_string(),
                Err(_) => "?".to_owned(),
            };
            Err(Ending::new(
                Exit::Input,
                format!(
                    "the log's requests are of {} to {}, and a scenario lasts 10 years at most: leave \
                     out the rows whose date is wrong",
                    day(from),
                    day(to)
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// A log without a row of use.
fn nothing(account: &Account) -> String {
    if account.rows == 0 {
        return "the log has no rows, but a header".to_owned();
    }
    let mut told = match account.rows {
        1 => "the log's one row can't be used".to_owned(),
        rows => format!("none of the log's {rows} rows can be used"),
    };
    for own in &account.rejected {
        told.push_str(&format!(
            "\n{}, line {}: {}",
            counted(own.count, "row"),
            own.line,
            own.told()
        ));
    }
    told
}

fn plan(asked: &Asked, options: &Options, account: &Account) -> Plan {
    // What counts from t = 0 has no zone.
    let zone = asked.log.zone(Meaning::Submitted).filter(|_| account.zone != logs::Zone::Relative);
    let zone = zone.zip(account.from).and_then(|(zone, from)| {
        let at = jiff::Timestamp::from_nanosecond(i128::from(from.0)).ok()?;
        Some(i64::from(zone.to_offset(at).seconds()) * 1_000_000_000)
    });
    let day =
        account.from.and_then(|from| jiff::Timestamp::from_nanosecond(i128::from(from.0)).ok());
    let day = day.filter(|_| account.zone != logs::Zone::Relative);
    let day = day.map_or(String::new(), |at| format!(" from {}", at.strftime("%Y-%m-%d")));
    Plan {
        name: asked.name.clone(),
        summary: format!(
            "Fitted to {} of a log{day} ({})",
            counted(account.used, "message"),
            account.format.name()
        ),
        seed: options.seed.seed.unwrap_or(1),
        hold_out: asked.hold_out,
        zone: zone.unwrap_or(0),
        turn: turn(asked, account),
        gap: doubled(account).and_then(|_| twice(asked, account)),
        resolution: Resolution {
            submitted: account.submitted.or(account.sent),
            sent: account.sent,
            done: account.done,
        },
        shifts: asked.shifts.clone(),
    }
}

/// Refuses a shift that nothing has, or that something can't have.
fn no_shift(plan: &Plan, composed: &Composed) -> Result<(), Ending> {
    let paths = || composed.durations.iter().map(String::as_str);
    let of = |path: &str| plan.shifts.named.iter().find(|(own, _)| own == path);
    if let Some((path, why)) = composed.no_shift.first() {
        let place = of(path).map_or(String::new(), |_| format!(" {path}=…"));
        return Err(Ending::new(
            Exit::Input,
            format!(
                "--shift{place}: at {path} {why}: expected less than any takes; \
                 `--shift {path}=fitted` lets the log tell it, `--shift {path}=0s` leaves it out"
            ),
        ));
    }
    let unknown = |(path, _): &&(String, Shift)| paths().all(|own| own != path);
    let Some((path, _)) = plan.shifts.named.iter().find(unknown) else { return Ok(()) };
    let near =
        nearest(path, paths()).map_or(String::new(), |near| format!("; did you mean {near}?"));
    let known: Vec<&str> = paths().collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let text =
        format!("--shift {path}=…: no duration is fitted there{near}\nThose fitted: {known}");
    Err(Ending::new(Exit::Input, text))
}

/// Changes of the zone's clocks within the log: when, ns since 1970, and by how much, ns.
fn changes(asked: &Asked, account: &Account) -> Vec<(i64, i64)> {
    let zone = asked.log.zone(Meaning::Submitted).filter(|_| account.zone != logs::Zone::Relative);
    let at = |time: Option<logs::Time>| jiff::Timestamp::from_nanosecond(i128::from(time?.0)).ok();
    let (Some(zone), Some(from), Some(to)) = (zone, at(account.from), at(account.to)) else {
        return Vec::new();
    };
    let mut before = zone.to_offset(from).seconds();
    let changes = zone.following(from).take_while(|change| change.timestamp() < to);
    let change = |own: jiff::tz::TimeZoneTransition<'_>| {
        let by = own.offset().seconds() - before;
        before = own.offset().seconds();
        let at = i64::try_from(own.timestamp().as_nanosecond()).ok()?;
        (by != 0).then_some((at, i64::from(by) * 1_000_000_000))
    };
    changes.filter_map(change).collect()
}

/// The change of the zone's clocks that a profile can follow: the only one in five weeks, by whole hours.
fn turn(asked: &Asked, account: &Account) -> Option<(i64, i64)> {
    const HOUR: i64 = 3_600 * 1_000_000_000;
    const FOLLOWED: i64 = 34 * 24 * HOUR;
    let [(at, by)] = changes(asked, account)[..] else { return None };
    let (from, to) = (account.from?.0, account.to?.0);
    (to - from <= FOLLOWED && at % HOUR == 0 && by % HOUR == 0).then_some((at, by))
}

/// The last span of the log whose local times come twice.
fn twice(asked: &Asked, account: &Account) -> Option<(i64, i64)> {
    let back = changes(asked, account).into_iter().rfind(|(_, by)| *by < 0);
    back.map(|(at, by)| (at + by, at - by))
}

/// A sentence on a zone whose clocks change within the log.
fn clocks_change(asked: &Asked, account: &Account, plan: &Plan) -> Option<String> {
    let &(at, _) = changes(asked, account).first()?;
    let zone = asked.log.zone(Meaning::Submitted)?;
    let at = jiff::Timestamp::from_nanosecond(i128::from(at)).ok()?;
    let day = zone.to_datetime(at).strftime("%Y-%m-%d");
    Some(match plan.turn {
        Some(_) => format!(
            "the zone\u{2019}s clocks change on {day}: a profile of the day follows them, the scenario\u{2019}s own \
             clock and the names of pieces go by those before, an hour off afterwards"
        ),
        None => format!(
            "the zone\u{2019}s clocks change on {day}: the profile of the day and the names of pieces go by those \
             before, an hour off afterwards; fit what is before and after by themselves"
        ),
    })
}

/// The rows that are left out for a time that may be either of two.
fn doubled(account: &Account) -> Option<&logs::Rejected> {
    account.rejected.iter().find(|own| own.reason == logs::Reason::DoubledTime)
}

/// A sentence on what the rows that are left out for a time that may be either of two leave behind.
fn gap(account: &Account) -> Option<String> {
    let doubled = doubled(account)?;
    let (rows, are) =
        (counted(doubled.count, "row"), if doubled.count == 1 { "is" } else { "are" });
    Some(format!(
        "{rows} {are} left out for a time that the zone\u{2019}s clocks show twice: the log has a gap of two \
         hours there, of which nothing is fitted or compared; export times with their offset, or in UTC, to have these rows"
    ))
}

/// The doubt whether requests and ends are by one clock, where nobody has said by which each is.
fn two_clocks(asked: &Asked, account: &Account) -> Option<String> {
    let is_said = asked.log.zones.iter().any(|(column, _)| column.is_some());
    account.two_clocks().filter(|_| !is_said)
}

/// The scenario as it will be read.
fn scenario(plan: &Plan, composed: &Composed, terminal: Terminal) -> Result<Scenario, Ending> {
    let source = Source {
        name: format!("{}.toml", plan.name),
        text: composed.text.clone(),
        base: PathBuf::new(),
    };
    load(&source, &Overrides::default()).map_err(|errors| {
        let text = errors.render(terminal.colour_on_stderr());
        Ending::rendered(
            Exit::Fault,
            format!("internal fault: the fitted scenario is none\n{text}"),
        )
    })
}

/// The judgement by what was kept out, or the reason why there is none.
fn judged(
    log: &Gathered,
    plan: &Plan,
    composed: &Composed,
    workers: &Workers,
    progress: &Progress,
) -> Result<Result<Judgement, Unjudged>, Ending> {
    match judge(log, plan, composed, workers, progress) {
        Err(broken @ (Unjudged::Unsound(_) | Unjudged::Broken(_))) => Err(unsound(broken)),
        judged => Ok(judged),
    }
}

fn unsound(unjudged: Unjudged) -> Ending {
    Ending::new(Exit::Fault, unjudged.to_string())
}
