//! A bundle as TOML 1.0, made to be read.

use super::super::checked::{Record, Value};
use super::super::resolved::{print, quote};
use super::super::{DataFile, Scenario, spelt_out_in_line};
use super::{Bundle, Marks};

/// Hexadecimal digits of a mark.
pub(super) const DIGITS: usize = 3;
/// Marks on a line.
const LINE: usize = 32;

impl Scenario {
    /// The scenario as a bundle, to lie beside the folder of its data files. `lead` is said above it, a comment line each.
    #[must_use]
    pub fn bundle_toml(&self, bundle: &Bundle, lead: &[String]) -> String {
        let mut out = String::new();
        for line in lead {
            // A text of the user's stays a comment.
            out.push_str(format!("# {}", spelt_out_in_line(line)).trim_end());
            out.push('\n');
        }
        let mut key = |key: &str, value: &str| out.push_str(&format!("{key} = {value}\n"));
        key("version", &quote(&bundle.version));
        key("seed", &bundle.seed.to_string());
        for (name, value) in
            [("digest", &bundle.digest), ("fault", &bundle.fault), ("when", &bundle.when)]
        {
            if let Some(value) = value {
                key(name, &quote(value));
            }
        }
        key("fingerprint", &quote(&bundle.fingerprint));
        for (name, what) in [("removed", &bundle.removed), ("kept", &bundle.kept)] {
            if !what.is_empty() {
                let lines: String = what.iter().map(|it| format!("  {},\n", quote(it))).collect();
                key(name, &format!("[\n{lines}]"));
            }
        }
        if !bundle.data.is_empty() {
            let files: Vec<String> = bundle
                .data
                .iter()
                .map(|(file, fingerprint)| {
                    format!(
                        "  {{ file = {}, fingerprint = {} }},\n",
                        quote(file),
                        quote(fingerprint)
                    )
                })
                .collect();
            key("data", &format!("[\n{}]", files.concat()));
        }
        out.push_str("\n# The scenario, with every default filled in.\n");
        out.push_str(&print(&seeded(self.root_beside(), bundle.seed), true));
        if let Some(trail) = &bundle.trail {
            out.push_str(&marks(trail));
        }
        out
    }

    /// Its data files, by the paths that it has for them.
    #[must_use]
    pub fn data_fingerprints(&self) -> Vec<(String, String)> {
        let named = |file: &DataFile| (file.path.clone(), file.fingerprint.clone());
        self.data_files.iter().map(named).collect()
    }
}

/// The scenario with the bundle's seed as its own: what is left without the bundle's keys is the same
/// run.
fn seeded(mut root: Record, seed: u64) -> Record {
    for (_, item) in root.fields.iter_mut().filter(|(key, _)| *key == "scenario") {
        if let Value::Table(scenario) = &mut item.value {
            let own = scenario.fields.iter_mut().filter(|(key, _)| *key == "seed");
            own.for_each(|(_, item)| item.value = Value::Integer(seed));
        }
    }
    root
}

fn marks(trail: &Marks) -> String {
    let lines: Vec<String> = trail
        .marks
        .chunks(LINE)
        .map(|line| line.iter().map(|mark| format!("{mark:0width$x}", width = DIGITS)).collect())
        .collect();
    format!(
        "\n# The run on the way, so that a replay can say where it parts from it: three digits of a\n\
         # hash of all that had happened, every so many events.\n[trail]\nevents = {}\nhash = \"{:016x}\"\n\
         every = {}\nmarks = \"\"\"\n{}\n\"\"\"\n",
        trail.events,
        trail.hash,
        trail.every,
        lines.join("\n")
    )
}
