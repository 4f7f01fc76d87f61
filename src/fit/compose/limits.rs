//! Limits beside a throttle's rate, as far as a log tells of them: windows, durations where nothing waits, and
//! what isn't known where nothing pressed.

use super::incidents::{Found, Spell};
use super::parameter::{Assumption, Parameter};
use super::text::{digits, name};
use super::{Composer, window};
use crate::fit::gather::{Cell, Durations};
use crate::kernel::SECOND;

const MINUTE: i64 = 60 * SECOND as i64;
/// Stations that are named, at most.
const NAMED: usize = 4;

impl Composer<'_> {
    /// A provider's window, or what isn't known of one.
    pub(super) fn window(
        &self,
        provider: u16,
        path: &str,
        found: &Found,
    ) -> (Option<Parameter>, Option<Assumption>) {
        if !self.log.times_accepted() {
            return (None, None);
        }
        let mut pressed = Cell::default();
        for &(from, to) in found.pressed.iter().filter(|_| found.queues) {
            pressed.merge(
                &self.log.over(from.max(self.window.from), to, &[]).of(Some(provider), None),
            );
        }
        let usual = self.usual.of(Some(provider), None);
        let quiet = match &found.free {
            Some(free) if self.always_pressed => Some(free),
            _ => usual.first_sent().filter(|_| !self.always_pressed),
        };
        let window =
            quiet.and_then(|quiet| window::window(path, found, &pressed, quiet, self.segments()));
        let (from, to) = (self.window.from, self.window.to);
        let under_way = self.log.under_way.get(usize::from(provider)).filter(|_| window.is_none());
        (window, under_way.and_then(|own| window::untold(path, own, (from, to))))
    }

    /// Segments of a message, on average.
    fn segments(&self) -> f64 {
        let (mut rows, mut all) = (0, 0);
        for stream in self.all.streams.values() {
            rows += stream.rows;
            all += stream.segments.iter().map(|(&own, count)| u64::from(own) * count).sum::<u64>();
        }
        all as f64 / rows.max(1) as f64
    }

    /// A station's durations without the wait before its throttle, where there are no quiet times to take
    /// them from.
    pub(super) fn without_wait(&self, found: &Found) -> Option<Durations> {
        let line = found.line.as_ref().map(|line| line.without_wait.clone());
        line.or_else(|| found.free.clone()).filter(|_| self.always_pressed)
    }

    /// Assumptions on stations at which no throttle was seen: a limit above what came, or so near
    /// that hardly anything waited.
    pub(super) fn unpressed(&mut self) {
        let (from, to) = (self.window.from, self.window.to);
        let providers =
            ("provider", &self.log.providers, &self.of_providers, &self.log.to_providers);
        let carriers = ("carrier", &self.log.carriers, &self.of_carriers, &self.log.to_carriers);
        let (mut other, mut stations, mut failing) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, names, found, came) in [providers, carriers] {
            for (&number, own) in found.iter().filter(|(_, own)| own.throttle.is_none()) {
                let minutes = came.get(usize::from(number)).map(|own| own.by(from, to, MINUTE));
                let most = minutes.into_iter().flatten().fold(0.0, f64::max) / 60.0;
                if most > 0.0 {
                    let (station, most) = (name(names.get(number)), digits(most, 3));
                    other.push(format!("{kind}.{station}.throttle.rate={most}/s"));
                    stations.push(format!("{kind} {station} (up to {most}/s)"));
                    let fails = |own: &Spell| own.failures.is_some();
                    if own.incidents().iter().any(fails) {
                        failing.push(format!("{kind} {station}"));
                    }
                }
            }
        }
        if !failing.is_empty() {
            self.assumptions.push(Assumption {
                path: "incident.failures".to_owned(),
                why: format!(
                    "what failed in the incidents of {} may have been refused by a throttle too short to be \
                     told: it would refuse again under any such load, and the scenario has it at its times \
                     alone",
                    failing.join(", ")
                ),
                value: "incidents".to_owned(),
                other: Vec::new(),
                sensitivity: None,
            });
        }
        if !other.is_empty() {
            let more = stations.len().saturating_sub(NAMED);
            stations.truncate(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.assumptions.push(Assumption {
                path: "throttle".to_owned(),
                why: format!(
                    "no throttle was seen at {}{more}: there may be one above the most that came in a \
                     minute, or so near to it that hardly anything waited, and what happens beyond isn't in \
                     the log",
                    stations.join(", ")
                ),
                value: "none".to_owned(),
                other,
                sensitivity: None,
            });
        }
    }
}
