//! `[[queue]]`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Crash, Discipline, Guarantee, Overflow, Queue};

impl Lowering<'_, '_> {
    pub(super) fn queue(&mut self, record: &Record) -> Queue {
        let workers = record.small("workers");
        if let Some(item) = record.get("crash")
            && workers.is_none()
            && !record.doubtful.contains(&"workers")
        {
            self.error(
                Trouble::Conflict,
                item.place,
                "`crash` without `workers`",
                "only so many workers can crash: expected `workers`, too",
            );
        }
        Queue {
            name: record.text("name").unwrap_or_default().to_owned(),
            capacity: record.integer("capacity"),
            overflow: match record.word("overflow") {
                "fail" => Overflow::Fail,
                "discard" => Overflow::Discard,
                _ => Overflow::Reject,
            },
            discipline: match record.word("discipline") {
                "priority" => Discipline::Priority,
                "deadline" => Discipline::Deadline,
                _ => Discipline::Fifo,
            },
            workers,
            overhead: self.delay(record, "overhead"),
            ttl: record.duration("ttl"),
            crash: record.table("crash").map(|crash| self.crash(crash)),
            retry: record.table("retry").map(|retry| self.retry(retry)),
        }
    }

    fn crash(&mut self, record: &Record) -> Crash {
        let guarantee = match record.word("guarantee") {
            "at_most_once" => Guarantee::AtMostOnce,
            _ => Guarantee::AtLeastOnce {
                visibility_timeout: record.duration("visibility_timeout").unwrap_or_default(),
            },
        };
        if let (Guarantee::AtMostOnce, Some(item)) = (guarantee, record.get("visibility_timeout")) {
            self.error(
                Trouble::Conflict,
                item.place,
                "`visibility_timeout` with `at_most_once`",
                "a lost message doesn't come back: take this out, or use \"at_least_once\"",
            );
        }
        Crash {
            mean_time_between: record.duration("mean_time_between").unwrap_or(1),
            restart: record.duration("restart").unwrap_or_default(),
            guarantee,
        }
    }
}
