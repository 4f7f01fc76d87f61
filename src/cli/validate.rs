//! `smschain validate`.

use super::arguments::{Format, Validate as Options};
use super::ending::{Ending, Exit};
use super::folder::ResultFolder;
use super::progress::Progress;
use super::terminal::{self, Terminal};
use crate::experiment::Workers;
use crate::report::table::validation_table;
use crate::report::{to_json, validation};
use crate::theory::{Fault, Validation, Work, cases};

/// The seed of those who don't choose: fixed, so that a verdict can't flicker.
const SEED: u64 = 1;
/// The folder of its results: there is no scenario to name one after.
const FOLDER: &str = "output/validate";
const FILE: &str = "validate.json";

/// Compares the simulator with queueing theory and says where they agree.
pub(super) fn validate(options: &Options) -> Result<Exit, Ending> {
    if options.output.format == Format::Csv {
        return Err(Ending::usage("`validate` prints a table or json, not csv"));
    }
    let terminal = Terminal::new(&options.output);
    let seed = options.seed.seed.unwrap_or(SEED);
    let again = format!("smschain validate --seed {seed}");
    let out = ResultFolder::asked(&options.output, FOLDER.into(), &[FILE], [])?;
    let compared = compare(options, seed, terminal).map_err(|fault| broken(&fault, &again))?;
    let json = to_json(&validation(&compared));
    let mut files = Vec::new();
    if let Some(out) = &out {
        out.write(&[(FILE, json.clone())], &[])?;
        files = vec![out.path().join("").display().to_string(), FILE.to_owned()];
    }
    if options.output.format == Format::Json {
        terminal::result_file(&json)?;
    } else {
        terminal::result(&validation_table(&compared, terminal.look(), &files, &again))?;
    }
    Ok(if compared.failures().next().is_some() { Exit::No } else { Exit::Ok })
}

fn compare(options: &Options, seed: u64, terminal: Terminal) -> Result<Validation, Fault> {
    let began = super::progress::now();
    let work = Work::new(cases::all(), seed)?;
    let runs = work.replications();
    let each = work.simulated_time() / runs.max(1);
    let progress = Progress::new(terminal.shows_progress(), each, runs);
    let workers = Workers::new(options.threads.count());
    let compared = crate::theory::validate(&work, &workers, &progress);
    progress.clear();
    let compared = compared?;
    let cases = compared.answers.len();
    let seconds = began.elapsed().as_secs_f64();
    terminal.remark(&format!("{cases} cases from {runs} runs in {seconds:.1} s"));
    Ok(compared)
}

/// The comparison couldn't be made: a fault of the simulator, and the line that shows it again.
fn broken(fault: &Fault, again: &str) -> Ending {
    let text = format!(
        "internal fault: {fault}\nThis is a bug in smschain {}. It happens again with:\n  {again}",
        env!("CARGO_PKG_VERSION")
    );
    Ending::rendered(Exit::Fault, text)
}
