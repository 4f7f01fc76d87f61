//! `smschain policies`.

use super::arguments::{Format, Policies as Options};
use super::ending::{Ending, Exit};
use super::terminal::{self, Terminal};
use crate::report::table::{policies_table, policy_table};
use crate::report::{policies, policies_csv, to_json};
use crate::scenario::policies::{BUILT_IN, BuiltIn, ON_RECEIPT};

/// Lists the built-in retry policies, or shows one.
pub(super) fn list(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::of(options.color);
    let one = options.name.as_deref().map(named).transpose()?;
    let shown = one.map_or(BUILT_IN, std::slice::from_ref);
    let is_rule = |policy: &BuiltIn| ON_RECEIPT.iter().any(|rule| std::ptr::eq(rule, policy));
    let text = match options.format {
        Format::Table => {
            let look = terminal.look();
            one.map_or_else(|| policies_table(look), |policy| policy_table(policy, look))
        }
        Format::Json => to_json(&match one {
            None => policies(BUILT_IN, ON_RECEIPT),
            Some(rule) if is_rule(rule) => policies(&[], shown),
            Some(_) => policies(shown, &[]),
        }),
        Format::Csv => policies_csv(shown),
    };
    terminal::result(&text)?;
    Ok(Exit::Ok)
}

/// The names of the built-in policies.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    BUILT_IN.iter().map(|policy| policy.name)
}

fn named(name: &str) -> Result<&'static BuiltIn, Ending> {
    BUILT_IN.iter().chain(ON_RECEIPT).find(|policy| policy.name == name).ok_or_else(|| {
        let more = "a scenario's own are shown by `smschain check SCENARIO --resolved`";
        Ending::unknown("built-in policy", name, names(), more)
    })
}
