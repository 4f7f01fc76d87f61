//! Whatever is done to a scenario, nothing panics and every error has a place.

use proptest::prelude::*;

use super::{WHOLE, read};

fn survives(text: &str) {
    if let Err(errors) = read(text) {
        assert!(!errors.diagnostics().is_empty());
        assert!(errors.diagnostics().iter().all(|error| error.place.is_some()));
        assert!(errors.located().iter().all(|error| error.line > 0 && error.column > 0));
        assert!(!errors.to_string().is_empty());
    }
}

#[test]
fn deep_and_strange_texts_survive() {
    survives(&"[".repeat(100_000));
    survives(&format!("x = {}", "{a=".repeat(100_000)));
    survives(&format!("{} = 1", vec!["a"; 100_000].join(".")));
    survives(&format!("[{}]", vec!["a"; 100_000].join(".")));
    survives("\u{feff}[scenario]\r\nname=\"\u{1F4A9}\u{301}\"\r\nx\t=\u{0}");
    survives("traffic = 1\nroute = {}\nprovider = [1, [2]]\ncarrier = [[]]\nscenario = []");
    survives("scenario.duration = 1979-05-27T07:32:00Z");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]
    #[test]
    fn damaged_scenarios_survive(
        cuts in prop::collection::vec(
            (0..WHOLE.len(), 0..12_usize, prop::sample::select(vec![
                "", "-", "=", "[", "]", "{", "}", "\"", ".", "#", "\n", "nan", "-1", "1e999",
                "99999999999999999999", "\u{1F4A9}", "'''", "\u{7}", "true", "%", "/", ",",
            ])), 1..6),
        end in 0..WHOLE.len() * 2,
    ) {
        let mut text = WHOLE.as_bytes().to_vec();
        for (at, length, with) in cuts {
            let at = at.min(text.len());
            let to = (at + length).min(text.len());
            text.splice(at..to, with.bytes());
        }
        text.truncate(end);
        survives(&String::from_utf8_lossy(&text));
    }
}
