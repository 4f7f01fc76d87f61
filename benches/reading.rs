//! What it takes to read a scenario of many mistakes, and a log of many rows: as long as they are many.
//!
//! `cargo bench --bench reading`; where twice as many take four times as long, something is quadratic.

use divan::Bencher;
use smschain::scenario::{Overrides, Source, load};

const COUNTS: [usize; 3] = [5_000, 10_000, 20_000];

fn main() {
    divan::main();
}

/// Reads a scenario that is wrong, and finds the line and column of each mistake.
fn wrong(bencher: Bencher<'_, '_>, text: String) {
    let source = Source { name: "wrong.toml".to_owned(), text, base: "".into() };
    bencher.bench(|| load(&source, &Overrides::default()).err().map(|errors| errors.located()));
}

fn many(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

/// Unknown keys, a line each.
#[divan::bench(args = COUNTS)]
fn unknown_keys(bencher: Bencher<'_, '_>, count: usize) {
    wrong(bencher, many(count, |index| format!("bogus{index} = 1\n")));
}

/// Tables in one line, with a mistake in each.
#[divan::bench(args = COUNTS)]
fn tables_in_one_line(bencher: Bencher<'_, '_>, count: usize) {
    let tables = many(count, |index| format!("{{ name = \"p{index}\", windw = 1 }}, "));
    wrong(bencher, format!("provider = [{tables}]\n"));
}

/// Mistakes of syntax in one line.
#[divan::bench(args = COUNTS)]
fn syntax_in_one_line(bencher: Bencher<'_, '_>, count: usize) {
    wrong(bencher, format!("x = [{}]\n", "= \"a\", ".repeat(count)));
}

/// Brackets that are never closed.
#[divan::bench(args = COUNTS)]
fn never_closed(bencher: Bencher<'_, '_>, count: usize) {
    wrong(bencher, format!("x = {}\n", "{a = [".repeat(count)));
}
