//! The native module of the Python package `smschain`: a command asked by a program (`cli::ask`), its
//! tables as Arrow, TOML of Python's values. What a user meets is written in Python, in `python/smschain/`.
//!
//! The one room beside `cli` that another language sees; built with the feature `python` alone.

mod answer;
mod ask;
mod table;
mod values;

/// The module, as Python imports it.
#[pyo3::pymodule]
mod _smschain {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::answer::Answer;
    #[pymodule_export]
    use super::ask::{Refusal, ask};
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::values::{toml_text, toml_value};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
