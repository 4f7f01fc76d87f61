//! A number of the build: a hash of what the program is made of. Results don't carry it; kept runs
//! do, so that no program takes those of another.

#![allow(clippy::print_stdout, reason = "that is how a build script says something")]

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
    below(Path::new("src"), &mut files);
    files.sort();
    // FNV-1a, as for fingerprints.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut write = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for file in &files {
        write(file.to_string_lossy().replace('\\', "/").as_bytes());
        write(&[0]);
        // A package that is built as a part of another has no lock file of its own.
        write(&fs::read(file).unwrap_or_default());
        write(&[0]);
    }
    println!("cargo:rustc-env=SMSCHAIN_BUILD={hash:016x}");
    for path in ["build.rs", "Cargo.toml", "Cargo.lock", "src"] {
        println!("cargo:rerun-if-changed={path}");
    }
}

fn below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            below(&path, files);
        } else {
            files.push(path);
        }
    }
}
