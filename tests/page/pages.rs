//! Pages as the program writes them.

use std::path::PathBuf;

use super::super::session::Session;

/// Where a command's page is.
pub(crate) struct Written {
    pub(crate) name: &'static str,
    pub(crate) file: PathBuf,
}

/// Command lines, each of which writes a page.
const COMMANDS: [(&str, &str); 5] = [
    ("run", "run small.toml"),
    ("sweep", "sweep small.toml --scale 0.5,1,4 -n 2"),
    (
        "sensitivity",
        "sweep small.toml --sensitivity 10% -n 2 --set scenario.duration=1m \
         --set scenario.warmup=0s",
    ),
    (
        "capacity",
        "capacity small.toml --slo divergence.api_vs_on_time<30% -n 5 --max-replications 10 \
         --tolerance 20% --set scenario.duration=1m --set scenario.warmup=0s",
    ),
    ("compare", "compare small.toml --policies none,fixed,full-jitter -n 2"),
];

/// The pages of all commands that write one, in a folder that goes with the session.
pub(crate) fn all(session: &Session) -> Vec<Written> {
    COMMANDS.map(|(name, command)| write(session, name, command)).into()
}

/// One of them, by the command's name.
pub(crate) fn of(session: &Session, wanted: &str) -> Written {
    let (name, command) =
        COMMANDS.into_iter().find(|(name, ..)| *name == wanted).expect("a command with a page");
    write(session, name, command)
}

fn write(session: &Session, name: &'static str, command: &str) -> Written {
    let ended = session.run(&format!("{command} --quiet --out {name}"));
    assert!(matches!(ended.code, Some(0 | 1)), "{ended:?}");
    let file = session.folder.join(name).join("report.html");
    assert!(file.exists(), "{command} wrote no page");
    Written { name, file }
}
