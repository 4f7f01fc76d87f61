//! What every page keeps to, wherever it is read.

use serde_json::json;

use super::browser::Browser;
use super::pages;
use super::tab::{Shown, Tab};
use crate::session::Session;

#[test]
fn every_page_can_be_read_everywhere() {
    let Some(mut browser) = Browser::start("looks") else {
        return;
    };
    let session = Session::new("page-looks");
    for page in pages::all(&session) {
        for is_dark in [false, true] {
            for width in [360, 1280] {
                let shown = Shown { width, is_dark, ..Shown::default() };
                let at = format!("{}: {shown:?}", page.name);
                let mut tab = Tab::open(&mut browser, &page.file, shown);
                // What is folded is to be read, too.
                tab.ask(
                    "document.querySelectorAll('details').forEach((part) => { part.open = true; })",
                );
                let width_of_all =
                    tab.ask("document.documentElement.scrollWidth").as_u64().unwrap();
                assert!(width_of_all <= u64::from(width), "{at}: {width_of_all} wide");
                let dark = tab.ask("matchMedia('(prefers-color-scheme: dark)').matches");
                assert_eq!(dark, json!(is_dark));
                let stumbles = tab.stumbles();
                assert!(stumbles.is_empty(), "{at}\n{}", stumbles.join("\n"));
                assert_eq!(tab.complaints(), Vec::<String>::new(), "{at}");
            }
        }
    }
}

/// Faults, and what is said of each.
const FAULTS: [(&str, &str); 8] = [
    ("document.querySelector('.answer').style.color = '#aaaaaa'", "contrast"),
    ("document.querySelector('.chart text').setAttribute('style', 'fill: #cccccc')", "contrast"),
    ("document.querySelector('caption').textContent = ''", "no caption"),
    ("document.querySelector('.bar').removeAttribute('aria-label')", "no name"),
    ("document.querySelector('th button').textContent = ''", "no label"),
    ("document.querySelector('h2').outerHTML = '<h4>too deep</h4>'", "heading after level 1"),
    ("document.querySelectorAll('table')[1].id = 'layers'", "id twice"),
    ("document.querySelector('th').removeAttribute('scope')", "no scope"),
];

#[test]
fn the_checks_find_faults() {
    let Some(mut browser) = Browser::start("faults") else {
        return;
    };
    let session = Session::new("page-faults");
    let page = pages::of(&session, "run");
    for (fault, said) in FAULTS {
        let mut tab = Tab::open(&mut browser, &page.file, Shown::default());
        tab.ask(&format!("void ({fault})"));
        let stumbles = tab.stumbles();
        assert!(stumbles.iter().any(|text| text.starts_with(said)), "{fault}: {stumbles:?}");
    }
}

#[test]
fn paper_is_wide_enough() {
    let Some(mut browser) = Browser::start("paper") else {
        return;
    };
    let session = Session::new("page-paper");
    let page = pages::of(&session, "run");
    // A4 upright between its margins, at 96 dots an inch.
    let shown = Shown { width: 695, ..Shown::default() };
    let mut tab = Tab::open(&mut browser, &page.file, shown);
    tab.print();
    let width = tab.ask("document.documentElement.scrollWidth").as_u64().unwrap();
    assert!(width <= 695, "{width} wide");
    assert_eq!(tab.ask("document.querySelector('nav').checkVisibility()"), json!(false));
}
