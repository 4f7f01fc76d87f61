//! Where a chart's figures come from: the grey line below its title.

use super::super::Value;
use super::read::{number_at, text_at};

/// `retry-storm · seed 42 · 20 replications · smschain 0.1.0`, as far as it is known.
pub(super) fn provenance(result: &Value) -> String {
    let scenario = text_at(result, &["scenario", "name"]).unwrap_or_default().to_owned();
    let seed = number_at(result, &["seed"]).map(|seed| format!("seed {seed:.0}"));
    let replications = number_at(result, &["replications"]).map(|count| {
        if count <= 1.0 { "1 replication".to_owned() } else { format!("{count:.0} replications") }
    });
    let version =
        text_at(result, &["engine", "version"]).map(|version| format!("smschain {version}"));
    let parts = [Some(scenario), seed, replications, version];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}
