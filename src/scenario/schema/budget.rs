//! `budget` of a retry table.

use super::of;
use crate::chain::spec::{Budget, Charged, TokenBudget};
use crate::kernel::Nanos;
use crate::scenario::checked::{Item, Record};
use crate::scenario::lower::Lowering;

/// The most tokens, in thousandths.
const MOST: u64 = 1_000_000_000_000;

choice! {
    budget => Budget, "a budget", r#"{ ratio = { share = 0.2, floor = "10/s", ttl = "10s" } }"# {
        /// Within `ttl`, retries ≤ share × first attempts + floor × ttl (Finagle, tower: their
        /// defaults).
        ratio => Ratio {
            /// Retries for each first attempt.
            share: f64 = of::share().example("10%").default("0.2"),
            /// Retries that are always allowed.
            floor: f64 = of::rate(false).example("5/s").default("10/s"),
            /// The time looked back on.
            ttl: Nanos = of::duration(1).example("30s").default("10s"),
        }
        /// Tokens that retries take and successes give back (AWS SDKs, gRPC).
        bucket by tokens {
            /// Tokens it holds, full at t = 0.
            capacity: u64 = of::thousandths(MOST).example("500").required(),
            /// Tokens that a retry takes.
            cost: u64 = of::thousandths(MOST).example("5").default("1"),
            /// Tokens that one takes after a timeout.
            timeout_cost: u64 = of::thousandths(MOST).example("10").follows("`cost`"),
            /// Tokens that one takes after being throttled (a client: rate limited).
            throttled_cost: u64 = of::thousandths(MOST).example("10").follows("`cost`"),
            /// Tokens that a success gives back.
            refund: u64 = of::thousandths(MOST).example("1").required(),
            /// A success that took retries gives back what the last of them took, in place of
            /// `refund`.
            returns_cost: bool = of::flag().default("false"),
            /// Calls that take tokens.
            charged: Charged = of::words().default("retry"),
            /// Tokens that retries may not touch.
            reserve: u64 = of::thousandths(MOST).example("10").default("0"),
        }
        /// Retries under way ≤ max(floor, share × tries under way) (Envoy: its defaults).
        concurrency => Concurrency {
            /// Of the tries under way.
            share: f64 = of::share().example("10%").default("0.2"),
            /// Retries under way that are always allowed.
            floor: u32 = of::integer(0, 1_000_000_000).example("10").default("3"),
        }
    }
}

fn tokens(cx: &mut Lowering<'_, '_>, record: &Record) -> Budget {
    use budget::bucket;
    let made = TokenBudget {
        capacity: cx.read(record, &bucket::capacity),
        cost: cx.read(record, &bucket::cost),
        timeout_cost: cx.read(record, &bucket::timeout_cost),
        throttled_cost: cx.read(record, &bucket::throttled_cost),
        refund: cx.read(record, &bucket::refund),
        returns_cost: cx.read(record, &bucket::returns_cost),
        charged: cx.read(record, &bucket::charged),
        reserve: cx.read(record, &bucket::reserve),
    };
    let known = record.item(&bucket::capacity).is_some_and(Item::is_right);
    if known && record.doubtful.is_empty() {
        check(cx, record, &made);
    }
    Budget::Bucket(made)
}

fn check(cx: &mut Lowering<'_, '_>, record: &Record, made: &TokenBudget) {
    use budget::bucket;
    if made.charged == Charged::Failure && made.returns_cost {
        cx.conflict(
            record.place_of(&bucket::returns_cost),
            "`returns_cost` with `charged = \"failure\"`",
            "no retry takes anything that a success could give back: take this out",
        );
    }
    if made.reserve >= made.capacity {
        let key = if made.reserve > 0 { bucket::reserve } else { bucket::capacity };
        cx.conflict(
            record.place_of(&key),
            "the budget never allows a retry",
            "expected a `reserve` below `capacity`",
        );
    } else if made.charged == Charged::Retry {
        let most = made.capacity - made.reserve;
        let costs = [
            (bucket::cost, made.cost),
            (bucket::timeout_cost, made.timeout_cost),
            (bucket::throttled_cost, made.throttled_cost),
        ];
        if let Some((key, _)) = costs.iter().find(|(_, cost)| *cost > most) {
            cx.conflict(
                record.place_of(key),
                &format!("`{}` is more than the bucket ever has", key.name()),
                "expected at most `capacity` less `reserve`",
            );
        }
    }
}
