//! `[api]`, `[client]` and `[account]`

use super::{Lowering, Record, Trouble};
use crate::chain::spec::{Account, Api, Bucket, Client, Refund, TopUp};

impl Lowering<'_, '_> {
    pub(super) fn api(&mut self, record: &Record) -> Api {
        for key in ["refusal_latency", "retry_after"] {
            if let Some(item) = record.get(key)
                && record.get("rate_limit").is_none()
                && !record.doubtful.contains(&"rate_limit")
            {
                self.error(
                    Trouble::Conflict,
                    item.place,
                    &format!("`{key}` without `rate_limit`"),
                    "nothing is answered 429: take this out, or give the API a `rate_limit`",
                );
            }
        }
        Api {
            latency: self.delay(record, "latency"),
            rate_limit: record.table("rate_limit").map(bucket),
            refusal_latency: record
                .get("refusal_latency")
                .is_some()
                .then(|| self.delay(record, "refusal_latency")),
            retry_after: record.duration("retry_after"),
            errors: record.number("errors"),
            max_segments: record.small("max_segments"),
        }
    }

    pub(super) fn client(&mut self, record: &Record) -> Client {
        let empty = Record::new(record.place);
        let retry = self.client_retry(record.table("retry").unwrap_or(&empty));
        Client {
            timeout: record.duration("timeout"),
            idempotency: record.flag("idempotency"),
            retry,
        }
    }

    pub(super) fn account(&mut self, record: &Record) -> Option<Account> {
        let Some(balance) = record.money("balance") else {
            if let Some(item) = record.get("top_up")
                && !record.doubtful.contains(&"balance")
            {
                self.error(
                    Trouble::Conflict,
                    item.place,
                    "`top_up` without `balance`",
                    "a balance without limit needs no top-up",
                );
            }
            return None;
        };
        let top_up = record.table("top_up").map(|top_up| {
            let amount = top_up.money("amount").unwrap_or_default();
            if top_up.money("amount") == Some(0) {
                let place = top_up.at("amount");
                self.error(Trouble::OutOfRange, place, "a top-up of nothing", "expected above 0");
            }
            TopUp {
                below: top_up.money("below").unwrap_or_default(),
                amount,
                every: top_up.duration("every").unwrap_or(1),
            }
        });
        Some(Account { balance, top_up })
    }

    /// When messages are charged and refunded; without `[account]` at accept and never.
    pub(super) fn charging(&mut self, account: Option<&Record>) -> (f64, Refund) {
        let Some(account) = account else {
            return (1.0, Refund::Never);
        };
        let refund = match account.word("refund") {
            "on_rejected" => Refund::OnRejected,
            "on_failed_receipt" => Refund::OnFailedReceipt,
            _ => Refund::Never,
        };
        (account.number("charge_at_accept"), refund)
    }
}

/// A token bucket's rate and burst.
pub(super) fn bucket(record: &Record) -> Bucket {
    Bucket { rate: record.number("rate"), burst: record.integer("burst").unwrap_or(1) }
}
