//! Pages as the program writes them.

use std::path::PathBuf;

use super::super::session::Session;

/// Where a command's page is.
pub(crate) struct Written {
    pub(crate) name: &'static str,
    pub(crate) file: PathBuf,
}

/// Command lines, and the page each writes.
const COMMANDS: [(&str, &str, &str); 2] = [
    ("run", "run small.toml", "report.html"),
    ("compare", "compare small.toml --policies none,fixed,full-jitter -n 2", "compare.html"),
];

/// The pages of all commands that write one, in a folder that goes with the session.
pub(crate) fn all(session: &Session) -> Vec<Written> {
    COMMANDS.map(|(name, command, page)| write(session, name, command, page)).into()
}

/// One of them, by the command's name.
pub(crate) fn of(session: &Session, wanted: &str) -> Written {
    let (name, command, page) =
        COMMANDS.into_iter().find(|(name, ..)| *name == wanted).expect("a command with a page");
    write(session, name, command, page)
}

fn write(session: &Session, name: &'static str, command: &str, page: &str) -> Written {
    let ended = session.run(&format!("{command} --quiet --out {name}"));
    assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
    let file = session.folder.join(name).join(page);
    assert!(file.exists(), "{command} wrote no {page}");
    Written { name, file }
}
