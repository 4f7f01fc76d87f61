//! The built-in policies, as a person reads them.

use super::super::document::{Ink, Look, Screen};
use super::super::text::{width, wrapped};
use crate::scenario::policies::{BuiltIn, COLLECTIONS, Collection};

/// Columns between a name and what is said of it.
const GAP: usize = 2;

/// The table of `policies`.
#[must_use]
pub fn policies_table(look: Look) -> String {
    let page = Screen::new(look);
    let [retries, rules @ ..] = &COLLECTIONS;
    let all = COLLECTIONS.iter().flat_map(|own| own.policies);
    let names = all.map(|policy| width(policy.name)).max().unwrap_or(0);
    let indent = 2 + names + GAP;
    let mut table = String::new();
    for policy in retries.policies {
        table.push_str(&block(policy, &page, indent));
        table.push('\n');
    }
    let use_it = "In a scenario: policy = \"NAME\" in [retry] or any other retry table, the keys \
                  beside it go before the policy's; --set retry.policy=NAME replaces the table. \
                  n counts retries from 1, attempts count the first one, too.";
    table.push_str(&wrapped(use_it, page.width, 2));
    for own in rules {
        table.push_str(&format!("\n{}\n\n", own.title));
        for policy in own.policies {
            table.push_str(&block(policy, &page, indent));
            table.push('\n');
        }
        table.push_str(&wrapped(used(own), page.width, 2));
    }
    table
}

/// The way to start from one of these rules.
fn used(own: &Collection) -> &'static str {
    match own.table {
        "on_receipt" => {
            "In a scenario: policy = \"NAME\" in [on_receipt] or in that of a traffic; \
                         the keys beside it go before its own."
        }
        _ => {
            "In a scenario: slow.policy = \"NAME\" in a [[route]], most often in each of those \
              that share their traffic; the keys beside it go before its own."
        }
    }
}

/// One policy in full, and the table that makes it a scenario's own.
#[must_use]
pub fn policy_table(policy: &BuiltIn, look: Look) -> String {
    let page = Screen::new(look);
    let indent = 2 + width(policy.name) + GAP;
    let (own, head) = match Collection::of(policy).filter(|own| own.table != "retry") {
        None => {
            let own = "To change it in a scenario, give it a name of your own:";
            (own, format!("[policy.my-{}]", policy.name))
        }
        Some(own) => ("To change it in a scenario, write it out:", own.heading.to_owned()),
    };
    format!(
        "{}\n{}\n{head}\n{}",
        block(policy, &page, indent),
        wrapped(own, page.width, 2),
        policy.settings
    )
}

fn block(policy: &BuiltIn, page: &Screen, indent: usize) -> String {
    let lines = |text: &str, ink: Ink| -> String {
        let lines = wrapped(text, page.width, indent);
        lines.lines().map(|line| format!("{}\n", painted(line, page, ink))).collect()
    };
    let about = lines(policy.about, Ink::Plain);
    let name = page.paint.ink(Ink::Bold, policy.name);
    let pad = " ".repeat(indent - 2 - width(policy.name));
    let mut block = format!("  {name}{pad}{}", about.trim_start());
    block.push_str(&lines(&format!("wait: {}", policy.formula), Ink::Plain));
    for setting in policy.settings.lines() {
        block.push_str(&lines(setting, Ink::Blue));
    }
    block.push_str(&lines(&format!("source: {}", policy.source), Ink::Faint));
    if !policy.assumed.is_empty() {
        block.push_str(&lines(&format!("assumption: {}", policy.assumed), Ink::Faint));
    }
    block
}

/// Paints a line, not its margin.
fn painted(line: &str, page: &Screen, ink: Ink) -> String {
    let text = line.trim_start();
    let margin = &line[..line.len() - text.len()];
    format!("{margin}{}", page.paint.ink(ink, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_columns_hold_every_policy_whole() {
        let table = policies_table(Look { width: 80, colour: false });
        assert!(table.lines().all(|line| width(line) <= 80), "{table}");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let whole = words(&table);
        for policy in COLLECTIONS.iter().flat_map(|own| own.policies) {
            assert!(table.contains(&format!("\n  {} ", policy.name)) || policy.name == "none");
            for text in [policy.about, policy.formula, policy.settings, policy.source] {
                assert!(whole.contains(&words(text)), "{text}");
            }
        }
        assert!(policies_table(Look { width: 80, colour: true }).contains("\u{1b}[1mgrpc"));
    }
}
