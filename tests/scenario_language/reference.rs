//! docs/scenario.md is what the table of fields says. `SMSCHAIN_BLESS=1` writes it anew.

#[test]
fn the_reference_page_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scenario.md");
    let page = smschain::scenario::docs::markdown();
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page, "docs/scenario.md is out of date: run this test with SMSCHAIN_BLESS=1");
}
