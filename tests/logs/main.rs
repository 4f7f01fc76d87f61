//! Reading logs: what each format's fixture says, and what is made of damaged ones.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a test that fails shows which log it was given last")]

mod bodies;
mod damaged;
mod dates;
mod files;
mod formats;
mod options;

use std::fs;
use std::path::{Path, PathBuf};

use smschain::logs::{Account, Error, Options, Row, read};

/// The folder of the fixtures.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/logs")
}

/// A row without what is borrowed.
fn written(row: &Row<'_>) -> String {
    let mut parts = vec![format!("{:?}", row.status)];
    let mut part = |name: &str, value: Option<String>| {
        parts.extend(value.map(|value| format!("{name}={value}")));
    };
    let text = |text: Option<&str>| text.map(str::to_owned);
    part("id", text(row.id));
    let time = |time: Option<smschain::logs::Time>| time.map(|time| instant(time.0));
    part("submitted", time(row.submitted));
    part("sent", time(row.sent));
    part("done", time(row.done));
    part("received", time(row.received));
    part("unreceived", row.unreceived.then(|| "true".to_owned()));
    part("failure", row.failure.map(|failure| format!("{failure:?}")));
    part("code", text(row.code));
    part("provider", text(row.provider));
    part("carrier", text(row.carrier));
    part("sender", text(row.sender));
    part("route", text(row.route));
    part("recipient", row.recipient.map(|_| "hashed".to_owned()));
    part("segments", row.segments.map(|count| count.to_string()));
    part("chars", row.chars.map(|count| count.to_string()));
    part("price", row.price.map(|price| price.to_string()));
    part("attempts", row.attempts.map(|count| count.to_string()));
    parts.join(" ")
}

/// Nanoseconds since 1970 as people write them.
fn instant(ns: i64) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(ns)).unwrap().to_string()
}

/// Reads bytes as one input.
fn read_bytes(bytes: &[u8], options: &Options) -> (Result<Account, Error>, Vec<String>) {
    let mut rows = Vec::new();
    let inputs = [("log".to_owned(), Ok(bytes))];
    let account = read(inputs, options, &mut |row| rows.push(written(row)));
    (account, rows)
}

/// Reads a fixture.
fn fixture(name: &str, options: &Options) -> (Account, Vec<String>) {
    let bytes = fs::read(folder().join(name)).unwrap();
    let (account, rows) = read_bytes(&bytes, options);
    (account.unwrap_or_else(|error| panic!("{name}: {error}")), rows)
}

/// Rows used, rejected and put together are all the rows.
fn balanced(account: &Account) {
    let rejected: u64 = account.rejected.iter().map(|rejected| rejected.count).sum();
    assert_eq!(account.rows, account.used + account.joined + rejected, "{account:?}");
}
