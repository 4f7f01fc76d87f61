//! Quiet hours: when what comes is held, or refused.

use crate::chain::spec::{OnQuiet, Quiet};
use crate::chain::stations::faults::windows::Windows;
use crate::kernel::Nanos;
use std::collections::VecDeque;

const DAY: Nanos = 86_400 * 1_000_000_000;
const WEEK: Nanos = 7 * DAY;

/// The quiet hours of a stream, a queue or a carrier. Where those that hold and those that refuse meet, what
/// comes is refused.
#[derive(Debug)]
pub(crate) struct Calendar {
    /// From midnight of the Monday before t = 0 to t = 0.
    start: Nanos,
    /// Over three weeks, of which the one in the middle is asked for: each span's end is in it.
    holds: Windows,
    refuses: Windows,
}

/// Quiet hours that a time lies in, and their end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hours {
    Held { until: Nanos },
    Refused { until: Nanos },
}

/// The spans of these quiet hours over three weeks.
fn spans<'spec>(quiet: impl Iterator<Item = &'spec Quiet>) -> Windows {
    let of_week = |quiet: &'spec Quiet| {
        let days = (0..).zip(quiet.days.each()).filter(|&(_, there)| there);
        days.map(|(day, _)| (day * DAY + quiet.from, quiet.length()))
    };
    let begins = quiet.flat_map(of_week);
    Windows::new(begins.flat_map(|(from, length)| {
        [0, WEEK, 2 * WEEK].map(|week| (week + from, week + from + length))
    }))
}

impl Calendar {
    /// The calendar of these hours in a run that begins so long after a Monday; `None` without any.
    pub(crate) fn new(quiet: &[Quiet], since_monday: Nanos) -> Option<Calendar> {
        let of = |way| spans(quiet.iter().filter(move |hours| hours.on_quiet == way));
        (!quiet.is_empty()).then(|| Calendar {
            start: since_monday % WEEK,
            holds: of(OnQuiet::Hold),
            refuses: of(OnQuiet::Refuse),
        })
    }

    /// `true` if these hours leave no time of the week.
    pub(crate) fn is_always(quiet: &[Quiet]) -> bool {
        spans(quiet.iter()).end_at(WEEK).is_some_and(|end| end >= 2 * WEEK)
    }

    /// The place of `now` in the week that is asked for.
    fn place(&self, now: Nanos) -> Nanos {
        WEEK + (self.start + now % WEEK) % WEEK
    }

    /// The quiet hours that `now` lies in.
    #[inline(never)]
    pub(crate) fn at(&self, now: Nanos) -> Option<Hours> {
        let place = self.place(now);
        let until = |end: Nanos| now.saturating_add(end - place);
        let refused = self.refuses.end_at(place).map(|end| Hours::Refused { until: until(end) });
        refused.or_else(|| Some(Hours::Held { until: until(self.holds.end_at(place)?) }))
    }

    /// The first instant after `now` at which some begin or end.
    pub(crate) fn next_turn(&self, now: Nanos) -> Nanos {
        let place = self.place(now);
        let turns = [&self.holds, &self.refuses].map(|windows| {
            windows
                .end_at(place)
                .or_else(|| Some(windows.off_around(place)?.1))
                .unwrap_or(Nanos::MAX)
        });
        let turn = turns.into_iter().min().unwrap_or(Nanos::MAX);
        if turn == Nanos::MAX { turn } else { now.saturating_add(turn - place) }
    }
}

/// A stream's quiet hours, and those that they hold in the order in which they came.
#[derive(Debug)]
pub(crate) struct Held<T> {
    calendar: Option<Calendar>,
    waiting: VecDeque<T>,
}

impl<T> Held<T> {
    pub(crate) fn new(calendar: Option<Calendar>) -> Held<T> {
        Held { calendar, waiting: VecDeque::new() }
    }

    /// The quiet hours that `now` lies in.
    #[inline]
    pub(crate) fn at(&self, now: Nanos) -> Option<Hours> {
        self.calendar.as_ref()?.at(now)
    }

    /// One more is held. True: it is the first.
    pub(crate) fn holds(&mut self, one: T) -> bool {
        self.waiting.push_back(one);
        self.waiting.len() == 1
    }

    /// They are over: what was held.
    pub(crate) fn end(&mut self) -> VecDeque<T> {
        std::mem::take(&mut self.waiting)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::spec::{Days, Weekday};

    const HOUR: Nanos = DAY / 24;

    fn calendar(quiet: &[Quiet], day: Weekday, hour: u64) -> Calendar {
        Calendar::new(quiet, day as Nanos * DAY + hour * HOUR).unwrap()
    }

    fn hours(from: u64, to: u64, days: Days, on_quiet: OnQuiet) -> Quiet {
        Quiet { from: from * HOUR, to: to * HOUR, days, on_quiet }
    }

    fn held(until: u64) -> Option<Hours> {
        Some(Hours::Held { until: until * HOUR })
    }

    #[test]
    fn they_end_at_their_time_of_day_over_midnight_too() {
        let nights = [hours(21, 8, Days::EVERY, OnQuiet::Hold)];
        // t = 0 is 20:00 of a Sunday, so that the week ends in the first night.
        let nights = calendar(&nights, Weekday::Sunday, 20);
        assert_eq!(nights.at(HOUR - 1), None);
        for hour in [1, 5, 11] {
            assert_eq!(nights.at(hour * HOUR), held(12), "{hour}");
        }
        assert_eq!(nights.at(12 * HOUR), None);
        assert_eq!(nights.at(400 * DAY + 2 * HOUR), held(400 * 24 + 12));
        assert_eq!(
            [0, HOUR, 12 * HOUR].map(|now| nights.next_turn(now)),
            [1, 12, 25].map(|hour| hour * HOUR)
        );
        let noon = calendar(&[hours(12, 13, Days::EVERY, OnQuiet::Hold)], Weekday::Monday, 0);
        assert_eq!((noon.at(12 * HOUR), noon.at(13 * HOUR), noon.at(0)), (held(13), None, None));
    }

    #[test]
    fn those_over_midnight_belong_to_the_day_on_which_they_begin() {
        let friday = Days { fri: true, ..Days::default() };
        let night = calendar(&[hours(22, 6, friday, OnQuiet::Hold)], Weekday::Friday, 0);
        // Friday before dawn is Thursday's night, Saturday's is Friday's.
        assert_eq!(
            (night.at(5 * HOUR), night.at(22 * HOUR), night.at(29 * HOUR)),
            (None, held(30), held(30))
        );
        assert_eq!(night.at(46 * HOUR), None);
        assert_eq!(night.next_turn(30 * HOUR), 7 * DAY + 22 * HOUR);
    }

    #[test]
    fn hours_that_meet_end_together_and_refusals_come_first() {
        let sunday = Days { sun: true, ..Days::default() };
        let whole = Quiet { from: 0, to: DAY, days: sunday, on_quiet: OnQuiet::Hold };
        let both = [hours(21, 8, Days::EVERY, OnQuiet::Hold), whole];
        let calendar_of = |quiet: &[Quiet]| calendar(quiet, Weekday::Saturday, 0);
        // From Saturday 21:00 to Monday 08:00.
        let week = calendar_of(&both);
        assert_eq!(week.at(21 * HOUR), held(56));
        assert_eq!(week.at(40 * HOUR), held(56));
        assert_eq!(week.at(56 * HOUR), None);
        let refused = calendar_of(&[both[0], Quiet { on_quiet: OnQuiet::Refuse, ..whole }]);
        assert_eq!(refused.at(21 * HOUR), held(32));
        assert_eq!(refused.at(24 * HOUR), Some(Hours::Refused { until: 48 * HOUR }));
        assert_eq!(refused.at(48 * HOUR), held(56));
        assert!(!Calendar::is_always(&both));
        assert!(Calendar::is_always(&[both[0], hours(8, 21, Days::EVERY, OnQuiet::Refuse)]));
        assert!(Calendar::is_always(&[Quiet { days: Days::EVERY, ..whole }]));
    }
}
