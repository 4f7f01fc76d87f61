//! Any bytes as a file of finished runs.

#![no_main]

#[path = "../../tests/readers/runs.rs"]
mod runs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| runs::sound(bytes));
