//! The line that repeats what was done.

use std::ffi::OsString;

/// The arguments as a shell takes them, the program by its name.
pub(super) fn quoted(arguments: &[OsString]) -> String {
    let mut line = String::from("smschain");
    for argument in arguments.iter().skip(1) {
        line.push(' ');
        line.push_str(&quote(&argument.to_string_lossy()));
    }
    line
}

/// One argument as a shell takes it.
pub(super) fn quote(argument: &str) -> String {
    let safe =
        |character: char| character.is_ascii_alphanumeric() || "-_./=:,%@+".contains(character);
    if !argument.is_empty() && argument.chars().all(safe) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_given() {
        assert_eq!(quote("scenarios/a-1.toml"), "scenarios/a-1.toml");
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's"), "'it'\\''s'");
        assert_eq!(quote(""), "''");
        let arguments = ["/x/smschain", "run", "a b.toml"].map(OsString::from);
        assert_eq!(quoted(&arguments), "smschain run 'a b.toml'");
    }
}
