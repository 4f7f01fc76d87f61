//! A calendar queue (Brown 1988) of a width that is known beforehand: a year of days, a day for
//! about every event pending, and each day sorted. What a self-tuning one would give at best.

use super::FutureEvents;

pub(crate) struct Calendar {
    /// Latest first.
    days: Vec<Vec<(u128, u64)>>,
    /// Length of a day.
    width: u64,
    /// The day looked at, counted from the beginning of time.
    today: u64,
    len: usize,
}

impl Calendar {
    fn day(&mut self, day: u64) -> &mut Vec<(u128, u64)> {
        let count = self.days.len() as u64;
        &mut self.days[(day % count) as usize]
    }
}

impl FutureEvents for Calendar {
    fn with(pending: u64, mean_delay: u64) -> Self {
        let width = (mean_delay / pending).max(1);
        Calendar { days: vec![Vec::new(); pending as usize * 2], width, today: 0, len: 0 }
    }

    fn schedule(&mut self, time: u64, rank: u64, event: u64) {
        let entry = (u128::from(time) << 64 | u128::from(rank), event);
        let day = self.day(time / self.width);
        let place = day.partition_point(|other| other.0 > entry.0);
        day.insert(place, entry);
        self.len += 1;
    }

    fn take(&mut self) -> Option<(u64, u64)> {
        let days = self.days.len() as u64;
        for ahead in 0..if self.len > 0 { days } else { 0 } {
            let (today, width) = (self.today + ahead, self.width);
            let day = self.day(today);
            if let Some(&(key, event)) = day.last()
                && (key >> 64) as u64 / width == today
            {
                day.pop();
                (self.today, self.len) = (today, self.len - 1);
                return Some(((key >> 64) as u64, event));
            }
        }
        // Nothing within a year: whoever is first.
        let first = self.days.iter().filter_map(|day| day.last()).min()?;
        self.today = (first.0 >> 64) as u64 / self.width;
        self.take()
    }
}
