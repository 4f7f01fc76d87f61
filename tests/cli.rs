//! Whole sessions of the command line.

mod cli {
    pub(crate) mod session;

    mod check;
    mod help;
    mod not_yet;
    mod run;
    mod streams;
}
