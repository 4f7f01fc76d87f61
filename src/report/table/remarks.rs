//! What else is worth a line: refused requests, duplicates, money.

use super::super::Facts;
use super::Page;
use super::per_run::{beside, money_beside};
use super::text::{held, wrapped};
use crate::chain::{Rejection, in_units};
use crate::report::number::{count, money};

pub(super) fn remarks(facts: &Facts<'_>, page: &Page) -> String {
    let remarks = [rejected(facts), calls(facts), duplicates(facts), acted_on(facts), cost(facts)];
    remarks.iter().flatten().map(|remark| wrapped(remark, page.width, 2)).collect()
}

fn rejected(facts: &Facts<'_>) -> Option<String> {
    let requests = &facts.results().requests;
    let reasons: Vec<String> = Rejection::ALL
        .iter()
        .filter(|&&why| requests.rejected[why as usize] > 0)
        .map(|&why| held(&format!("{} {}", name(why), count(requests.rejected[why as usize]))))
        .collect();
    let total: u64 = requests.rejected.iter().sum();
    let of = count(requests.total);
    let each = held(&beside(total, facts.results().replications));
    (total > 0).then(|| {
        format!("Rejected: {} of {of} requests{each}: {}.", count(total), reasons.join(", "))
    })
}

fn calls(facts: &Facts<'_>) -> Option<String> {
    let requests = &facts.results().requests;
    let parts: Vec<String> = [
        (requests.client_timeouts, "calls timed out at the client"),
        (requests.client_retries, "calls were repeats"),
        (requests.resends, "requests by people asking again"),
    ]
    .iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| {
        let each = held(&beside(*number, facts.results().replications));
        format!("{} {what}{each}", count(*number))
    })
    .collect();
    (!parts.is_empty()).then(|| format!("Calls: {}.", parts.join(", ")))
}

fn duplicates(facts: &Facts<'_>) -> Option<String> {
    let results = facts.results();
    (results.duplicate_copies > 0).then(|| {
        let each = |sum| held(&beside(sum, results.replications));
        format!(
            "Duplicates: {} copies more than were asked for{}; {} recipients got theirs more than \
             once{}.",
            count(results.duplicate_copies),
            each(results.duplicate_copies),
            count(results.delivered_twice),
            each(results.delivered_twice)
        )
    })
}

fn acted_on(facts: &Facts<'_>) -> Option<String> {
    let acted = &facts.results().on_receipt;
    (acted.acted > 0).then(|| {
        let each = |sum| held(&beside(sum, facts.results().replications));
        format!(
            "Acted on receipts: {} messages{}, {} further attempts{}; {} were delivered thanks to \
             it{}, {} twice{}.",
            count(acted.acted),
            each(acted.acted),
            count(acted.attempts),
            each(acted.attempts),
            count(acted.delivered),
            each(acted.delivered),
            count(acted.duplicates),
            each(acted.duplicates)
        )
    })
}

fn cost(facts: &Facts<'_>) -> Option<String> {
    let sums = &facts.results().money;
    if sums.charged == 0 && sums.billed == 0 {
        return None;
    }
    let runs = facts.results().replications;
    let told = |sum, what: &str| {
        let sum = in_units(sum);
        format!("{} {what}{}", money(sum), held(&money_beside(sum, runs)))
    };
    let mut cost = format!("Cost: {}", told(sums.charged, "charged"));
    if sums.refunded != 0 {
        cost.push_str(&format!(", {}", told(sums.refunded, "refunded")));
    }
    let wasted = match sums.refunded {
        0 => "of it for messages not delivered",
        _ => "of the rest for messages not delivered",
    };
    cost.push_str(&format!(", {}", told(sums.wasted, wasted)));
    let delivered = facts.total.layers.delivered;
    if delivered > 0 {
        let each = in_units(sums.charged - sums.refunded) / delivered as f64;
        cost.push_str(&format!("; {} for each delivered", money(each)));
    }
    if sums.billed != 0 {
        let margin = sums.charged - sums.refunded - sums.billed;
        cost.push_str(&format!(
            "; {} billed by providers, margin {}",
            money(in_units(sums.billed)),
            money(in_units(margin))
        ));
    }
    if facts.spec.account.is_some() {
        let balance = in_units(sums.balance);
        let each = held(&money_beside(balance, runs));
        cost.push_str(&format!("; balance {}{each}", money(balance)));
    }
    cost.push('.');
    Some(cost)
}

/// With the HTTP status it comes with.
pub(in crate::report) const fn name(why: Rejection) -> &'static str {
    match why {
        Rejection::RateLimited => "rate limited (429)",
        Rejection::Invalid => "invalid (400)",
        Rejection::NoRoute => "no route (422)",
        Rejection::InsufficientBalance => "insufficient balance (402)",
        Rejection::QueueFull => "queue full (503)",
        Rejection::Internal => "internal (500)",
    }
}
