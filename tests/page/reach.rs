//! Nothing of the page hangs on its scripts, and no text becomes one.

use serde_json::json;

use super::browser::Browser;
use super::pages;
use super::tab::{Shown, Tab};
use crate::session::Session;

/// Texts of a page that a person reads, and how much of it there is.
const READ: &str = "(() => { const all = (what) => document.querySelectorAll(what).length; return { \
    answer: document.querySelector('.answer').innerText, rows: all('tbody tr'), charts: all('figure svg'), \
    command: document.querySelector('pre code').innerText, buttons: all('button'), titles: all('.marks title') }; })()";

#[test]
fn with_scripts_off_all_is_there() {
    let Some(mut browser) = Browser::start("reach") else {
        return;
    };
    let session = Session::new("page-reach");
    for page in pages::all(&session) {
        let with = Tab::open(&mut browser, &page.file, Shown::default()).ask(READ);
        let shown = Shown { scripts: false, ..Shown::default() };
        let mut tab = Tab::open(&mut browser, &page.file, shown);
        let without = tab.ask(READ);
        for same in ["answer", "rows", "charts", "command"] {
            assert_eq!(with[same], without[same], "{}: {same}", page.name);
        }
        // No button that does nothing, and the values where the browser itself shows them.
        assert_eq!(without["buttons"], json!(0));
        assert!(without["titles"].as_u64() > Some(5), "{without}");
        assert_eq!(with["titles"], json!(0));
        let stumbles = tab.stumbles();
        assert!(stumbles.is_empty(), "{}\n{}", page.name, stumbles.join("\n"));
        assert_eq!(tab.complaints(), Vec::<String>::new(), "{}", page.name);
    }
}

#[test]
fn a_text_of_the_scenario_is_no_script() {
    let Some(mut browser) = Browser::start("attack") else {
        return;
    };
    let session = Session::new("page-attack");
    let attack = "</code></pre><script>document.title='taken'</script><img src=x onerror=document.title='taken'>";
    let mut command = session.command("run small.toml --quiet --out run --set");
    let ended = command.arg(format!("scenario.summary={attack}")).output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    let file = session.folder.join("run").join("report.html");
    let mut tab = Tab::open(&mut browser, &file, Shown::default());
    assert_ne!(tab.ask("document.title"), json!("taken"));
    assert_eq!(tab.ask("document.images.length"), json!(0));
    let command = tab.ask("document.querySelector('pre code').textContent");
    assert!(command.as_str().unwrap().contains("<script>"), "{command}");
    assert_eq!(tab.complaints(), Vec::<String>::new());
    // Were it ever to get there: the policy does not let it run, and the browser says so.
    tab.ask(
        "document.body.append(Object.assign(document.createElement('script'), \
             { textContent: \"document.title = 'taken'\" }))",
    );
    assert_ne!(tab.ask("document.title"), json!("taken"));
    assert!(!tab.complaints().is_empty());
}
