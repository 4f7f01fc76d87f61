//! Readers of files: what must hold of any bytes. The fuzz targets of `fuzz/` ask it of the bytes
//! that libFuzzer thinks of, and here it is asked of their seeds, which hold what was found, and of
//! each seed damaged in some hundreds of ways.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a test that fails shows which bytes it was given last")]

mod bundle;
mod delivery_log;
mod log;
mod marker;
mod result;
mod runs;

use std::fs;
use std::path::{Path, PathBuf};

/// Damaged copies of a seed.
const COPIES: u64 = 60;

/// The seeds of a target.
fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 1);
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// Asks a target of its seeds, and of their damaged copies.
fn ask(target: &str, sound: impl Fn(&[u8])) {
    let seeds = seeds(target);
    for (path, seed) in &seeds {
        eprintln!("{}", path.display());
        sound(seed);
    }
    for (index, (path, seed)) in (1_u64..).zip(&seeds) {
        for copy in 0..COPIES {
            eprintln!("{}, copy {copy}", path.display());
            sound(&damaged(seed, index << 32 | copy));
        }
    }
}

/// A copy with a few bytes changed, taken out or doubled; the same for the same number.
fn damaged(seed: &[u8], number: u64) -> Vec<u8> {
    let mut state = number;
    // SplitMix64.
    let mut below = |bound: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    };
    let mut bytes = seed.to_vec();
    for _ in 0..=below(3) {
        let at = below(bytes.len());
        let end = (at + 1 + below(12)).min(bytes.len());
        match below(4) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => {
                let part = bytes[at..end].to_vec();
                let to = below(bytes.len());
                bytes.splice(to..to, part);
            }
            _ => bytes[at..end].iter_mut().for_each(|byte| *byte = below(128) as u8),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

#[test]
fn bundles() {
    ask("bundle", bundle::sound);
}

#[test]
fn logs() {
    let folder = std::env::temp_dir().join(format!("smschain-readers-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    ask("log", |bytes| log::sound(bytes, &folder, "log.csv"));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn delivery_logs() {
    ask("delivery_log", delivery_log::sound);
}

#[test]
fn finished_runs() {
    ask("runs", runs::sound);
}

#[test]
fn results() {
    ask("result", result::sound);
}

#[test]
fn markers() {
    ask("marker", marker::sound);
}
