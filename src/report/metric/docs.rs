//! The table of docs/results.md.

use super::all;

/// The text around it on the page.
const AROUND: [&str; 2] = ["<!-- figures -->\n", "<!-- /figures -->"];

/// Every figure: path, what it is called, which way it is better, and what it means.
fn table() -> String {
    let rows = all().map(|metric| {
        let better = metric.better.map_or("", |better| better.name());
        format!("| `{}` | {} | {better} | {} |\n", metric.path, metric.label, metric.meaning)
    });
    let head = "| path | called | better | meaning |\n|---|---|---|---|\n".to_owned();
    head + &rows.collect::<String>()
}

#[test]
fn the_page_has_every_figure() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/results.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(AROUND[0]).unwrap();
    let (_, after) = rest.split_once(AROUND[1]).unwrap();
    let written = format!("{before}{}{}{}{after}", AROUND[0], table(), AROUND[1]);
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        std::fs::write(path, &written).unwrap();
        return;
    }
    assert!(page == written, "docs/results.md is out of date: run this with SMSCHAIN_BLESS=1");
}
