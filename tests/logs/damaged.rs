//! Logs that were damaged on the way: cut, with bytes changed, lines swapped, of other encodings.

use std::fs;

use smschain::logs::{Options, Reason};

use crate::{balanced, folder, read_bytes};

/// Damaged copies of each fixture.
const COPIES: u64 = 16;

#[test]
fn hundreds_of_damaged_logs_have_an_account_each() {
    let mut paths: Vec<_> =
        fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    let (mut read, mut refused) = (0, 0);
    for (index, path) in (1_u64..).zip(&paths) {
        let seed = fs::read(path).unwrap();
        for copy in 0..COPIES {
            let bytes = damaged(&seed, copy, index << 32 | copy);
            eprintln!("{}, copy {copy}", path.display());
            let (account, rows) = read_bytes(&bytes, &Options::default());
            match account {
                Ok(account) => {
                    read += 1;
                    balanced(&account);
                    assert_eq!(account.used, rows.len() as u64);
                    // Whatever is left out is told with its place.
                    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
                    let zipped = bytes.starts_with(b"\x1f\x8b");
                    for rejected in &account.rejected {
                        assert!(rejected.count > 0 && !rejected.reason.text().is_empty());
                        assert!(zipped || (1..=lines as u64 + 1).contains(&rejected.line));
                    }
                    secret(&format!("{account:?}"));
                }
                Err(error) => {
                    refused += 1;
                    let told = error.to_string();
                    assert!(told.contains("`log`") && told.len() < 1_000, "{told}");
                    secret(&told);
                }
            }
        }
    }
    assert!(read + refused >= 300 && read > refused, "{read} read, {refused} refused");
}

#[test]
fn what_is_made_to_be_slow_is_not() {
    let head = fs::read_to_string(folder().join("kannel-access.log")).unwrap();
    let brackets = format!("{head}2026-01-31 09:00:01 Sent SMS [msg:9:{}\n", "] [".repeat(300_000));
    let (account, _) = read_bytes(brackets.as_bytes(), &Options::default());
    assert_eq!(account.unwrap().rows, 10);
    let quotes = format!("submitted,status\n{}", "1769850000\" x,\"sent\n".repeat(100_000));
    let (account, _) = read_bytes(quotes.as_bytes(), &Options::default());
    let account = account.unwrap();
    assert_eq!((account.rows, account.rejected.len()), (100_000, 1));
    assert_eq!(account.rejected[0].reason, Reason::Unclosed);
    // Brackets that are never closed.
    let (account, _) = read_bytes("{\"sid\":[".repeat(500_000).as_bytes(), &Options::default());
    assert!(account.is_err());
}

/// No body and no number of the fixtures.
fn secret(told: &str) {
    for secret in ["77009001", "Your code", "111111"] {
        assert!(!told.contains(secret), "{told}");
    }
}

/// A copy that was damaged in one way; the same for the same numbers.
fn damaged(seed: &[u8], way: u64, number: u64) -> Vec<u8> {
    let mut state = number;
    // SplitMix64.
    let mut below = |bound: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    };
    let mut bytes = seed.to_vec();
    let lines: Vec<&[u8]> = seed.split_inclusive(|byte| *byte == b'\n').collect();
    match way % 12 {
        // Cut anywhere.
        0 => bytes.truncate(below(seed.len())),
        // Begun anywhere.
        1 => drop(bytes.drain(..below(seed.len()))),
        2 => {
            for _ in 0..=below(8) {
                let at = below(bytes.len());
                bytes[at] = below(256) as u8;
            }
        }
        // A quote, a bracket, a separator too many.
        3 => {
            for _ in 0..3 {
                bytes.insert(below(bytes.len()), b"\"'{}[],;:&=\\\n\0"[below(14)]);
            }
        }
        4 => {
            let (a, b) = (below(lines.len()), below(lines.len()));
            let mut swapped = lines.clone();
            swapped.swap(a, b);
            bytes = swapped.concat();
        }
        5 => {
            let at = below(lines.len());
            let mut doubled = lines.clone();
            doubled.insert(at, lines[at]);
            doubled.remove(below(doubled.len()));
            bytes = doubled.concat();
        }
        // Latin-1, and UTF-16.
        6 => bytes.iter_mut().step_by(7 + below(40)).for_each(|byte| *byte |= 0x80),
        7 => {
            let wide = seed.iter().flat_map(|byte| [*byte, 0]);
            bytes = b"\xff\xfe".iter().copied().chain(wide).collect();
        }
        8 => {
            let text = String::from_utf8_lossy(seed).replace('\n', "\r\n");
            bytes = format!("\u{feff}{text}").into_bytes();
        }
        9 => bytes.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b'\r'),
        // A line that never ends.
        10 => {
            let at = below(seed.len());
            bytes.splice(at..at, std::iter::repeat_n(b'x', (1 << 20) + below(1 << 20)));
        }
        _ => bytes = vec![b"\0\n{[\" "[below(6)]; below(5)],
    }
    bytes
}
