//! A scenario from a log that was gathered: each table with what it rests on beside it, and what a
//! log can't tell as an assumption.

mod absent;
mod arrivals;
mod carrier;
mod incidents;
mod latency;
mod limits;
mod parameter;
mod pressed;
mod provider;
mod receipts;
mod retry;
mod routes;
mod streams;
mod tail;
mod text;
mod throttles;
mod under_way;
mod validity;
mod window;

pub(crate) use latency::values;
pub(crate) use text::{counted, digits, name};

use std::collections::BTreeMap;

pub(crate) use parameter::FARTHEST;
pub use parameter::{Assumption, Kind, Known, Parameter, Sensitivity, Uncertain, Unit};

use super::Pair;
use super::gather::{Cell, Clocks, Gathered, Pending, Signals, Slice};
use super::shift::Shifts;
use super::untold::{Untold, untold};
use crate::kernel::SECOND;
use arrivals::Window;
use carrier::carrier;
use incidents::{Ended, Found, find};
use pressed::Line;
use provider::provider;
use text::{Text, quoted};
use throttles::Work;
use validity::Validity;

const DAY: i64 = 86_400 * SECOND as i64;
/// Rows of quiet times that are enough to fit to, where a throttle presses otherwise.
const QUIET: u64 = 100;
/// Messages of which so many ended have as good as all ended.
const NEARLY: f64 = 0.99;

/// The resolution of a log's clocks, ns; `None` where it has no such time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Of requests.
    pub submitted: Option<i64>,
    /// Of acceptances by providers.
    pub sent: Option<i64>,
    /// Of final states.
    pub done: Option<i64>,
}

/// The plan of a scenario that is to be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The scenario's name.
    pub name: String,
    /// Its summary, one line.
    pub summary: String,
    /// The seed it has.
    pub seed: u64,
    /// The share of the log's time that is kept out, at its end.
    pub hold_out: f64,
    /// From UTC to the clock on people's walls, ns.
    pub zone: i64,
    /// Change of that within the log: when, ns since 1970, and by how much, ns; `None` where it doesn't.
    pub turn: Option<(i64, i64)>,
    /// The span whose requests the log can't have: those of the hour that clocks show twice.
    pub gap: Option<(i64, i64)>,
    /// The log's clocks.
    pub resolution: Resolution,
    /// Shifts of the log's random durations, as they were asked for.
    pub shifts: Shifts,
}

/// A scenario with what it rests on.
pub struct Composed {
    /// The scenario's text.
    pub text: String,
    /// Parameters that were fitted.
    pub parameters: Vec<Parameter>,
    /// Assumptions that had to be made.
    pub assumptions: Vec<Assumption>,
    /// Uncertainties, as they are drawn from.
    pub uncertain: Vec<Uncertain>,
    /// Latencies by their paths: quantiles seen and fitted.
    pub quantiles: Vec<(String, Vec<Pair>)>,
    /// t = 0, ns since 1970.
    pub origin: i64,
    /// The beginning of the part that is kept out.
    pub held_from: i64,
    /// The log's end.
    pub end: i64,
    /// Times of incidents that were found, from and to.
    pub incidents: Vec<(i64, i64)>,
    /// Paths of durations that the log tells something of.
    pub durations: Vec<String>,
    /// Paths of durations that can't have the shift that was asked for, and why.
    pub no_shift: Vec<(String, String)>,
}

impl Composed {
    /// Puts something after the summary, which every result of the scenario shows, and a remark at the top.
    pub fn describe(&mut self, plan: &Plan, besides: &str, remark: &str) {
        let key = |summary: &str| format!("\nsummary = {}\n", quoted(summary));
        if let Some((before, after)) = self.text.split_once(&key(&plan.summary)) {
            let mut top = Text::default();
            top.remark(remark);
            let new = key(&format!("{}; {besides}", plan.summary));
            self.text = format!("{}{before}{new}{after}", top.finish());
        }
    }
}

/// Makes a scenario; `None` of a log without rows.
#[must_use]
pub fn compose(log: &Gathered, plan: &Plan) -> Option<Composed> {
    Some(Composer::new(log, plan)?.compose())
}

/// Makes a scenario of a span of the log: the demand of `trace`, by everything that the whole log tells of
/// the stations, with what went wrong in that span; `None` of a log without rows.
#[must_use]
pub fn compose_span(
    log: &Gathered,
    plan: &Plan,
    span: (i64, i64),
    trace: &str,
) -> Option<Composed> {
    let plan = Plan { hold_out: 0.0, ..plan.clone() };
    let mut composer = Composer::new(log, &plan)?;
    composer.window = Window { origin: span.0, end: span.1, ..composer.window };
    composer.trace = Some(trace);
    // What happened in the span happens at its time.
    composer.of_providers.values_mut().for_each(|found| found.recurs = false);
    Some(composer.compose())
}

struct Composer<'log> {
    log: &'log Gathered,
    plan: &'log Plan,
    /// The file whose demand is replayed.
    trace: Option<&'log str>,
    window: Window,
    /// After this nobody tries any more, where messages expired or handsets were away.
    validity: Option<Validity>,
    /// Counts of the part that is fitted, and the end of the slices that they are of.
    all: Slice,
    until: i64,
    /// Findings on providers and on carriers, by their numbers.
    of_providers: BTreeMap<u16, Found>,
    of_carriers: BTreeMap<u16, Found>,
    /// Counts without what isn't usual anywhere.
    usual: Slice,
    /// `true` if something presses nearly always, and what is usual has that in it.
    always_pressed: bool,
    parameters: Vec<Parameter>,
    assumptions: Vec<Assumption>,
    uncertain: Vec<Uncertain>,
    quantiles: Vec<(String, Vec<Pair>)>,
    durations: Vec<String>,
    no_shift: Vec<(String, String)>,
}

impl<'log> Composer<'log> {
    fn new(log: &'log Gathered, plan: &'log Plan) -> Option<Composer<'log>> {
        let (from, last) = log.span()?;
        let origin = from.div_euclid(SECOND as i64) * SECOND as i64;
        // The last request is somewhere within the tick of its clock, or stands for all until the next.
        let Resolution { submitted, sent, done } = plan.resolution;
        let clock = submitted.or(sent).or(done);
        let tick = clock.max(log.requests_step()).unwrap_or(0).max(SECOND as i64);
        let end = log.demand_ends(tick)?;
        // A log may begin and end within ticks of its clock.
        let coarse = clock == Some(tick) && origin.rem_euclid(tick) == 0 && end >= last;
        let (origin, end) = match coarse && tick > SECOND as i64 {
            true => log.within_ticks((origin, end), tick),
            false => (origin, end),
        };
        let length = (end - origin) as f64;
        let held = origin + (length * (1.0 - plan.hold_out)) as i64;
        let to = if plan.hold_out > 0.0 {
            log.nearest_slice(held).clamp(origin + SECOND as i64, end)
        } else {
            end
        };
        let window = Window {
            origin,
            from: origin,
            to,
            end,
            zone: plan.zone,
            turn: plan.turn.filter(|&(at, _)| origin < at && at < end),
            gap: plan.gap,
            tick,
        };
        // What is kept out begins with a slice; the demand ends somewhere within one.
        let until = if plan.hold_out > 0.0 { to } else { log.slice_ends(end) };
        let all = log.over(i64::MIN / 2, until, &[]);
        let exported = log.exported().unwrap_or(end);
        let ended = |cell: &Cell| {
            let age = |share: f64| (cell.cycle.quantile(share).unwrap_or(0.0) * 1e9) as i64;
            Ended {
                nearly: exported.saturating_sub(age(NEARLY)),
                all: exported.saturating_sub(age(1.0)),
            }
        };
        let look = |work: Work<'_>, clocks: [Option<i64>; 2], cell: &Cell| {
            let clock = clocks.into_iter().flatten().max().unwrap_or(0);
            find(work, clock, ended(cell), origin, to)
        };
        let failing = |(number, own): (u16, &Signals)| {
            let resent = all.of(Some(number), None).mostly_resent();
            own.map(|signal| signal.failed -= if resent { signal.again } else { 0 })
        };
        let numbered = (0_u16..).zip(&log.of_providers);
        let signals: Vec<Signals> = numbered.map(failing).collect();
        let of_providers = (0_u16..).zip(&signals).map(|(number, signals)| {
            let place = usize::from(number);
            let work = Work {
                signals,
                came: log.to_providers.get(place),
                passed: log.accepted.get(place),
                kept: log.kept_of_providers.get(place).filter(|_| log.times_accepted()),
                attempts: log.attempts.get(place),
            };
            (number, Found { recurs: true, ..look(work, [submitted, sent], &Cell::default()) })
        });
        let of_providers: BTreeMap<u16, Found> = of_providers.collect();
        let of_carriers = (0_u16..).zip(&log.of_carriers).map(|(number, signals)| {
            let place = usize::from(number);
            let work = Work {
                signals,
                came: log.to_carriers.get(place),
                passed: log.delivered.get(place),
                kept: log.kept_of_carriers.get(place),
                attempts: None,
            };
            (number, look(work, [sent.or(submitted), done], &all.of(None, Some(number))))
        });
        let of_carriers: BTreeMap<u16, Found> = of_carriers.collect();
        let stations = || of_providers.values().chain(of_carriers.values());
        // Where nearly all of it is unusual, that is what is usual; but not what a throttle makes of it.
        let pressed = stations().any(|own| own.throttle.is_some());
        let least = if pressed { (all.rows() / 5).min(QUIET) } else { all.rows() / 5 };
        let without = |windows: Vec<(i64, i64)>| {
            Some(log.over(i64::MIN / 2, until, &windows)).filter(|own| own.rows() > least)
        };
        let quiet = without(stations().flat_map(Found::windows).collect());
        let always_pressed = quiet.is_none();
        let usual = quiet.or_else(|| without(stations().flat_map(Found::spells).collect()));
        let usual = usual.unwrap_or_else(|| all.clone()).with_unheard();
        Some(Composer {
            log,
            plan,
            trace: None,
            window,
            validity: Validity::of(&all, clocks(submitted, done)),
            all,
            until,
            of_providers,
            of_carriers,
            usual,
            always_pressed,
            parameters: Vec::new(),
            assumptions: Vec::new(),
            uncertain: Vec::new(),
            quantiles: Vec::new(),
            durations: Vec::new(),
            no_shift: Vec::new(),
        })
    }

    fn compose(mut self) -> Composed {
        let times = |own: &Found| own.incidents().into_iter().map(|own| (own.from, own.to));
        let mut text = Text::default();
        text.remark(&self.plan.summary);
        text.remark(
            "Beside each key: its 95 % interval, the rows it rests on, how it was found. An assumption \
             is what the log can't tell: put in what you know.",
        );
        self.untold(&mut text);
        self.scenario(&mut text);
        match self.trace {
            Some(trace) => self.replayed(&mut text, trace),
            None => self.traffic(&mut text),
        }
        self.routes(&mut text);
        self.retry(&mut text);
        self.providers(&mut text);
        self.carriers(&mut text);
        self.incidents(&mut text);
        self.unpressed();
        self.alike();
        Composed {
            text: text.finish(),
            parameters: self.parameters,
            assumptions: self.assumptions,
            // Of what the log tells next to nothing of there is no normal law to draw from.
            uncertain: self.uncertain.into_iter().filter_map(Uncertain::sound).collect(),
            quantiles: self.quantiles,
            durations: self.durations,
            no_shift: self.no_shift,
            origin: self.window.origin,
            held_from: self.window.to,
            end: self.window.end,
            incidents: self
                .of_providers
                .values()
                .chain(self.of_carriers.values())
                .flat_map(times)
                .collect(),
        }
    }

    /// Remarks and assumptions on what the log doesn't tell at all.
    fn untold(&mut self, text: &mut Text) {
        let untold = untold(self.log);
        for own in &untold {
            text.remark(&format!(
                "Not known: {}. What rests on that is an assumption.",
                own.text()
            ));
        }
        let ends = untold.iter().find(|own| **own != Untold::Times);
        let why = match ends {
            Some(Untold::Ends) => format!(
                "{}; every share of what is delivered rests on that. `--map COLUMN=status` names a \
                 column of states",
                Untold::Ends.text()
            ),
            Some(own) => {
                format!("{}; every share of what is delivered rests on that", own.text())
            }
            None if self.log.states => return,
            None => {
                "the log has no states: what has a time of its end is taken as delivered, and what \
                     has none as under way or lost"
                    .to_owned()
            }
        };
        let carriers: std::collections::BTreeSet<u16> =
            self.all.cells.keys().map(|(_, carrier)| *carrier).collect();
        let loss =
            |carrier: u16| format!("carrier.{}.loss=0.05", name(self.log.carriers.get(carrier)));
        self.assumptions.push(Assumption {
            path: "carrier.loss".to_owned(),
            why,
            value: if ends.is_some() { "0" } else { "what has no end" }.to_owned(),
            other: carriers.into_iter().map(loss).filter(|_| ends.is_some()).collect(),
            sensitivity: None,
        });
    }

    fn scenario(&mut self, text: &mut Text) {
        let Window { origin, end, zone, .. } = self.window;
        let of_day = (origin + zone).rem_euclid(DAY) / SECOND as i64;
        let start = format!("{:02}:{:02}:{:02}", of_day / 3_600, of_day / 60 % 60, of_day % 60);
        text.table("[scenario]");
        text.key("name", &quoted(&self.plan.name), "");
        text.key("summary", &quoted(&self.plan.summary), "");
        text.key("seed", &self.plan.seed.to_string(), "");
        text.key("start", &quoted(start.strip_suffix(":00").unwrap_or(&start)), "");
        let length = (end - origin) as f64 / SECOND as f64;
        text.key("duration", &quoted(&format!("{length}s")), "the log's span");
        self.assumptions.push(Assumption {
            path: "scenario.deadline".to_owned(),
            why: "a log doesn't say by when a message is of use: without a deadline whatever is \
                  delivered is on time"
                .to_owned(),
            value: "none".to_owned(),
            other: vec!["scenario.deadline=60s".to_owned()],
            sensitivity: None,
        });
        self.assumptions.push(Assumption {
            path: "api".to_owned(),
            why: "the log has what was accepted: requests that the API refused aren't in it"
                .to_owned(),
            value: "none refused".to_owned(),
            other: Vec::new(),
            sensitivity: None,
        });
    }

    fn failed_before(&self) -> bool {
        self.log.fails_before(&self.all.of(None, None))
    }

    fn providers(&mut self, text: &mut Text) {
        let numbers: std::collections::BTreeSet<u16> =
            self.all.cells.keys().map(|(provider, _)| *provider).collect();
        for number in numbers {
            let Resolution { submitted, sent, done } = self.plan.resolution;
            let found = self.of_providers.get(&number).cloned().unwrap_or_default();
            let path = format!("provider.{}", name(self.log.providers.get(number)));
            let (window, untold) = self.window(number, &path, &found);
            let seen = provider::Seen {
                window,
                name: self.log.providers.get(number),
                cell: self.usual.of(Some(number), None),
                quiet: self.usual.of(Some(number), None),
                clocks: clocks(submitted, sent),
                of_receipts: clocks(done, self.log.receipts),
                failed_before: self.failed_before(),
                timed: self.log.times_accepted(),
                has_done: self.log.with_done > 0,
                first: self.without_wait(&found),
                always_pressed: self.always_pressed,
                found,
                shifts: &self.plan.shifts,
            };
            let mut provider = provider(&seen);
            provider.assumptions.extend(untold);
            provider.write(text);
            self.keep(&provider.latency);
            provider.receipts.delay.iter().for_each(|delay| self.keep(delay));
            self.parameters.extend(provider.parameters().cloned());
            self.uncertain.extend(provider.uncertain());
            self.assumptions.extend(provider.assumptions);
        }
    }

    fn carriers(&mut self, text: &mut Text) {
        let numbers: std::collections::BTreeSet<u16> =
            self.all.cells.keys().map(|(_, carrier)| *carrier).collect();
        // Where all was over, nothing was under way.
        let cut = self.log.is_cut();
        let mut pending = if cut { self.log.pending(i64::MIN / 2, self.until) } else { Vec::new() };
        // What the log doesn't know of may have come, and its receipt be under way.
        let late = if pending.is_empty() { 0 } else { self.log.late() };
        for own in pending.iter_mut().filter(|_| late > 0) {
            own.age = own.age.saturating_sub(late);
            own.since_sent = own.since_sent.map(|age| age.saturating_sub(late));
        }
        for number in numbers {
            let Resolution { submitted, sent, done } = self.plan.resolution;
            let timed = self.log.times_accepted();
            let found = self.of_carriers.get(&number).cloned().unwrap_or_default();
            let exported = self.log.exported().unwrap_or(self.window.end);
            // What was lost in incidents isn't under way.
            let lost = |own: &Pending| {
                let begun = exported.saturating_sub(i64::try_from(own.age).unwrap_or(i64::MAX));
                let spells = found.spells.iter().filter(|spell| spell.lost.is_some());
                spells.into_iter().any(|spell| (spell.from..spell.to).contains(&begun))
            };
            let own = pending.iter().filter(|own| own.carrier == number && !lost(own)).copied();
            let line = found.line.as_ref().map(|own| &own.line);
            let (pending, queued) = past(own, line, exported);
            let seen = carrier::Seen {
                name: self.log.carriers.get(number),
                cell: self.usual.of(None, Some(number)),
                quiet: self.usual.of(None, Some(number)),
                pending,
                queued,
                without_wait: self.without_wait(&found),
                always_pressed: self.always_pressed,
                clocks: clocks(if timed { sent } else { submitted }, done),
                failed_before: self.failed_before(),
                timed,
                of_requests: clocks(submitted, done),
                validity: self.validity.and_then(Validity::set),
                found,
                shifts: &self.plan.shifts,
            };
            let carrier = carrier(&seen);
            carrier.write(text);
            self.keep(&carrier.latency);
            self.parameters.extend(carrier.parameters().cloned());
            self.uncertain.extend(carrier.uncertain());
            self.assumptions.extend(carrier.assumptions);
        }
    }

    fn incidents(&mut self, text: &mut Text) {
        let stations =
            self.of_providers
                .iter()
                .map(|(&number, found)| ("provider", self.log.providers.get(number), found, false))
                .chain(self.of_carriers.iter().map(|(&number, found)| {
                    ("carrier", self.log.carriers.get(number), found, true)
                }));
        for (kind, own, found, filters) in stations {
            let target = format!("{kind}.{}", name(own));
            self.parameters.extend(incidents::write(found, &target, filters, self.window, text));
        }
    }

    /// Names of the log that a scenario can't tell apart as they are.
    fn alike(&mut self) {
        let kinds = [
            ("provider", &self.log.providers),
            ("carrier", &self.log.carriers),
            ("traffic", &self.log.senders),
        ];
        let alike = kinds.iter().flat_map(|(kind, names)| {
            names.alike().map(move |(first, other)| Assumption {
                path: format!("{kind}.{}", name(other)),
                why: format!(
                    "the log has another name that a scenario writes as {}, too: the two are kept \
                     apart by the number, and may be one",
                    name(first)
                ),
                value: format!("apart from {kind}.{}", name(first)),
                other: Vec::new(),
                sensitivity: None,
            })
        });
        let alike: Vec<Assumption> = alike.collect();
        self.assumptions.extend(alike);
    }

    fn keep(&mut self, latency: &latency::Latency) {
        if !latency.quantiles.is_empty() {
            self.quantiles.push((latency.path.clone(), latency.quantiles.clone()));
        }
        self.durations.extend(Some(&latency.path).filter(|path| !path.is_empty()).cloned());
        let no_shift = latency.no_shift.iter().map(|why| (latency.path.clone(), why.clone()));
        self.no_shift.extend(no_shift);
    }
}

/// Messages under way at the export, those that had waited in a line as if they had come at its end; and the
/// number of those that were in the line still.
fn past(
    pending: impl Iterator<Item = Pending>,
    line: Option<&Line>,
    exported: i64,
) -> (Vec<Pending>, u64) {
    let Some(line) = line else { return (pending.collect(), 0) };
    let mut queued = 0;
    let after = |mut own: Pending| {
        let age = own.since_sent.unwrap_or(own.age);
        let begun = exported - i64::try_from(age).unwrap_or(i64::MAX);
        let wait = (line.wait(begun) * 1e9) as u64;
        let left = age.checked_sub(wait);
        queued += u64::from(left.is_none());
        own.since_sent = own.since_sent.and(left);
        own.age = left?;
        Some(own)
    };
    let past = pending.filter_map(after).collect();
    (past, queued)
}

/// A point in time as people write it.
pub(crate) fn clock(at: i64) -> String {
    let time = jiff::Timestamp::from_nanosecond(i128::from(at));
    time.map_or_else(|_| at.to_string(), |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn clocks(from: Option<i64>, to: Option<i64>) -> Clocks {
    let ns = |resolution: Option<i64>| u64::try_from(resolution.unwrap_or(0)).unwrap_or(0);
    Clocks { from: ns(from), to: ns(to) }
}
