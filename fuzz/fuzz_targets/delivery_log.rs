//! Any bytes as a delivery log.

#![no_main]

#[path = "../../tests/readers/delivery_log.rs"]
mod delivery_log;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| delivery_log::sound(bytes));
