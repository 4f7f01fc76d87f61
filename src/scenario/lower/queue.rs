//! `[[queue]]`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Crash, Discipline, Dispatch, Guarantee, Overflow, Queue};
use crate::scenario::Diagnostic;

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
        let dispatch = match record.word("dispatch") {
            "provider" => Dispatch::Provider,
            _ => Dispatch::Workers,
        };
        let sure = ["workers", "dispatch"].iter().all(|key| !record.doubtful.contains(key));
        if workers.is_none() && dispatch == Dispatch::Workers && sure {
            self.nothing_waits(record);
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
            dispatch,
            workers,
            overhead: self.delay(record, "overhead"),
            ttl: record.duration("ttl"),
            expire_at_submit: record.flag("expire_at_submit"),
            crash: record.table("crash").map(|crash| self.crash(crash)),
            retry: record.table("retry").map(|retry| self.retry(retry)),
        }
    }

    /// Settings of those who wait, where every message leaves its queue the moment it comes.
    fn nothing_waits(&mut self, record: &Record) {
        let given = |key: &str| match key {
            "overflow" => record.word(key) != "reject",
            "discipline" => record.word(key) != "fifo",
            _ => record.get(key).is_some(),
        };
        let idle: Vec<&str> = ["capacity", "overflow", "discipline", "ttl"]
            .into_iter()
            .filter(|key| given(key))
            .collect();
        let Some(first) = idle.first() else {
            return;
        };
        let keys: Vec<String> = idle.iter().map(|key| format!("`{key}`")).collect();
        self.errors.push(
            Diagnostic::new(
                Trouble::Conflict,
                record.at(first),
                format!("{} of a queue in which nothing ever waits", keys.join(", ")),
            )
            .label("without `workers` every message leaves it at once")
            .help("give the queue `workers`, such as 64: one that is free takes the next message")
            .help(
                "or `dispatch = \"provider\"`: messages wait here for their provider's pace and window",
            ),
        );
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
