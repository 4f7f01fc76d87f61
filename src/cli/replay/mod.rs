//! `smschain replay`.

mod proof;
mod what_if;

use super::again::Line;
use super::arguments::{Format, REDRAWS, Replay as Options};
use super::caller;
use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::pictures::{chart_file, chart_files};
use super::terminal::{self, Terminal};
use super::{folder, objectives, source};
use crate::chain::{Snapshot, snapshot};
use crate::experiment::Workers;
use crate::experiment::replay::{Pivot, pivot};
use crate::report::charts::draw;
use crate::report::replay::{Replayed, replay as replay_json};
use crate::report::table::{Footer, replay_table};
use crate::report::{Condition, Findings, Kind, to_json};
use crate::scenario::{Bundle, Overrides, Scenario, moment};

/// The files of `replay` under `--out`.
const FILES: [&str; 2] = [JSON, "charts/"];
const JSON: &str = "replay.json";

/// Runs a bundle again.
pub(super) fn replay(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::new(&options.output);
    if options.output.format == Format::Csv {
        return Err(Ending::usage("`replay` prints a table or json, not csv"));
    }
    as_it_is(options)?;
    let colour = terminal.colour_on_stderr();
    let (scenario, bundle) = read(options, colour)?;
    let condition = condition(&scenario, &bundle, colour)?;
    let at = options.at.as_deref().map(|at| time(at, scenario.spec.start)).transpose()?;
    let default = folder::default(&scenario.spec.name, "replay");
    let charts = chart_files(Kind::Replay);
    let out = ResultFolder::asked(&options.output, default, &FILES, charts)?;
    let proof = proof::prove(&scenario, &bundle, options)?;
    let state: Option<Snapshot> = at.map(|at| snapshot(&scenario.spec, bundle.seed, at));
    let what_if = if options.what_if.is_empty() {
        None
    } else {
        Some(what_if::what_if(&scenario, &bundle, condition.as_ref(), options, colour)?)
    };
    let pivot = if options.pivot {
        Some(unfold(&scenario, &bundle, condition.as_ref(), options)?)
    } else {
        None
    };
    let replayed = Replayed {
        spec: &scenario.spec,
        fingerprint: &scenario.fingerprint,
        bundle: &bundle,
        proof: &proof,
        state: state.as_ref(),
        what_if: what_if.as_ref(),
        pivot: pivot.as_ref(),
    };
    let result = replay_json(&replayed);
    let json = to_json(&result);
    let mut footer = Footer { again: line(options), ..Footer::default() };
    let findings = Findings { result, tables: Vec::new() };
    caller::found(&findings, &footer.again);
    if let Some(out) = &out {
        let charts: Vec<(String, String)> =
            draw(&findings).into_iter().map(|chart| (chart_file(chart.name), chart.svg)).collect();
        footer.files = out.publish(vec![(JSON, json.clone())], charts, &FILES)?;
    }
    caller::told(|look| replay_table(&replayed, look, &footer));
    if options.output.format == Format::Json {
        terminal::result_file(&json)?;
    } else {
        terminal::result(&replay_table(&replayed, terminal.look(), &footer))?;
    }
    Ok(if proof.same { Exit::Ok } else { Exit::No })
}

/// The bundle's condition.
fn condition(
    scenario: &Scenario,
    bundle: &Bundle,
    colour: bool,
) -> Result<Option<Condition>, Ending> {
    let asked: Vec<String> = bundle.when.iter().cloned().collect();
    let mut read = objectives::read_of("when = ", &asked, &scenario.spec, colour)?;
    Ok(read.pop().map(Condition::new))
}

fn time(text: &str, start: u64) -> Result<u64, Ending> {
    moment(text, start).map_err(|wrong| {
        let expected = "expected a time since the start, such as 21m30s, or by its clock, as 09:21";
        Ending::usage(format!("`--at {text}`: {}; {expected}", wrong.message))
    })
}

/// The likelihood of the incident as it unfolded.
fn unfold(
    scenario: &Scenario,
    bundle: &Bundle,
    condition: Option<&Condition>,
    options: &Options,
) -> Result<Pivot, Ending> {
    let Some(condition) = condition else {
        let text = "`--pivot` asks how likely the bundle's `when` was, and this one has none";
        return Err(Ending::usage(text));
    };
    let spec = &scenario.spec;
    let workers = Workers::new(options.threads.count());
    pivot(&workers, spec, bundle.seed, options.redraws, |results| condition.judge(spec, results))
        .map_err(|failure| Ending::fault(&failure, &line(options)))
}

/// A bundle is run as it is.
fn as_it_is(options: &Options) -> Result<(), Ending> {
    let given = |flag: &str, instead: &str| {
        let text = format!("a bundle is replayed as it is, without `{flag}`: {instead}");
        Err(Ending::usage(text))
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

fn read(options: &Options, colour: bool) -> Result<(Scenario, Bundle), Ending> {
    let overrides = Overrides { max_memory: options.max_memory, ..Overrides::default() };
    let scenario = source::scenario(&options.bundle, &overrides, colour)?;
    let Some(bundle) = scenario.bundle.clone() else {
        let path = options.bundle.display();
        let text = format!(
            "{path} is a scenario, no incident bundle: it has no `version`, `seed` and `digest`; \
             `smschain run` runs it, `smschain hunt` makes bundles"
        );
        return Err(Ending::usage(text));
    };
    Ok((scenario, bundle))
}

/// The command that shows the same.
fn line(options: &Options) -> String {
    let redraws = (options.pivot && options.redraws != REDRAWS).then_some(options.redraws);
    let line = Line::new("replay", &options.bundle).maybe("--at", options.at.as_ref());
    let line = options.what_if.iter().fold(line, |line, change| line.option("--what-if", change));
    let line = if options.pivot { line.flag("--pivot") } else { line };
    line.maybe("--redraws", redraws).text()
}
