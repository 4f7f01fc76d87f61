//! Any bytes as an expression of `--slo` and `--when`.

#![no_main]

#[path = "../../tests/expression/sound.rs"]
mod sound;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    sound::sound(&String::from_utf8_lossy(bytes));
});
