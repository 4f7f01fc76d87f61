//! `smschain init`: a starter scenario.

mod templates;

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::Init as Options;
use super::ending::{Ending, Exit};
use super::terminal::{self, Terminal};
use super::whole_file::WholeFile;
use crate::report::table::named_table;
use crate::report::{SCHEMA_FILE, json_schema, to_json};
use crate::scenario::{is_name, open_regular};
pub(super) use templates::TEMPLATES;
use templates::Template;

/// The template of those who don't choose.
const STARTER: &str = "starter";

/// Writes the scenario and says what to do with it, or lists the templates.
pub(super) fn init(options: &Options) -> Result<Exit, Ending> {
    let terminal = Terminal::quiet(options.color, options.quiet);
    if options.list {
        let look = terminal.look();
        let templates = TEMPLATES.iter().map(|template| (template.name, template.summary()));
        terminal::result(&named_table(templates, look))?;
        terminal.remark("\n  next: smschain init NAME --template TEMPLATE");
        return Ok(Exit::Ok);
    }
    let template = chosen(options.template.as_deref().unwrap_or(STARTER))?;
    let name = options.name.as_deref().unwrap_or(template.name);
    if name == "-" {
        terminal::result_file(&template.filled(template.name, "-"))?;
        return Ok(Exit::Ok);
    }
    // The name of a template is more likely asked for as one than as that of another's scenario.
    let named = |known: &&Template| options.template.is_none() && known.name == name;
    if let Some(known) = TEMPLATES.iter().find(named).filter(|known| known.name != STARTER) {
        return Err(is_a_template(known));
    }
    let path = file(name)?;
    let shown = path.display().to_string();
    if fs::symlink_metadata(&path).is_ok() {
        return Err(taken(&path, template));
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let schema = Schema::beside(&path);
    let started = |path: &Path, text: &str| -> Result<WholeFile, Ending> {
        let failed = |error| Ending::io("write", path, &error);
        let mut file = WholeFile::create_new(path).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        Ok(file)
    };
    // Both or neither.
    let scenario = started(&path, &template.filled(&stem, &shown))?;
    if schema.is_new {
        let file = started(&schema.path, &schema.text)?;
        file.finish().map_err(|error| Ending::io("write", &schema.path, &error))?;
    }
    scenario.finish().map_err(|error| Ending::io("write", &path, &error))?;
    terminal.remark(&format!(
        "wrote {shown}: {}{}\n\n  next: smschain run {shown}\n  then: change it, and look up a key \
         with smschain explain provider.window",
        template.summary(),
        schema.remark()
    ));
    Ok(Exit::Ok)
}

/// The schema that a starter's first line names, for editors.
struct Schema {
    path: PathBuf,
    text: String,
    /// It isn't there yet.
    is_new: bool,
}

impl Schema {
    fn beside(scenario: &Path) -> Schema {
        let path = scenario.with_file_name(SCHEMA_FILE);
        let is_new = fs::symlink_metadata(&path).is_err();
        Schema { path, text: to_json(&json_schema()), is_new }
    }

    /// A remark on what was done about it; none if it was there.
    fn remark(&self) -> String {
        let shown = self.path.display();
        if self.is_new {
            return format!("\nwrote {shown}: editors complete and explain keys by it");
        }
        let mut there = Vec::new();
        let read = open_regular(&self.path, true).and_then(|mut file| file.read_to_end(&mut there));
        match read {
            Ok(_) if there == self.text.as_bytes() => String::new(),
            _ => format!(
                "\n{shown} is there already and stays as it is, though it isn't this version's: \
                 smschain schema > {shown}"
            ),
        }
    }
}

fn chosen(name: &str) -> Result<&'static Template, Ending> {
    TEMPLATES.iter().find(|template| template.name == name).ok_or_else(|| {
        let known = TEMPLATES.iter().map(|template| template.name);
        let more = "`smschain init --list` says what each is";
        Ending::unknown("template", name, known, more)
    })
}

/// The file for a name, or for a path whose file has one.
fn file(name: &str) -> Result<PathBuf, Ending> {
    let path = match name.strip_suffix(".toml") {
        Some(_) => PathBuf::from(name),
        None => PathBuf::from(format!("{name}.toml")),
    };
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some(stem) if is_name(stem) => Ok(path),
        _ => Err(Ending::usage(format!(
            "`{name}` is no name of a scenario: expected 1 to 64 letters, digits, `_` or `-`"
        ))),
    }
}

/// The name is a template's: what may be meant.
fn is_a_template(known: &Template) -> Ending {
    let name = known.name;
    Ending::usage(format!(
        "`{name}` is a template: {}\n  for that one: smschain init --template {name}\n  for a \
             scenario of that name from another: smschain init {name} --template {STARTER}",
        known.summary()
    ))
}

/// The file is there: the way out is another name that isn't.
fn taken(path: &Path, template: &Template) -> Ending {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let free = (2_u32..).map(|number| path.with_file_name(format!("{stem}-{number}.toml")));
    let free = free.take(1_000).find(|path| fs::symlink_metadata(path).is_err());
    let other = free.unwrap_or_else(|| path.with_file_name("another-name.toml"));
    let option = match template.name {
        STARTER => String::new(),
        name => format!(" --template {name}"),
    };
    Ending::usage(format!(
        "{} is there already, and stays as it is\n  try: smschain init {}{option}",
        path.display(),
        other.with_extension("").display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_file() {
        assert_eq!(file("evening").unwrap(), Path::new("evening.toml"));
        assert_eq!(file("dir/evening.toml").unwrap(), Path::new("dir/evening.toml"));
        for name in ["", "a b", "dir/", "ünï", ".toml"] {
            assert!(file(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_template_is_chosen_by_name() {
        assert_eq!(chosen("otp").unwrap().name, "otp");
        assert!(chosen("opt").unwrap_err().text.contains("did you mean `otp`?"));
    }
}
