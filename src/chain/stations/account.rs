//! The prepaid account.

use crate::chain::spec::{self, Nanounits};
use crate::chain::stations::faults::windows::Windows;
use crate::kernel::Nanos;

/// Balance, charges and top-ups of a run.
#[derive(Debug)]
pub(crate) struct Account {
    /// `None`: no limit.
    balance: Option<i128>,
    top_up: Option<spec::TopUp>,
    /// No new message is paid for, no top-up arrives.
    frozen: Windows,
    /// Instant of the next look at the balance.
    next_look: Nanos,
    opening: i128,
    topped_up: i128,
    /// Of every message, warm-up included.
    charged: i128,
    refunded: i128,
}

impl Account {
    /// The account; nothing can be paid while it is `frozen`.
    pub(crate) fn new(account: Option<&spec::Account>, frozen: Windows) -> Account {
        let opening = account.map_or(0, |account| i128::from(account.balance));
        let top_up = account.and_then(|account| account.top_up.clone());
        Account {
            balance: account.map(|_| opening),
            next_look: top_up.as_ref().map_or(Nanos::MAX, |top_up| top_up.every),
            top_up,
            frozen,
            opening,
            topped_up: 0,
            charged: 0,
            refunded: 0,
        }
    }

    /// Makes up for the looks at the balance until `now`: between them nothing changed it.
    #[inline]
    pub(crate) fn advance(&mut self, now: Nanos) {
        if now >= self.next_look {
            self.look(now);
        }
    }

    fn look(&mut self, now: Nanos) {
        let (Some(balance), Some(top_up)) = (&mut self.balance, &self.top_up) else {
            return;
        };
        while self.next_look <= now {
            if *balance >= i128::from(top_up.below) {
                let missed = (now - self.next_look) / top_up.every;
                self.next_look += missed * top_up.every;
            } else if let Some(thaw) = self.frozen.end_at(self.next_look) {
                // On to the last look before the end of the frost, or of what is made up for.
                let missed = ((thaw - 1).min(now) - self.next_look) / top_up.every;
                self.next_look += missed * top_up.every;
            } else {
                *balance += i128::from(top_up.amount);
                self.topped_up += i128::from(top_up.amount);
            }
            self.next_look = self.next_look.saturating_add(top_up.every);
        }
    }

    /// True if it can pay `amount` now.
    pub(crate) fn can_pay(&mut self, now: Nanos, amount: Nanounits) -> bool {
        self.advance(now);
        !self.frozen.contain(now)
            && self.balance.is_none_or(|balance| balance >= i128::from(amount))
    }

    /// Charges `amount`, whatever the balance.
    pub(crate) fn charge(&mut self, now: Nanos, amount: Nanounits) {
        debug_assert!(amount >= 0, "a charge gives nothing back");
        self.advance(now);
        self.charged += i128::from(amount);
        if let Some(balance) = &mut self.balance {
            *balance -= i128::from(amount);
        }
    }

    /// Gives `amount` back.
    pub(crate) fn refund(&mut self, now: Nanos, amount: Nanounits) {
        self.advance(now);
        self.refunded += i128::from(amount);
        if let Some(balance) = &mut self.balance {
            *balance += i128::from(amount);
        }
    }

    /// The balance, if there is a limit.
    pub(crate) fn balance(&self) -> Option<i128> {
        self.balance
    }

    /// True if nothing can be paid now, whatever the balance.
    pub(crate) fn frozen(&self, now: Nanos) -> bool {
        self.frozen.contain(now)
    }

    pub(crate) fn opening(&self) -> i128 {
        self.opening
    }

    pub(crate) fn topped_up(&self) -> i128 {
        self.topped_up
    }

    /// Charged and not given back.
    pub(crate) fn taken(&self) -> i128 {
        self.charged - self.refunded
    }

    /// Money in − (balance + charged − refunded): 0, or money was lost.
    pub(crate) fn imbalance(&self) -> i128 {
        let Some(balance) = self.balance else {
            return 0;
        };
        self.opening + self.topped_up - (balance + self.charged - self.refunded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_the_balance_at_its_times_only() {
        let spec = spec::Account {
            balance: 100,
            top_up: Some(spec::TopUp { below: 50, amount: 30, every: 10 }),
        };
        let mut account = Account::new(Some(&spec), Windows::default());
        account.charge(1, 90);
        assert_eq!(account.balance(), Some(10));
        assert!(!account.can_pay(9, 40));
        // 10 → 40 at t = 10, → 70 at t = 20, enough from then on.
        assert!(account.can_pay(10, 40));
        assert!(!account.can_pay(19, 41));
        account.advance(1000);
        assert_eq!((account.balance(), account.topped_up()), (Some(70), 60));
        account.charge(1001, 60);
        account.refund(1002, 1);
        account.advance(1010);
        assert_eq!(account.balance(), Some(41));
        assert_eq!(account.imbalance(), 0);
    }

    #[test]
    fn a_frozen_account_pays_nothing_and_is_not_filled() {
        let spec = spec::Account {
            balance: 40,
            top_up: Some(spec::TopUp { below: 50, amount: 30, every: 10 }),
        };
        let mut account = Account::new(Some(&spec), Windows::new([(5, 30)]));
        assert!(account.can_pay(4, 40));
        assert!(!account.can_pay(5, 1) && !account.can_pay(29, 1));
        assert_eq!(account.balance(), Some(40));
        assert!(account.can_pay(30, 70));
        assert_eq!(account.topped_up(), 30);
    }
}
