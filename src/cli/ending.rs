//! The end of a command.

use std::path::Path;

use crate::scenario::{Errors, Located, nearest, spelt_out_in_line};

/// Exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// Done.
    Ok,
    /// The answer to the question is no.
    No,
    /// Bad input or usage.
    Input,
    /// Reading or writing failed.
    Io,
    /// A fault of the simulator.
    Fault,
    /// Interrupted, as by Ctrl-C.
    Interrupted,
}

impl Exit {
    pub(super) const fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::No => 1,
            Exit::Input => 2,
            Exit::Io => 3,
            Exit::Fault => 4,
            Exit::Interrupted => 130,
        }
    }
}

/// A command that didn't get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) exit: Exit,
    pub(super) text: String,
    /// `text` has its own `error:`.
    pub(super) rendered: bool,
    /// Each mistake with its place, if it is about mistakes.
    pub(super) mistakes: Vec<Located>,
}

impl Ending {
    pub(super) fn new(exit: Exit, text: impl Into<String>) -> Ending {
        Ending { exit, text: text.into(), rendered: false, mistakes: Vec::new() }
    }

    /// Bad input or usage.
    pub(super) fn usage(text: impl Into<String>) -> Ending {
        Ending::new(Exit::Input, text)
    }

    /// Mistakes in a scenario or an option.
    pub(super) fn mistakes(errors: &Errors, colour: bool) -> Ending {
        let mistakes = errors.located();
        Ending { mistakes, ..Ending::rendered(Exit::Input, errors.render(colour)) }
    }

    /// A name that none of a kind has, what there is, and where more is said.
    pub(super) fn unknown<'name>(
        kind: &str,
        name: &str,
        known: impl Iterator<Item = &'name str> + Clone,
        more: &str,
    ) -> Ending {
        let near = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`? There are"),
            None => "there are".to_owned(),
        };
        let known = known.collect::<Vec<_>>().join(", ");
        Ending::usage(format!("there is no {kind} `{name}`: {near} {known}; {more}"))
    }

    /// A text that already says that it is an error, where, and the way out.
    pub(super) fn rendered(exit: Exit, text: String) -> Ending {
        Ending { exit, text, rendered: true, mistakes: Vec::new() }
    }

    /// A fault of the simulator, and the command that shows it again.
    pub(super) fn fault(what: &dyn std::fmt::Display, again: &str) -> Ending {
        let text = format!(
            "internal fault: {what}\nThis is a bug in smschain {}, not in your scenario. It \
             happens again with:\n  {again}",
            env!("CARGO_PKG_VERSION")
        );
        Ending::rendered(Exit::Fault, text)
    }

    /// Reading or writing `path` failed.
    pub(super) fn io(what: &str, path: &Path, error: &std::io::Error) -> Ending {
        let path = spelt_out_in_line(&path.display().to_string());
        Ending::new(Exit::Io, format!("can't {what} {path}: {error}"))
    }

    /// Part of the interface, not of this version.
    pub(super) fn not_yet(what: &str) -> Ending {
        Ending::usage(format!(
            "not yet: `{what}` is planned; `smschain --help` lists what this version has"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_interface() {
        let all = [Exit::Ok, Exit::No, Exit::Input, Exit::Io, Exit::Fault, Exit::Interrupted];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3, 4, 130]);
        // Of several files the worst decides.
        assert!(all.is_sorted());
    }
}
