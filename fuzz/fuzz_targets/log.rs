//! Any bytes as a data file: a log, and a column to draw from.

#![no_main]

use std::path::Path;

#[path = "../../tests/readers/log.rs"]
mod log;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let memory = Path::new("/dev/shm");
    let folder = std::env::temp_dir();
    let folder = if memory.is_dir() { memory } else { &folder };
    log::sound(bytes, folder, &format!("smschain-fuzz-{}.csv", std::process::id()));
});
