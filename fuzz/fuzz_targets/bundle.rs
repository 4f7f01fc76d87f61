//! Any bytes as an incident bundle.

#![no_main]

#[path = "../../tests/readers/bundle.rs"]
mod bundle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bundle::sound(bytes));
