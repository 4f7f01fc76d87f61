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

/// A CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows of as many fields.
    pub rows: Vec<Vec<String>>,
}

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
    /// Rows of different lengths.
    pub fn parse(text: &str) -> Result<Table, csv::Error> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns = fields(reader.headers()?);
        let rows: Result<_, _> =
            reader.records().map(|record| record.map(|row| fields(&row))).collect();
        Ok(Table { columns, rows: rows? })
    }

    /// The numbers of a column; `None` for a field that isn't one. `None` if there is no such
    /// column.
    #[must_use]
    pub fn numbers(&self, column: &str) -> Option<Vec<Option<f64>>> {
        let index = self.columns.iter().position(|own| own == column)?;
        let number = |row: &Vec<String>| {
            row.get(index)?.parse().ok().filter(|number: &f64| number.is_finite())
        };
        Some(self.rows.iter().map(number).collect())
    }

    /// The first field of a column.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&str> {
        let index = self.columns.iter().position(|own| own == column)?;
        self.rows.first()?.get(index).map(String::as_str)
    }
}

fn fields(record: &csv::StringRecord) -> Vec<String> {
    record.iter().map(str::to_owned).collect()
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
        assert_eq!(table.rows[0][2], "a,b");
        assert!(Table::parse("a,b\n1\n").is_err());
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
