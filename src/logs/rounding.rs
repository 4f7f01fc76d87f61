//! Rounding: whether times that are multiples of a step, and written to less, were rounded to it, or are
//! of what happens on the step, like the job that sends at each full minute.
//!
//! A clock that rounds cuts off what was past the step, so that what comes after lies anywhere in a step.
//! What follows something that happens on the step lies where its duration puts it: a clock of the same
//! log that tells less shows that.

use std::collections::BTreeMap;

use super::account::resolution;
use super::clock::Clock;
use super::meaning::Meaning;
use super::row::{Row, Time};
use super::{Error, Options};

const SECOND: i64 = 1_000_000_000;
/// Places of a step that are told apart.
const PLACES: usize = 64;
/// Chance that times lie so unevenly though a clock rounded them.
const CHANCE: f64 = 1e-4;
/// Length of the mean direction below which times lie evenly in a step: 1 of those at one place, 0.16 of
/// exponential ones as long as the step; and messages from which that is said.
const EVEN: f64 = 0.1;
const SEEN: f64 = 100.0;
/// Columns of times: their names, and what they hold.
const COLUMNS: [(Meaning, &str, &str); 3] = [
    (Meaning::Submitted, "submitted", "times of requests"),
    (Meaning::Sent, "sent", "times of acceptance"),
    (Meaning::Done, "done", "times of final states"),
];
/// Columns that are judged, each with one that is later.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

/// Instants whose sums are kept apart, whatever the order of rows; when there are more, the earliest ends.
const OPEN: usize = 4_096;

/// Evidence on the clocks of a log.
pub(super) struct Rounding {
    /// Cosine and sine of each place, the step being the whole circle.
    circle: [[f64; 2]; PLACES],
    pairs: [Spread; 3],
}

/// The places of a step in which later times lie, from Rayleigh's mean of directions (Mardia and Jupp 2000,
/// § 6.3): one sum for each instant of the earlier column, so that what comes together counts once.
#[derive(Default)]
struct Spread {
    step: i64,
    /// The instant of the last row: the next one mostly has it, too.
    at: Option<i64>,
    own: Direction,
    open: BTreeMap<i64, Direction>,
    sum: [f64; 2],
    squares: f64,
    instants: f64,
    /// Messages of all instants that have ended.
    all: f64,
}

/// A sum of directions, of so many messages.
#[derive(Clone, Copy, Default)]
struct Direction {
    sum: [f64; 2],
    rows: f64,
}

/// Knowledge of how times lie in a step.
enum Lie {
    Unevenly,
    Evenly,
    Unknown,
}

impl Rounding {
    pub(super) fn new() -> Rounding {
        let direction = |place: usize| {
            let angle = std::f64::consts::TAU * place as f64 / PLACES as f64;
            [libm::cos(angle), libm::sin(angle)]
        };
        Rounding { circle: std::array::from_fn(direction), pairs: Default::default() }
    }

    /// Takes a message; `steps` are those of the columns, 0 of one that needs no judgement.
    pub(super) fn note(&mut self, row: &Row<'_>, steps: [i64; 3]) {
        if steps == [0; 3] {
            return;
        }
        let times = [row.submitted, row.sent, row.done];
        for (spread, (earlier, later)) in self.pairs.iter_mut().zip(PAIRS) {
            if let (Some(Time(at)), Some(Time(then))) = (times[earlier], times[later]) {
                spread.note(steps[earlier], at, then, &self.circle);
            }
        }
    }

    /// The resolution of each column, ns; `notes` say what was taken, and why.
    pub(super) fn finish(
        &mut self,
        clocks: [&Clock<'_>; 3],
        options: &Options,
        notes: &mut Vec<String>,
    ) -> Result<[Option<i64>; 3], Error> {
        let mut told = [None; 3];
        let mut idle = Vec::new();
        for (place, (meaning, name, times)) in COLUMNS.into_iter().enumerate() {
            let clock = clocks[place];
            let found = clock.resolution();
            let named = options.resolutions.iter().any(|(own, _)| *own == Some(meaning));
            told[place] = match (clock.given(), found) {
                (Some(given), Some(found)) => {
                    let own = option(name, given);
                    if clock.is_off {
                        let (given, shown) = (short(given), resolution(found));
                        return Err(Error::Resolution { column: name, times, given, shown });
                    }
                    if given == found {
                        idle.push((named, format!("`{own}` changes nothing: {times} show that")));
                    } else {
                        let shown = resolution(found);
                        let said = format!("{times} show {shown}, and `{own}` says otherwise");
                        notes.push(format!("{said}: they are taken to be exact to that"));
                    }
                    Some(given)
                }
                (Some(given), None) => {
                    let own = option(name, given);
                    idle.push((named, format!("`{own}` has no effect: the log has no {times}")));
                    None
                }
                (None, Some(found)) => {
                    let lie = self.lie(place, found, clocks);
                    Some(taken(clock.written(), found, &lie, (name, times), notes))
                }
                (None, None) => None,
            };
        }
        // One resolution for all columns has an effect if it has one on any.
        let all = idle.len() == COLUMNS.len();
        notes.extend(idle.into_iter().filter(|(named, _)| *named || all).map(|(_, note)| note));
        Ok(told)
    }

    /// The way in which what comes after the times of a column lies in their step.
    fn lie(&mut self, column: usize, found: i64, clocks: [&Clock<'_>; 3]) -> Lie {
        let mut lie = Lie::Unknown;
        for (spread, (earlier, later)) in self.pairs.iter_mut().zip(PAIRS) {
            // A clock that is as coarse shows all at one place.
            let finer = clocks[later].unit() < found;
            if earlier == column && spread.step == found && finer {
                match spread.lie() {
                    Lie::Unevenly => return Lie::Unevenly,
                    Lie::Evenly => lie = Lie::Evenly,
                    Lie::Unknown => {}
                }
            }
        }
        lie
    }
}

/// The resolution of times that are written to `written` and multiples of `found`: a job's are those of the
/// step's beginning, and not of somewhere in the second that is written.
fn taken(
    written: i64,
    found: i64,
    lie: &Lie,
    (name, times): (&str, &str),
    notes: &mut Vec<String>,
) -> i64 {
    if found <= written {
        return found;
    }
    let step = resolution(found);
    let said =
        format!("{times} are written to {} and are multiples of {step}", resolution(written));
    let on_the_step = matches!(lie, Lie::Unevenly);
    if on_the_step {
        notes.push(format!(
            "{said}: taken as exact, for what comes after them lies unevenly in {step}, as it would \
             not after a clock that rounds; if one does, `{}` says so",
            option(name, found)
        ));
        return written.min(SECOND / 1_000);
    }
    // Zeros that pad seconds are everywhere.
    if found > SECOND {
        let why = match lie {
            Lie::Evenly => "what comes after them lies evenly in it",
            _ => "nothing in the log speaks against it",
        };
        notes.push(format!(
            "{said}: taken as rounded down to that, for {why}; if they are exact, `{}` says so",
            option(name, written)
        ));
    }
    found
}

/// The option that gives a column's resolution.
fn option(name: &str, ns: i64) -> String {
    format!("--resolution {name}={}", short(ns))
}

/// A resolution as an option takes it.
fn short(ns: i64) -> String {
    resolution(ns).replace(' ', "")
}

impl Spread {
    fn note(&mut self, step: i64, at: i64, then: i64, circle: &[[f64; 2]; PLACES]) {
        if step != self.step {
            *self = Spread { step, ..Spread::default() };
        }
        if step == 0 {
            return;
        }
        if self.at != Some(at) {
            self.put();
            self.at = Some(at);
        }
        let past = i128::from((then - at).rem_euclid(step));
        let place = (past * PLACES as i128 / i128::from(step)) as usize;
        if let Some([cosine, sine]) = circle.get(place) {
            self.own.sum = [self.own.sum[0] + cosine, self.own.sum[1] + sine];
            self.own.rows += 1.0;
        }
    }

    /// Puts the last instant's sum with what came of it before.
    fn put(&mut self) {
        let own = std::mem::take(&mut self.own);
        let Some(at) = self.at.take() else { return };
        let before = self.open.entry(at).or_default();
        before.sum = [before.sum[0] + own.sum[0], before.sum[1] + own.sum[1]];
        before.rows += own.rows;
        if self.open.len() > OPEN {
            self.end();
        }
    }

    /// Ends the earliest instant.
    fn end(&mut self) {
        let Some((_, own)) = self.open.pop_first() else { return };
        self.sum = [self.sum[0] + own.sum[0], self.sum[1] + own.sum[1]];
        self.squares += own.sum[0] * own.sum[0] + own.sum[1] * own.sum[1];
        self.instants += 1.0;
        self.all += own.rows;
    }

    /// Sums that point anywhere: the square of their sum over the sum of their squares is n times a
    /// Beta(1, n − 1).
    fn lie(&mut self) -> Lie {
        self.put();
        while !self.open.is_empty() {
            self.end();
        }
        if self.instants < 2.0 || self.squares <= 0.0 {
            return Lie::Unknown;
        }
        let square = self.sum[0] * self.sum[0] + self.sum[1] * self.sum[1];
        let share = (square / self.squares / self.instants).min(1.0);
        let chance = libm::pow(1.0 - share, self.instants - 1.0);
        let mean = square.sqrt() / self.all;
        match mean < EVEN {
            true if self.all >= SEEN => Lie::Evenly,
            false if chance < CHANCE => Lie::Unevenly,
            _ => Lie::Unknown,
        }
    }
}
