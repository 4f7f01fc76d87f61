//! `retry`

use super::backoff::endless;
use super::{Lowering, Record, Trouble};
use crate::chain::spec::{
    AttemptResults, Backoff, CallErrors, GiveUp, Jitter, Policy, Retry, RetryRule, Tries,
};
use crate::scenario::checked::{Item, Value};

/// A set of failures, made of their words.
trait Failures {
    fn named(words: &Record) -> Self;
}

impl Failures for AttemptResults {
    fn named(words: &Record) -> Self {
        let on = |word: &str| named(words, word);
        Self {
            throttled: on("throttled"),
            queue_full: on("queue_full"),
            transient: on("transient"),
            permanent: on("permanent"),
            timeout: on("timeout"),
        }
    }
}

impl Failures for CallErrors {
    fn named(words: &Record) -> Self {
        let on = |word: &str| named(words, word);
        Self {
            timeout: on("timeout"),
            rate_limited: on("rate_limited"),
            internal: on("internal"),
            invalid: on("invalid"),
            no_route: on("no_route"),
            insufficient_balance: on("insufficient_balance"),
            queue_full: on("queue_full"),
        }
    }
}

impl Lowering<'_, '_> {
    pub(super) fn retry(&mut self, record: &Record) -> Retry {
        Retry {
            policy: self.policy(record),
            failover: record.table("failover").and_then(|failover| failover.small("attempts")),
            hedge: record.table("hedge").and_then(|hedge| hedge.duration("after")),
        }
    }

    pub(super) fn client_retry(&mut self, record: &Record) -> Policy<CallErrors> {
        self.policy(record)
    }

    fn policy<On: Failures>(&mut self, record: &Record) -> Policy<On> {
        Policy {
            on: On::named(record),
            tries: self.tries(record),
            rules: self.rules(record),
            budget: self.budget(record),
            breaker: self.breaker(record),
        }
    }

    fn rules<On: Failures>(&mut self, record: &Record) -> Vec<RetryRule<On>> {
        let rules = record.tables("rules").map(|rule| RetryRule {
            on: On::named(rule),
            tries: self.tries(rule),
            pauses_link: rule.duration("pauses_link"),
        });
        rules.collect()
    }

    fn tries(&mut self, record: &Record) -> Tries {
        let backoff = self.backoff(record);
        if let (Backoff::Decorrelated { .. }, Some(item)) = (&backoff, record.get("jitter")) {
            self.error(
                Trouble::Conflict,
                item.place,
                "`decorrelated` takes no `jitter`",
                "its waits are spread already: take this out",
            );
        }
        if let Backoff::Decorrelated { base, cap } = &backoff
            && cap < base
            && let Some(Item { value: Value::Chosen(_, settings), .. }) = record.get("backoff")
            && settings.doubtful.is_empty()
        {
            let place = settings.at("cap");
            self.error(Trouble::Conflict, place, "`cap` below `base`", "expected at least `base`");
        }
        let max_attempts = match record.get("max_attempts").map(|item| &item.value) {
            Some(Value::Unlimited) => None,
            _ => Some(record.small("max_attempts").unwrap_or(1)),
        };
        let sure = matches!(
            record.get("backoff"),
            Some(Item { value: Value::Chosen(_, settings), .. }) if settings.doubtful.is_empty()
        );
        if max_attempts.is_none() && sure && endless(&backoff) {
            self.error(
                Trouble::Conflict,
                record.at("max_attempts"),
                "attempts without limit and without a wait are an endless loop",
                "expected a limit, or a `backoff` of at least 1ms",
            );
        }
        let jitter = match record.word("jitter") {
            "full" => Jitter::Full,
            "plus_minus_20" => Jitter::PlusMinus20,
            "full_before_cap" => Jitter::FullBeforeCap,
            "equal" => Jitter::Equal,
            _ => Jitter::None,
        };
        let give_up = match (record.duration("give_up"), record.word("give_up")) {
            (Some(span), _) => GiveUp::After(span),
            (None, "deadline") => GiveUp::Deadline,
            (None, "validity") => GiveUp::Validity,
            _ => GiveUp::Never,
        };
        Tries { max_attempts, backoff, jitter, give_up }
    }
}

/// Whether `on` has the word.
fn named(record: &Record, word: &str) -> bool {
    record.list("on").iter().any(|item| matches!(item.value, Value::Word(known) if known == word))
}
