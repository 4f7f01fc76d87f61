//! Tables, handed to others by the Arrow PyCapsule interface: the columns stay where they are.

use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::report::{self, Listed};

/// Columns of counts; every other number has a fraction, in one run as in another.
const WHOLE: [&str; 2] = ["n", "count"];

/// A table that pandas, polars, DuckDB, pyarrow and others take by the Arrow PyCapsule interface.
#[pyclass(frozen, module = "smschain._smschain")]
pub(super) struct Table(Listed);

impl Table {
    pub(super) fn listed(listed: Listed) -> Table {
        Table(listed)
    }

    /// A table of texts; a column of numbers and gaps alone holds numbers.
    pub(super) fn of(table: &report::Table) -> PyResult<Table> {
        let column = |name: &String| {
            let texts = || table.column(name).into_iter().flatten();
            let array = typed(name, &texts);
            (Field::new(name, array.data_type().clone(), true), array)
        };
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) =
            table.columns.iter().map(column).unzip();
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(broken)?;
        Ok(Table(Listed { schema, batches: vec![batch] }))
    }
}

fn typed<'texts, I: Iterator<Item = &'texts str>>(name: &str, texts: &dyn Fn() -> I) -> ArrayRef {
    let given = || texts().filter(|text| !text.is_empty());
    if WHOLE.contains(&name) && given().all(|text| text.parse::<i64>().is_ok()) {
        return Arc::new(texts().map(|text| text.parse().ok()).collect::<Int64Array>());
    }
    if given().next().is_some() && given().all(|text| text.parse::<f64>().is_ok()) {
        return Arc::new(texts().map(|text| text.parse().ok()).collect::<Float64Array>());
    }
    let text = |text: &'texts str| (!text.is_empty()).then_some(text);
    Arc::new(texts().map(text).collect::<StringArray>())
}

fn broken(error: ArrowError) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// The sort of values of a column, in a word.
fn word(of: &DataType) -> &'static str {
    match of {
        DataType::Int32 | DataType::Int64 => "int",
        DataType::Float64 => "float",
        DataType::Boolean => "bool",
        _ => "str",
    }
}

#[pymethods]
impl Table {
    /// Names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.0.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// The types of the columns: `str`, `int`, `float` or `bool`.
    #[getter]
    fn column_types(&self) -> Vec<&str> {
        self.0.schema.fields().iter().map(|field| word(field.data_type())).collect()
    }

    /// Number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.0.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        let columns = self.column_names().join(", ");
        format!("<smschain.Table: {} rows, columns {columns}>", self.num_rows())
    }

    /// The schema, by the Arrow PyCapsule interface.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.0.schema.as_ref()).map_err(broken)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The rows, by the Arrow PyCapsule interface; no other schema can be asked for.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Best effort, says the interface: whoever reads casts.
        drop(requested_schema);
        let batches = self.0.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.0.schema));
        let stream = FFI_ArrowArrayStream::new(Box::new(reader));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}
