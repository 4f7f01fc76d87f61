//! Any bytes as the marker of a result folder.

#![no_main]

#[path = "../../tests/readers/marker.rs"]
mod marker;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| marker::sound(bytes));
