//! The arguments of `hunt`.

use std::ops::Range;
use std::path::PathBuf;

use clap::Args;

use super::common::{self, Changes, Load, Output, Threads};
use crate::random::SEED_LIMIT;

/// Tries of those who don't choose.
pub(crate) const TRIES: u64 = 400;

/// Search seeds for one in whose run something happens, take away all that it doesn't need, and
/// write an incident bundle that repeats it.
///
/// Each seed is one run. The search stops at the first in which the condition holds; with --top it
/// searches all seeds and ranks the worst by how far beyond its limit the condition lies. The hit
/// is then made smaller: incidents dropped, the window cut, the load lowered, optional parts
/// switched off, numbers rounded, as long as the condition still holds.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  smschain hunt scenarios/baseline.toml --when 'within.30s < 80%' --seeds 0..1000
  smschain hunt scenarios/baseline.toml --when 'duplicates.copies > 10' --seeds 0..1000 --top 5")]
pub(crate) struct Hunt {
    /// The scenario's file, or - for standard input
    pub(crate) scenario: PathBuf,
    /// What to look for in a run's report, like 'within.30s < 80%'
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) when: String,
    /// Seeds to search, like 0..1000; the last is left out
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    pub(crate) seeds: Range<u64>,
    /// Search all seeds and rank the worst N
    #[arg(long, value_name = "N", value_parser = common::whole::<u64>(1, 10_000))]
    pub(crate) top: Option<u64>,
    /// At most so many runs to make the hit smaller; 0 leaves it as it is
    #[arg(long, value_name = "N", default_value_t = TRIES, value_parser = common::whole::<u64>(0, 1_000_000))]
    pub(crate) tries: u64,
    #[command(flatten)]
    pub(crate) changes: Changes,
    #[command(flatten)]
    pub(crate) load: Load,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// The seeds are those of --seeds
    #[arg(long, value_name = "N", hide = true, conflicts_with = "seeds")]
    seed: Option<String>,
    #[command(flatten)]
    pub(crate) output: Output,
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    const EXPECTED: &str = "expected A..B such as 0..1000, the last left out";
    let (from, to) = text.split_once("..").ok_or(EXPECTED)?;
    let number = |text: &str| text.trim().parse::<u64>().map_err(|_| EXPECTED.to_owned());
    let (from, to) = (number(from)?, number(to)?);
    if from >= to {
        return Err(format!("there is no seed in it; {EXPECTED}"));
    }
    if to > SEED_LIMIT {
        return Err("seeds are below 2^53".to_owned());
    }
    Ok(from..to)
}

#[cfg(test)]
mod tests {
    use super::seeds;

    #[test]
    fn ranges_of_seeds() {
        assert_eq!(seeds("0..10"), Ok(0..10));
        assert_eq!(seeds(" 5 .. 6 "), Ok(5..6));
        assert_eq!(seeds("0..9007199254740992"), Ok(0..1 << 53));
        for wrong in ["", "5", "5..5", "6..5", "-1..5", "0..=5", "a..b", "0..9007199254740993"] {
            assert!(seeds(wrong).is_err(), "{wrong}");
        }
    }
}
