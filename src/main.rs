//! The `smschain` binary: hands the arguments to the command line and the exit code back.
fn main() -> std::process::ExitCode {
    smschain::cli::main()
}
