//! Tables are sorted and marks tell their values, by mouse and by keys.

use serde_json::json;

use super::browser::Browser;
use super::pages;
use super::tab::{Shown, Tab};
use crate::session::Session;

/// The first cells of a table's rows, from above.
const NAMES: &str =
    "[...document.querySelectorAll('#lost tbody tr')].map((row) => row.cells[0].textContent)";
const COUNTS: &str =
    "[...document.querySelectorAll('#lost tbody tr')].map((row) => Number(row.cells[1].dataset.v))";
const SORTED: &str = "[...document.querySelectorAll('#lost thead th')].map((head) => head.getAttribute('aria-sort'))";

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn tables_are_sorted_and_marks_tell_their_values() {
    let Some(mut browser) = Browser::start("works") else {
        return;
    };
    let session = Session::new("page-works");
    let page = pages::of(&session, "run");
    let mut tab = Tab::open(&mut browser, &page.file, Shown::default());

    // By mouse: up, then down.
    let before = tab.ask(NAMES);
    assert!(before.as_array().unwrap().len() > 2, "{before}");
    assert_eq!(tab.ask(SORTED), json!([null, null, null, null]));
    tab.click("#lost thead th:first-child button");
    let mut names: Vec<String> = serde_json::from_value(tab.ask(NAMES)).unwrap();
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(tab.ask(SORTED), json!(["ascending", null, null, null]));
    tab.click("#lost thead th:first-child button");
    names.reverse();
    assert_eq!(tab.ask(NAMES), json!(names));
    assert_eq!(tab.ask(SORTED), json!(["descending", null, null, null]));

    // By keys: from there to the next heading, whose numbers come largest first.
    tab.key("Tab");
    tab.key("Enter");
    let counts = numbers(&tab.ask(COUNTS));
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    assert_eq!(tab.ask(SORTED), json!([null, "descending", null, null]));
    tab.key("Enter");
    let counts = numbers(&tab.ask(COUNTS));
    assert!(counts.is_sorted(), "{counts:?}");

    // The value under the mouse, in the bar and in every chart.
    let tip = "(() => { const tip = document.querySelector('.tip'); \
               return tip.hidden ? null : tip.textContent; })()";
    let figures = tab.ask("document.querySelectorAll('figure svg').length").as_u64().unwrap();
    assert!(figures > 1, "no charts");
    tab.ask(
        "[...document.querySelectorAll('figure svg')].forEach((svg, index) => { const marks = \
             svg.querySelectorAll('.marks [tabindex]'); svg.dataset.at = index; \
             marks[0].dataset.first = index; marks[marks.length - 1].dataset.last = index; })",
    );
    for figure in 0..figures {
        let mark = format!("[data-last='{figure}']");
        let name = tab.ask(&format!("document.querySelector({mark:?}).getAttribute('aria-label')"));
        tab.hover(&mark);
        let shown = tab.ask(tip);
        assert!(shown.is_string(), "figure {figure}: nothing is shown for {name}");
        // Marks may lie over one another; what is shown belongs to one of this chart.
        let known = tab.ask(&format!(
            "[...document.querySelectorAll(`[data-at='{figure}'] .marks [tabindex]`)].some((mark) => \
             mark.getAttribute('aria-label') === {shown})"
        ));
        assert_eq!(known, json!(true), "figure {figure}: {shown}");
    }

    // And by keys: one stop a chart, arrows within it.
    tab.ask("document.querySelector('.outcome [tabindex=\"0\"]').focus()");
    let first = tab.ask(tip);
    assert!(first.is_string(), "{first}");
    tab.key("ArrowRight");
    let second = tab.ask(tip);
    assert!(second.is_string() && second != first, "{first} {second}");
    assert_eq!(tab.ask("document.querySelectorAll('.outcome [tabindex=\"0\"]').length"), json!(1));
    tab.key("ArrowLeft");
    assert_eq!(tab.ask(tip), first);
    tab.key("Escape");
    assert_eq!(tab.ask(tip), json!(null));
    assert_eq!(tab.complaints(), Vec::<String>::new());
}
