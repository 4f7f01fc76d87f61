//! Pages, opened in a real browser: headless Chromium, by real clicks and keys.
//!
//! Without a browser they are skipped, and say so; with `SMSCHAIN_BROWSER=required` they fail.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, says what it skips, and is no result"
)]

#[allow(dead_code, reason = "the sessions of the command line use more of it")]
#[path = "cli/session.rs"]
mod session;

mod page {
    pub(crate) mod browser;
    pub(crate) mod pages;
    pub(crate) mod tab;

    mod looks;
    mod pictures;
    mod reach;
    mod works;
}
