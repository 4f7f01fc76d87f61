//! What it takes to read a delivery log of a million rows.
//!
//! `cargo bench --bench logs`; `SMSCHAIN_LOG=FILE cargo bench --bench logs` reads a file of one's own
//! instead, once, `-- gather` gathers it as `fit -j 1` does, `-- beside` as `fit` with more threads.
//! `benches/peers/group.py` has DuckDB group the same file.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use smschain::fit::Gathered;
use smschain::logs::{Format, Options, Row, Status, read, read_beside};

const ROWS: u32 = 1_000_000;

fn main() {
    if let Some(path) = std::env::var_os("SMSCHAIN_LOG") {
        return own(&path);
    }
    for (format, log) in [(Format::Csv, table()), (Format::TwilioBulk, objects())] {
        let began = Instant::now();
        let mut delivered = 0_u64;
        let inputs = [("a log".to_owned(), Ok(log.as_slice()))];
        let account = read(inputs, &Options::default(), &mut |row| {
            delivered += u64::from(row.status == Status::Delivered);
        });
        let took = began.elapsed().as_secs_f64();
        assert!(account.is_ok_and(|account| account.format == format && account.used > 0));
        let (rate, size) = (f64::from(ROWS) / took / 1e6, log.len() as f64 / 1e6);
        println!("{}: {took:.2} s, {rate:.2} million rows/s, {size:.0} MB", format.name());
    }
}

/// Reads a file of one's own, and gathers it if asked to.
fn own(path: &OsStr) {
    let asked = |name: &str| std::env::args().any(|argument| argument == name);
    let began = Instant::now();
    let inputs = [(path.to_string_lossy().into_owned(), File::open(path))];
    let (mut gathered, mut delivered) = (Gathered::new(), 0_u64);
    let gathers = asked("gather") || asked("beside");
    let mut each = |row: &Row<'_>| {
        delivered += u64::from(row.status == Status::Delivered);
        if gathers {
            gathered.add(row);
        }
    };
    let read = if asked("beside") { read_beside } else { read };
    match read(inputs, &Options::default(), &mut each) {
        Ok(account) => {
            let took = began.elapsed();
            println!("{} rows, {delivered} delivered, {took:.2?}", account.rows);
        }
        Err(error) => println!("{error}"),
    }
}

fn table() -> Vec<u8> {
    let mut log = Vec::new();
    log.extend(
        b"id,submitted,sent,done,status,error,provider,carrier,sender,recipient,segments,price\n",
    );
    for number in 0..ROWS {
        let (second, ms) = (number / 50 % 60, number % 50 * 20);
        let (minute, hour) = (number / 3_000 % 60, number / 180_000);
        let failed = number % 20 == 7;
        let (status, error) = if failed { ("undelivered", "11") } else { ("delivered", "") };
        let _written = writeln!(
            log,
            "{:08x}-{number:08},2026-01-31T{hour:02}:{minute:02}:{second:02}.{ms:03}Z,\
             2026-01-31T{hour:02}:{minute:02}:{second:02}.{:03}Z,\
             2026-01-31T{hour:02}:{minute:02}:{second:02}.999Z,{status},{error},alpha,northwind,ACME,\
             44770{:07},1,0.0079",
            number.wrapping_mul(2_654_435_761),
            ms + 11,
            number.wrapping_mul(40_503) % 10_000_000,
        );
    }
    log
}

fn objects() -> Vec<u8> {
    let mut log = Vec::new();
    for number in 0..ROWS {
        let (minute, second) = (number / 3_000 % 60, number / 50 % 60);
        let _written = writeln!(
            log,
            "{{\"sid\":\"SM{number:032x}\",\"account_sid\":\"AC1\",\"from\":\"ACME\",\
             \"to\":\"+44770{:07}\",\"body\":\"Your code is 111111\",\"status\":\"delivered\",\
             \"direction\":\"outbound-api\",\"num_segments\":\"1\",\
             \"date_created\":\"2026-01-31T09:{minute:02}:{second:02}Z\",\
             \"date_sent\":\"2026-01-31T09:{minute:02}:{second:02}Z\",\
             \"date_updated\":\"2026-01-31T10:{minute:02}:{second:02}Z\",\"error_code\":null}}",
            number % 10_000_000,
        );
    }
    log
}
