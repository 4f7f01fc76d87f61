//! `smschain replay`.

mod proof;

use super::again::Line;
use super::arguments::{Format, Replay as Options};
use super::ending::{Ending, Exit};
use super::terminal::{self, Terminal};
use super::{folder, source};
use crate::report::replay::{Replayed, replay as replay_json};
use crate::report::table::{Footer, Look, replay_table};
use crate::scenario::{Bundle, Overrides, Scenario, load};

const JSON: &str = "replay.json";

/// Runs a bundle again.
pub(super) fn replay(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::new(&options.output);
    if options.output.format == Format::Csv {
        return Err(Ending::new(Exit::Input, "`replay` prints a table or json, not csv"));
    }
    as_it_is(options)?;
    let (scenario, bundle) = read(options, terminal)?;
    let proof = proof::prove(&scenario, &bundle, options)?;
    let replayed = Replayed {
        spec: &scenario.spec,
        fingerprint: &scenario.fingerprint,
        bundle: &bundle,
        proof: &proof,
    };
    let json = replay_json(&replayed).to_json();
    let mut footer = Footer { again: line(options), ..Footer::default() };
    if !options.output.no_files {
        let out = options.output.out.clone();
        let out = out.unwrap_or_else(|| folder::default(&scenario.spec.name, "replay"));
        folder::write(&out, &[(JSON, json.clone())], &[])?;
        footer.files = vec![out.join("").display().to_string(), JSON.to_owned()];
    }
    if options.output.format == Format::Json {
        terminal::result(&json)?;
    } else {
        let look = Look { width: terminal.width(), colour: terminal.colour_on_stdout() };
        terminal::result(&replay_table(&replayed, look, &footer))?;
    }
    Ok(if proof.same { Exit::Ok } else { Exit::No })
}

/// A bundle is run as it is.
fn as_it_is(options: &Options) -> Result<(), Ending> {
    let given = |flag: &str, instead: &str| {
        let text = format!("a bundle is replayed as it is, without `{flag}`: {instead}");
        Err(Ending::new(Exit::Input, text))
    };
    let changed = "use --what-if PATH=VALUE for the same incident with a key changed";
    if options.seed.is_some() {
        return given(
            "--seed",
            "its seed is in it; use --what-if PATH=VALUE to change something, or `smschain run` \
             with --seed for another seed",
        );
    }
    for (flag, there) in [
        ("--set", !options.set.is_empty()),
        ("--unset", !options.unset.is_empty()),
        ("--scale", options.scale.is_some()),
    ] {
        if there {
            return given(flag, changed);
        }
    }
    Ok(())
}

fn read(options: &Options, terminal: Terminal) -> Result<(Scenario, Bundle), Ending> {
    let colour = terminal.colour_on_stderr();
    let scenario = load(&source::read(&options.bundle)?, &Overrides::default())
        .map_err(|errors| Ending::rendered(Exit::Input, errors.render(colour)))?;
    let Some(bundle) = scenario.bundle.clone() else {
        let path = options.bundle.display();
        let text = format!(
            "{path} is a scenario, no incident bundle: it has no `version`, `seed` and `digest`; \
             `smschain run` runs it, `smschain hunt` makes bundles"
        );
        return Err(Ending::new(Exit::Input, text));
    };
    Ok((scenario, bundle))
}

/// The command that shows the same.
fn line(options: &Options) -> String {
    let line = Line::new("replay", &options.bundle).maybe("--at", options.at.as_ref());
    let line = options.what_if.iter().fold(line, |line, change| line.option("--what-if", change));
    line.text()
}
