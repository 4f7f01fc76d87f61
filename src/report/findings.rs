//! The contents of a result folder, read back: charts and pages are made from this and nothing else, so
//! that they can be redrawn from the folder.

use super::Value;

/// A result file and the tables beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// `report.json`, `sweep.json`, `compare.json`, `capacity.json`, `replay.json` or `fit.json`.
    pub result: Value,
    /// The CSV files beside it, by file name (`timeseries.csv`).
    pub tables: Vec<(String, Table)>,
}

/// The kind of result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One design point: `report.json`.
    Run,
    /// Design points on axes: `sweep.json`.
    Sweep,
    /// Retry policies: `compare.json`.
    Compare,
    /// The answer of a search: `capacity.json`.
    Capacity,
    /// A bundle, run again: `replay.json`.
    Replay,
    /// A scenario from a log: `fit.json`.
    Fit,
}

/// A CSV file, its cells one after another: there may be millions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    cells: String,
    /// The end of each cell.
    ends: Vec<u32>,
}

/// So many columns and rows a table has at most, more than a run writes: a file of anything isn't
/// taken for one.
const COLUMNS: usize = 1_000_000;
const ROWS: usize = 1_000_000;

impl Findings {
    /// The kind of result, by its `schema`; `None` if it is none that can be shown.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self.result["schema"].as_str()? {
            "smschain.report/1" => Some(Kind::Run),
            "smschain.sweep/1" => Some(Kind::Sweep),
            "smschain.compare/1" => Some(Kind::Compare),
            "smschain.capacity/1" => Some(Kind::Capacity),
            "smschain.replay/1" => Some(Kind::Replay),
            "smschain.fit/1" => Some(Kind::Fit),
            _ => None,
        }
    }

    /// A table by its file's name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|(own, _)| own == name).map(|(_, table)| table)
    }
}

impl Table {
    /// Reads a CSV file with a head.
    ///
    /// # Errors
    /// Rows of different lengths, or more of them, or of columns, than a run writes.
    pub fn parse(text: &str) -> Result<Table, String> {
        let told = |error: csv::Error| error.to_string();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().map_err(told)?;
        if head.len() > COLUMNS {
            return Err(format!("{} columns: expected at most {COLUMNS}", head.len()));
        }
        let mut table =
            Table { columns: head.iter().map(str::to_owned).collect(), ..Table::default() };
        let mut row = csv::StringRecord::new();
        while reader.read_record(&mut row).map_err(told)? {
            if table.len() == ROWS {
                return Err(format!("expected at most {ROWS} rows"));
            }
            for cell in &row {
                table.cells.push_str(cell);
                let end = u32::try_from(table.cells.len()).map_err(|_| "larger than 4 GiB")?;
                table.ends.push(end);
            }
        }
        Ok(table)
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len() / self.columns.len().max(1)
    }

    /// True if there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The fields of a column, row by row; `None` if there is no such column.
    pub fn column(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        let index = self.columns.iter().position(|own| own == name)?;
        let width = self.columns.len();
        let cell = move |row: usize| {
            let at = row * width + index;
            let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
            let start = at.checked_sub(1).map_or(0, end);
            self.cells.get(start..end(at)).unwrap_or_default()
        };
        Some((0..self.len()).map(cell))
    }

    /// The numbers of a column; `None` for a field that isn't one. `None` if there is no such
    /// column.
    #[must_use]
    pub fn numbers(&self, column: &str) -> Option<Vec<Option<f64>>> {
        let number = |cell: &str| cell.parse().ok().filter(|number: &f64| number.is_finite());
        Some(self.column(column)?.map(number).collect())
    }

    /// The first field of a column.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&str> {
        self.column(column)?.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_back() {
        let table = Table::parse("time_s,depth,on\n0,1.5,\"a,b\"\n10,,x\n").unwrap();
        assert_eq!(table.columns, ["time_s", "depth", "on"]);
        assert_eq!(table.numbers("depth"), Some(vec![Some(1.5), None]));
        assert_eq!(table.numbers("nothing"), None);
        assert_eq!(table.column("on").unwrap().collect::<Vec<_>>(), ["a,b", "x"]);
        assert_eq!((table.len(), table.text("on")), (2, Some("a,b")));
        assert!(Table::parse("a,b\n1\n").is_err());
        let told = Table::parse(&format!("a\n{}", "1\n".repeat(ROWS + 1))).unwrap_err();
        assert_eq!(told, "expected at most 1000000 rows");
        assert!(Table::parse("").unwrap().is_empty());
    }

    #[test]
    fn the_schema_says_what_it_is() {
        let of = |json: &str| {
            Findings { result: serde_json::from_str(json).unwrap(), tables: Vec::new() }.kind()
        };
        assert_eq!(of("{\"schema\": \"smschain.sweep/1\"}"), Some(Kind::Sweep));
        assert_eq!(of("{\"schema\": \"smschain.sweep/2\"}"), None);
        assert_eq!(of("[]"), None);
    }
}
