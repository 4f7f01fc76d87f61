//! A fixture for each format: invented data in its true shape.

use smschain::logs::{Format, Options};

use crate::{balanced, fixture};

#[test]
fn show() {
    let mut names: Vec<_> = std::fs::read_dir(crate::folder())
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in names {
        let (account, rows) = fixture(&name, &Options::default());
        eprintln!("=== {name} {account:#?}");
        for row in rows {
            eprintln!("{row}");
        }
        balanced(&account);
    }
    let _ = Format::Csv;
}
