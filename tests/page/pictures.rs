//! Pages as pictures: nothing is cut without saying so, nothing lies on something else.

use serde_json::Value;

use super::browser::Browser;
use super::pages;
use super::tab::{Shown, Tab};
use crate::session::Session;

/// What is wrong with what is seen: a list of texts.
const SEEN: &str = include_str!("seen.js");

#[track_caller]
fn seen(tab: &mut Tab<'_>) -> Vec<String> {
    let found: Value = tab.ask(SEEN);
    found.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_wider_than_its_box_says_so() {
    let Some(mut browser) = Browser::start("pictures") else {
        return;
    };
    let session = Session::new("page-pictures");
    for page in pages::all(&session) {
        for width in [390, 1280] {
            let shown = Shown { width, ..Shown::default() };
            let mut tab = Tab::open(&mut browser, &page.file, shown);
            let wrong = seen(&mut tab);
            assert!(wrong.is_empty(), "{}, {width}:\n{}", page.name, wrong.join("\n"));
            let wide = "document.querySelectorAll('.scroll.wide').length";
            let cues = tab.ask(wide).as_u64().unwrap();
            // No phone is as wide as a chart can be read.
            assert!(width > 390 || cues > 0, "{}: no cue", page.name);
            drop(tab);
            // With scripts off there is the shadow.
            let mut tab = Tab::open(&mut browser, &page.file, Shown { scripts: false, ..shown });
            let shadow = tab.ask(
                "[...document.querySelectorAll('.scroll')].every((box) => \
                 getComputedStyle(box).backgroundImage.includes('gradient'))",
            );
            assert_eq!(shadow, Value::Bool(true), "{}, {width}", page.name);
        }
    }
}

#[test]
fn on_paper_words_are_whole_and_no_part_is_empty() {
    let Some(mut browser) = Browser::start("printed") else {
        return;
    };
    let session = Session::new("page-printed");
    for page in pages::all(&session) {
        // A4 upright between its margins, at 96 dots an inch.
        let shown = Shown { width: 695, ..Shown::default() };
        let mut tab = Tab::open(&mut browser, &page.file, shown);
        tab.print();
        let wrong = seen(&mut tab);
        assert!(wrong.is_empty(), "{}:\n{}", page.name, wrong.join("\n"));
        let width = tab.ask("document.documentElement.scrollWidth").as_u64().unwrap();
        assert!(width <= 695, "{}: {width} wide", page.name);
    }
}

/// Faults, and what is said of each.
const FAULTS: [(&str, &str); 4] = [
    ("document.querySelector('.wide').classList.remove('wide')", "cut without a cue"),
    (
        "document.querySelector('thead th').setAttribute('style', \
         'overflow-wrap: anywhere; width: 2ch; max-width: 2ch; padding: 0; display: block')",
        "broken in",
    ),
    ("document.querySelector('section > .cards').remove()", "nothing below"),
    (
        "(() => { const [one, other] = document.querySelectorAll('.chart text'); \
         other.setAttribute('x', one.getAttribute('x')); \
         other.setAttribute('y', one.getAttribute('y')); })()",
        "lies on",
    ),
];

#[test]
fn the_eye_finds_faults() {
    let Some(mut browser) = Browser::start("eye") else {
        return;
    };
    let session = Session::new("page-eye");
    let page = pages::of(&session, "run");
    for (fault, said) in FAULTS {
        let shown = Shown { width: 390, ..Shown::default() };
        let mut tab = Tab::open(&mut browser, &page.file, shown);
        tab.ask(&format!("void ({fault})"));
        let wrong = seen(&mut tab);
        assert!(wrong.iter().any(|text| text.contains(said)), "{fault}: {wrong:?}");
    }
}
