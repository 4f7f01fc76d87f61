//! From a text to a scenario ready to run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::checked::{Item, Record, Value};
use super::data::{self, Files, Memory};
use super::schema::ROOT;
use super::texts::Columns;
use super::tree::Node;
use super::{
    Bundle, beside, broken, bundle, defaults, fingerprint, foreign, lints, lower, parse, path,
    policies, reader, render, resolved,
};
use super::{DataFile, Diagnostic, DiagnosticKind, Errors, Place, Shelf, Size, Texts};
use crate::chain::spec::Spec;

/// The largest factor of `--scale`.
const LARGEST_SCALE: f64 = 1e6;
/// More messages than this are no run that ends.
const MOST_MESSAGES: f64 = 1e10;
/// Memory that a scenario and its run may take unless told otherwise: 4 GiB.
pub(crate) const MOST_MEMORY: u64 = 4 << 30;
/// Seeds are below 2⁵³.
const SEEDS: u64 = 1 << 53;

/// A scenario's text and where it came from.
#[derive(Debug, Clone)]
pub struct Source {
    /// As shown in errors: a path, or `<stdin>`. Its stem names a scenario without a name.
    pub name: String,
    /// The text.
    pub text: String,
    /// The folder that paths of data files are relative to.
    pub base: PathBuf,
}

/// Changes that the command line makes to a scenario.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `PATH=VALUE`, applied in order.
    pub set: Vec<String>,
    /// Paths that are taken out, before any is set.
    pub unset: Vec<String>,
    /// Takes the place of `scenario.seed`; below 2⁵³.
    pub seed: Option<u64>,
    /// Takes the place of `scenario.scale`: multiplies every stream's load; above 0, at most 10⁶.
    pub scale: Option<f64>,
    /// Values of flags that name several, applied after `set`, in order.
    pub vary: Vec<Varying>,
    /// Bytes of memory that the scenario and its run may take, in place of 4 GiB.
    pub max_memory: Option<u64>,
    /// Data files that are at hand; read from disk otherwise.
    pub data: Option<Arc<Shelf>>,
}

/// One value of a flag that names several for a path, such as `--vary PATH=a,b,c`; errors about it
/// point at the flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Varying {
    /// The flag as it was typed, with its value.
    pub flag: String,
    /// The path that is set.
    pub path: String,
    /// The path's first byte in `flag`.
    pub path_at: usize,
    /// The value, as after `--set PATH=`.
    pub value: String,
    /// The bytes of `flag` the value comes from.
    pub value_at: std::ops::Range<usize>,
}

/// A scenario, checked.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The settings of the chain.
    pub spec: Spec,
    /// 16 hexadecimal digits: a hash of what the scenario says, without seed and comments, with what is in its data files, whatever they are called. The order of its tables doesn't matter.
    pub fingerprint: String,
    /// The names of its own retry policies, in the order of its text.
    pub policies: Vec<String>,
    /// Settings that are legal but suspicious.
    pub warnings: Vec<Diagnostic>,
    /// The logs it replays; data to draw from is part of the resolved scenario.
    pub data_files: Vec<DataFile>,
    /// The size of a run of it, roughly.
    pub size: Size,
    /// Its statements about a run, if it is an incident bundle.
    pub bundle: Option<Bundle>,
    texts: Texts,
    pub(super) root: Record,
    /// The folder that paths of data files are relative to.
    pub(super) base: PathBuf,
    /// Data files that are at hand.
    pub(super) shelf: Option<Arc<Shelf>>,
}

impl Scenario {
    /// The scenario with every default filled in, as TOML 1.0 with a comment of version and
    /// fingerprint. Read again (with its data files beside it) it is the same scenario.
    pub fn resolved_toml(&self) -> String {
        self.resolved_as(&self.root, &self.data_fingerprints())
    }

    pub(super) fn resolved_as(&self, root: &Record, data: &[(String, String)]) -> String {
        let mut out = format!(
            "# {}: resolved by smschain {}, fingerprint {}\n",
            self.spec.name,
            env!("CARGO_PKG_VERSION"),
            self.fingerprint
        );
        for (path, fingerprint) in data {
            let path = resolved::quote(path);
            out.push_str(&format!("# data file {path}, fingerprint {fingerprint}\n"));
        }
        out.push('\n');
        out.push_str(&resolved::print(root, true));
        out
    }

    /// All its settings.
    pub(super) fn root(&self) -> &Record {
        &self.root
    }

    /// The text of one of its data files.
    pub fn data(&self, file: &DataFile) -> &str {
        self.texts.text(file.text)
    }

    /// Each warning's message, and its line and column if it is about the scenario's own file.
    pub fn located_warnings(&self) -> Vec<(&str, Option<(usize, usize)>)> {
        // They are in order of place.
        let mut columns = Columns::new(&self.texts);
        let located = self.warnings.iter().map(|warning| {
            // Text 0 is the file itself.
            let inside = warning.place.filter(|place| place.source == 0);
            (warning.message.as_str(), inside.map(|place| columns.of(place)))
        });
        located.collect()
    }

    /// The warnings as a person reads them; empty if there are none.
    pub fn render_warnings(&self, colour: bool) -> String {
        render::render(&self.texts, &self.warnings, colour)
    }
}

/// Reads and checks a scenario, or the scenario of a bundle.
///
/// # Errors
/// Everything that is wrong with it, at once.
///
/// ```
/// use smschain::scenario::{Overrides, Source, load};
///
/// let text = std::fs::read_to_string("templates/starter.toml")?.replace("workers", "wrokers");
/// let source = Source { name: "starter.toml".into(), text, base: "templates".into() };
/// let wrong = load(&source, &Overrides::default()).unwrap_err();
/// assert!(wrong.render(false).contains("did you mean `workers`?"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn load(source: &Source, overrides: &Overrides) -> Result<Scenario, Errors> {
    let mut texts = Texts::default();
    let mut errors = Vec::new();
    let file = texts.add(source.name.as_str(), source.text.as_str());
    let mut tree = parse::document(&source.text, file, &mut errors);
    let broken = !errors.is_empty();
    if let Some(error) = broken.then(|| foreign::look(&source.text, file)).flatten() {
        return Err(Errors::new(texts, vec![error]));
    }
    let unbelieved = broken::never_closed(&mut errors, &texts);
    let bundle = bundle::take(&mut tree, &mut errors);
    if let (Some(bundle), None) = (&bundle, overrides.seed) {
        path::set(&mut tree, &format!("scenario.seed={}", bundle.seed), &mut texts, &mut errors);
    }
    path::apply(&mut tree, overrides, &mut texts, &mut errors);
    for varied in &overrides.vary {
        path::vary(&mut tree, varied, &mut texts, &mut errors);
    }
    if let Some(seed) = overrides.seed {
        let expected =
            (seed >= SEEDS).then(|| format!("expected a whole number from 0 to {}", SEEDS - 1));
        let value = seed.to_string();
        flag(&mut tree, ("seed", &value), expected, &mut texts, &mut errors);
    }
    if let Some(scale) = overrides.scale {
        let expected = (!(scale > 0.0 && scale <= LARGEST_SCALE))
            .then(|| "expected a number above 0, at most 1000000".to_owned());
        let value = scale.to_string();
        flag(&mut tree, ("scale", &value), expected, &mut texts, &mut errors);
    }
    let mut found = Vec::new();
    let mut root = reader::read(&tree, &mut found);
    if broken {
        // What a broken line took away isn't missing, and what it left isn't wrong.
        let faults = errors.iter().filter(|error| error.kind == DiagnosticKind::Syntax);
        let lines: BTreeSet<usize> =
            faults.filter_map(|error| error.place).map(|fault| texts.line(fault).0).collect();
        let follows = |place: Place| {
            lines.contains(&texts.line(place).0)
                || unbelieved
                    .is_some_and(|from| place.source == from.source && place.start > from.start)
        };
        found.retain(|error| {
            error.kind != DiagnosticKind::Missing
                && error.place.is_some_and(|place| !follows(place))
        });
        errors.append(&mut found);
        return Err(Errors::new(texts, errors));
    }
    errors.append(&mut found);
    policies::expand(&mut root, &mut errors);
    defaults::fill(&mut root, &stem(&source.name));
    let base = source.base.clone();
    let most = overrides.max_memory.unwrap_or(MOST_MEMORY);
    let mut files = Files {
        base: base.clone(),
        texts: &mut texts,
        read: Vec::new(),
        known: Vec::new(),
        columns: BTreeMap::new(),
        memory: Memory::new(most),
        shelf: overrides.data.as_deref(),
    };
    data::inline(&mut root, &ROOT, &mut files, &mut errors);
    // Data to draw from is now part of the scenario: only logs are still needed as files.
    files.read.clear();
    let mut warnings = Vec::new();
    let spec = lower::lower(&root, &mut files, &mut errors, &mut warnings);
    let own = match root.get("policy") {
        Some(Item { value: Value::Named(policies), .. }) => {
            policies.iter().map(|(name, ..)| name.clone()).collect()
        }
        _ => Vec::new(),
    };
    // What they say is now in the tables that start from them.
    root.fields.retain(|(key, _)| *key != "policy");
    let held = files.memory.taken();
    let mut data_files = files.read;
    data_files.sort_by(|a, b| a.path.cmp(&b.path));
    let size = lints::size(&spec, held);
    if errors.is_empty() {
        let expected = size.messages;
        if expected > MOST_MESSAGES {
            let place = root.at("traffic");
            errors.push(
                Diagnostic::new(
                    DiagnosticKind::OutOfRange,
                    place,
                    format!("about {expected:.0} messages would be requested"),
                )
                .label("expected at most 10000000000 in all streams"),
            );
        }
    }
    if errors.is_empty() && size.bytes > most as f64 {
        errors.push(too_large(&size, most, root.at("traffic")));
    }
    if !errors.is_empty() {
        return Err(Errors::new(texts, errors));
    }
    lints::look(&root, &spec, &mut warnings);
    warnings.sort_by_key(|warning| warning.place);
    let fingerprint = fingerprint::of(&beside::nameless(&root, &data_files));
    Ok(Scenario {
        spec,
        fingerprint,
        policies: own,
        warnings,
        data_files,
        size,
        bundle,
        texts,
        root,
        base,
        shelf: overrides.data.clone(),
    })
}

/// A run would take more memory than it may.
fn too_large(size: &Size, most: u64, place: Place) -> Diagnostic {
    let (bytes, greatest) = (data::printed(size.bytes as u64), data::printed(size.most.1 as u64));
    let message =
        format!("a run would take about {bytes} of memory, {greatest} of it for {}", size.most.0);
    Diagnostic::new(DiagnosticKind::OutOfRange, place, message)
        .label(format!("expected at most {}", data::printed(most)))
        .help("raise the limit by --max-memory, or make it smaller")
}

/// Sets a key of `scenario` by an option of its own, unless its value is out of range.
fn flag(
    tree: &mut Node,
    (key, value): (&str, &str),
    expected: Option<String>,
    texts: &mut Texts,
    errors: &mut Vec<Diagnostic>,
) {
    let Some(expected) = expected else {
        return path::set(tree, &format!("scenario.{key}={value}"), texts, errors);
    };
    let text = format!("--{key} {value}");
    let place = Place::new(texts.add("command line", text.as_str()), key.len() + 3, text.len());
    let message = format!("the {key} is out of range");
    errors.push(Diagnostic::new(DiagnosticKind::OutOfRange, place, message).label(expected));
}

/// The file's name without folder and ending, made a name.
fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.split('.').find(|part| !part.is_empty()).unwrap_or("scenario");
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }
    };
    let stem: String = stem.chars().map(plain).take(64).collect();
    match stem.trim_matches('-') {
        "" => "scenario".to_owned(),
        stem => stem.to_owned(),
    }
}
