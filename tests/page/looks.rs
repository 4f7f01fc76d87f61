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
