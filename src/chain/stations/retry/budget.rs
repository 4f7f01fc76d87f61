//! Retry budgets: what is left of them.

use crate::chain::records::retrying::Cause;
use crate::chain::spec::{Budget, Charged, TokenBudget};
use crate::chain::trace::story;
use crate::kernel::{Nanos, SECOND};
use std::collections::VecDeque;

/// One budget's state.
#[derive(Debug)]
pub(crate) enum BudgetState {
    /// Instants of first attempts and of retries within the span looked back on.
    Ratio { share: f64, floor: f64, ttl: Nanos, firsts: VecDeque<Nanos>, retries: VecDeque<Nanos> },
    /// Tokens left, in thousandths.
    Bucket { settings: TokenBudget, level: u64 },
    /// Tries under way, and retries among them or waiting for their turn.
    Concurrency { share: f64, floor: u64, trying: u64, retrying: u64 },
}

impl BudgetState {
    pub(crate) fn new(budget: &Budget) -> BudgetState {
        match *budget {
            Budget::Ratio { share, floor, ttl } => {
                let (firsts, retries) = (VecDeque::new(), VecDeque::new());
                BudgetState::Ratio { share, floor, ttl, firsts, retries }
            }
            Budget::Bucket(settings) => BudgetState::Bucket { settings, level: settings.capacity },
            Budget::Concurrency { share, floor } => {
                BudgetState::Concurrency { share, floor: u64::from(floor), trying: 0, retrying: 0 }
            }
        }
    }

    /// A first attempt is made.
    pub(crate) fn first(&mut self, now: Nanos) {
        if let BudgetState::Ratio { ttl, firsts, .. } = self {
            forget(firsts, now, *ttl);
            firsts.push_back(now);
        }
    }

    /// True if there may be a retry after such a failure. If so it is paid for.
    pub(crate) fn pays(&mut self, now: Nanos, cause: Cause) -> bool {
        match self {
            BudgetState::Ratio { share, floor, ttl, firsts, retries } => {
                forget(firsts, now, *ttl);
                forget(retries, now, *ttl);
                let most = *share * firsts.len() as f64 + *floor * (*ttl as f64 / SECOND as f64);
                // A share of a count is rarely whole: a little above it is rounding.
                let pays = (retries.len() + 1) as f64 <= most + 1e-9;
                if pays {
                    retries.push_back(now);
                }
                pays
            }
            BudgetState::Bucket { settings, level } => match settings.charged {
                Charged::Retry => {
                    let cost = cost(settings, cause);
                    let pays = *level >= cost.saturating_add(settings.reserve);
                    *level -= if pays { cost } else { 0 };
                    pays
                }
                Charged::Failure => *level > settings.reserve,
            },
            BudgetState::Concurrency { share, floor, trying, retrying } => {
                let most = (*share * *trying as f64 + 1e-9) as u64;
                let pays = *retrying < most.max(*floor);
                *retrying += u64::from(pays);
                pays
            }
        }
    }

    /// Its state, for someone who asked it after such a failure.
    pub(crate) fn shown(&self, cause: Cause) -> story::BudgetState {
        match self {
            BudgetState::Ratio { share, floor, ttl, firsts, retries } => {
                story::BudgetState::Ratio {
                    retries: retries.len() as u64,
                    firsts: firsts.len() as u64,
                    most: *share * firsts.len() as f64 + *floor * (*ttl as f64 / SECOND as f64),
                }
            }
            BudgetState::Bucket { settings, level } => story::BudgetState::Bucket {
                level: *level,
                capacity: settings.capacity,
                reserve: settings.reserve,
                cost: cost(settings, cause),
            },
            BudgetState::Concurrency { share, floor, trying, retrying } => {
                story::BudgetState::Concurrency {
                    retrying: *retrying,
                    trying: *trying,
                    most: ((*share * *trying as f64 + 1e-9) as u64).max(*floor),
                }
            }
        }
    }

    /// A try begins.
    pub(crate) fn begins(&mut self) {
        if let BudgetState::Concurrency { trying, .. } = self {
            *trying += 1;
        }
    }

    /// A try is over.
    pub(crate) fn ends(&mut self) {
        if let BudgetState::Concurrency { trying, .. } = self {
            debug_assert!(*trying > 0, "no try had begun");
            *trying = trying.saturating_sub(1);
        }
    }

    /// A retry that was paid for is over, or will never be made.
    pub(crate) fn retry_ends(&mut self) {
        if let BudgetState::Concurrency { retrying, .. } = self {
            debug_assert!(*retrying > 0, "no retry was paid for");
            *retrying = retrying.saturating_sub(1);
        }
    }

    /// A try failed.
    pub(crate) fn failed(&mut self, cause: Cause) {
        if let BudgetState::Bucket { settings, level } = self
            && settings.charged == Charged::Failure
        {
            *level = level.saturating_sub(cost(settings, cause));
        }
    }

    /// A try succeeded; `paid` is why the last retry before it, if any, was made.
    pub(crate) fn succeeded(&mut self, paid: Option<Cause>) {
        if let BudgetState::Bucket { settings, level } = self {
            let back = match paid {
                Some(cause) if settings.returns_cost => cost(settings, cause),
                _ => settings.refund,
            };
            *level = level.saturating_add(back).min(settings.capacity);
        }
    }
}

impl BudgetState {
    /// A retry it paid for succeeded elsewhere.
    pub(crate) fn returned(&mut self, cause: Cause) {
        if let BudgetState::Bucket { settings, level } = self
            && settings.returns_cost
        {
            *level = level.saturating_add(cost(settings, cause)).min(settings.capacity);
        }
    }
}

fn cost(settings: &TokenBudget, cause: Cause) -> u64 {
    match cause {
        Cause::Throttled => settings.throttled_cost,
        Cause::Timeout => settings.timeout_cost,
        Cause::Transient => settings.cost,
    }
}

/// Forgets what was not within (now − ttl, now].
fn forget(instants: &mut VecDeque<Nanos>, now: Nanos, ttl: Nanos) {
    while instants.front().is_some_and(|&instant| instant.saturating_add(ttl) <= now) {
        instants.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Cause = Cause::Transient;

    fn tokens(charged: Charged) -> TokenBudget {
        TokenBudget {
            capacity: 10_000,
            cost: 5_000,
            timeout_cost: 10_000,
            throttled_cost: 1_000,
            refund: 1_000,
            returns_cost: false,
            charged,
            reserve: 0,
        }
    }

    #[test]
    fn a_ratio_counts_what_its_span_holds() {
        let budget = Budget::Ratio { share: 0.2, floor: 0.1, ttl: 10 * SECOND };
        let mut budget = BudgetState::new(&budget);
        for second in 0..10 {
            budget.first(second * SECOND);
        }
        // 0.2 × 10 + 0.1 × 10 = 3.
        let pays: Vec<bool> = (0..4).map(|_| budget.pays(9 * SECOND, ANY)).collect();
        assert_eq!(pays, [true, true, true, false]);
        // At 19 s the retries of 9 s are forgotten, and all first attempts with them.
        assert!(!budget.pays(19 * SECOND - 1, ANY));
        assert!(budget.pays(19 * SECOND, ANY) && !budget.pays(19 * SECOND, ANY));
    }

    #[test]
    fn a_bucket_charges_by_cause_and_returns() {
        let mut budget = BudgetState::new(&Budget::Bucket(tokens(Charged::Retry)));
        assert!(budget.pays(0, Cause::Timeout) && !budget.pays(0, Cause::Throttled));
        budget.succeeded(None);
        assert!(budget.pays(0, Cause::Throttled) && !budget.pays(0, Cause::Throttled));
        for _ in 0..20 {
            budget.succeeded(None);
        }
        // Full again, not fuller.
        assert!(budget.pays(0, ANY) && budget.pays(0, ANY) && !budget.pays(0, Cause::Throttled));
        let aws = TokenBudget { returns_cost: true, ..tokens(Charged::Retry) };
        let mut budget = BudgetState::new(&Budget::Bucket(aws));
        assert!(budget.pays(0, Cause::Timeout));
        budget.succeeded(Some(Cause::Timeout));
        assert!(budget.pays(0, Cause::Timeout));
    }

    /// gRPC: no retry at or below half of the tokens.
    #[test]
    fn a_bucket_charged_by_failures_stops_at_its_reserve() {
        let grpc = TokenBudget {
            cost: 1_000,
            timeout_cost: 1_000,
            refund: 100,
            reserve: 5_000,
            ..tokens(Charged::Failure)
        };
        let mut budget = BudgetState::new(&Budget::Bucket(grpc));
        for _ in 0..4 {
            budget.failed(ANY);
            assert!(budget.pays(0, ANY));
        }
        budget.failed(ANY);
        assert!(!budget.pays(0, ANY));
        budget.succeeded(None);
        assert!(budget.pays(0, ANY));
    }

    #[test]
    fn a_concurrency_share_has_a_floor() {
        let mut budget = BudgetState::new(&Budget::Concurrency { share: 0.2, floor: 3 });
        let paid = |budget: &mut BudgetState| (0..9).filter(|_| budget.pays(0, ANY)).count();
        assert_eq!(paid(&mut budget), 3);
        for _ in 0..25 {
            budget.begins();
        }
        assert_eq!(paid(&mut budget), 2);
        budget.retry_ends();
        budget.ends();
        assert_eq!(paid(&mut budget), 0, "24 tries: 4 retries");
    }
}
