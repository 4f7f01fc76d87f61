//! Any bytes as a result file and the tables beside it, of which charts are drawn.

#![no_main]

#[path = "../../tests/readers/result.rs"]
mod result;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| result::sound(bytes));
