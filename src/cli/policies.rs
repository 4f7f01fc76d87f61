//! `smschain policies`.

use super::arguments::{Format, Policies as Options};
use super::ending::{Ending, Exit};
use super::terminal::{self, Terminal};
use crate::report::table::{policies_table, policy_table};
use crate::report::{policies, policies_csv, to_json};
use crate::scenario::policies::{BUILT_IN, BuiltIn, COLLECTIONS, Collection};

/// Lists the built-in policies, or shows one.
pub(super) fn list(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::of(options.color);
    let one = options.name.as_deref().map(named).transpose()?;
    let all = || COLLECTIONS.iter().flat_map(|own| own.policies);
    let shown: Vec<&BuiltIn> = one.map_or_else(|| all().collect(), |policy| vec![policy]);
    let text = match options.format {
        Format::Table => {
            let look = terminal.look();
            one.map_or_else(|| policies_table(look), |policy| policy_table(policy, look))
        }
        Format::Json => to_json(&policies(&shown)),
        Format::Csv => policies_csv(&shown),
    };
    terminal::result(&text)?;
    Ok(Exit::Ok)
}

/// The names of the built-in retry policies.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    BUILT_IN.iter().map(|policy| policy.name)
}

fn named(name: &str) -> Result<&'static BuiltIn, Ending> {
    Collection::find(name).map(|(_, policy)| policy).ok_or_else(|| {
        let more = "a scenario's own are shown by `smschain check SCENARIO --resolved`";
        let all = COLLECTIONS.iter().flat_map(|own| own.policies.iter().map(|one| one.name));
        Ending::unknown("built-in policy", name, all, more)
    })
}
