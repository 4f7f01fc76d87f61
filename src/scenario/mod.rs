//! Scenarios: a TOML text → the checked settings of a chain.
//!
//! ```text
//! text ─parse→ tree ─path (--set)→ tree ─reader (schema)→ checked ─policies, defaults, data→ checked ─lower→ Spec
//! ```
//! Every value keeps its place, and every stage reports all that is wrong, so that a user sees
//! all errors of a file at once. [`schema`] is the one table of what the language has. Nothing
//! here prints; the only input besides the text are the data files it names.

mod beside;
mod broken;
mod bundle;
mod checked;
mod data;
mod defaults;
mod diagnostic;
pub mod docs;
mod errors;
mod explain;
mod fingerprint;
mod foreign;
mod lints;
mod load;
mod lower;
mod nearest;
mod parse;
mod path;
pub mod policies;
pub mod quantity;
mod reader;
mod reduce;
mod regular;
mod render;
mod resolved;
pub(crate) mod sample;
pub mod schema;
mod texts;
mod tree;
mod units;
mod unquoted;
mod unseen;

pub use bundle::{Bundle, Marks};
pub use data::{DataFile, Held, Shelf};
pub use diagnostic::{Diagnostic, DiagnosticKind, Place};
pub use errors::{Errors, Located};
pub use explain::{Astray, Explained, Thing, explain};
pub(crate) use fingerprint::Hash;
pub use lints::Size;
pub(crate) use lints::{Overload, overloads};
pub use load::{Overrides, Scenario, Source, Varying, load};
pub(crate) use nearest::{guess, nearest};
pub(crate) use reader::{is_label, is_name};
pub use reduce::{Reduction, Step};
pub(crate) use regular::{open_regular, what as what_it_is};
pub use texts::Texts;
pub(crate) use tree::{Node, Raw};
pub(crate) use units::clock::moment;
pub(crate) use units::{duration, share};
pub(crate) use unseen::is_misleading;
pub use unseen::{is_unseen, spelt_out, spelt_out_in_line};
