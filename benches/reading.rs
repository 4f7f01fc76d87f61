//! What it takes to read a scenario of many mistakes, or of many names: as long as they are many.
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

/// Carriers, all of them served by a route and asked for by a stream.
#[divan::bench(args = COUNTS)]
fn carriers(bencher: Bencher<'_, '_>, count: usize) {
    read(bencher, many(count, |index| format!("[[carrier]]\nname = \"c{index}\"\n")));
}

/// Carriers with a route each.
#[divan::bench(args = COUNTS)]
fn routes(bencher: Bencher<'_, '_>, count: usize) {
    let each = |index: usize| {
        let route =
            format!("[[route]]\nid = {index}\nprovider = \"alpha\"\ncarriers = [\"c{index}\"]");
        format!("[[carrier]]\nname = \"c{index}\"\n{route}\n")
    };
    read(bencher, many(count, each));
}

/// Streams that a throttle tells apart by their senders.
#[divan::bench(args = COUNTS)]
fn streams(bencher: Bencher<'_, '_>, count: usize) {
    let each = |index: usize| {
        format!("[[traffic]]\nname = \"s{index}\"\narrivals.poisson = {{ rate = \"1/h\" }}\n")
    };
    read(bencher, format!("{}[[carrier]]\nname = \"c\"\n", many(count, each)));
}

/// Routes to providers that are not there.
#[divan::bench(args = COUNTS)]
fn names_of_nothing(bencher: Bencher<'_, '_>, count: usize) {
    let each = |index: usize| {
        format!(
            "[[provider]]\nname = \"p{index}\"\n[[route]]\nid = {index}\nprovider = \"q{index}\"\n"
        )
    };
    wrong(bencher, many(count, each));
}

/// Reads a scenario that is right, with these tables in it.
fn read(bencher: Bencher<'_, '_>, tables: String) {
    let rest = "[scenario]\nduration = \"1h\"\n\
                [[traffic]]\nname = \"otp\"\narrivals.poisson = { rate = \"1/s\" }\n\
                [[route]]\nid = 1000000\nprovider = \"alpha\"\n[[provider]]\nname = \"alpha\"\n\
                throttle = { rate = \"9/s\", burst = 1, scope = \"sender\" }\n";
    let text = format!("{rest}{tables}");
    let source = Source { name: "right.toml".to_owned(), text, base: "".into() };
    bencher
        .bench(|| load(&source, &Overrides::default()).ok().map(|scenario| scenario.fingerprint));
}
