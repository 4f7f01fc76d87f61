//! Any bytes as a scenario: the parser, the schema, the units, `--set` and `--unset`.

#![no_main]

use std::path::Path;

#[path = "../../tests/scenario_language/sound.rs"]
mod sound;

/// The scenario's folder: there are data files in it.
const BASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/scenario_language");

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    sound::sound(&String::from_utf8_lossy(bytes), Path::new(BASE));
});
