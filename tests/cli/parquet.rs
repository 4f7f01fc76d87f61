//! `--messages FILE.parquet`, where the program has it and where it hasn't.

use super::session::Session;

#[cfg(feature = "parquet")]
#[test]
fn the_rows_are_those_of_the_csv_file() {
    use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
    use ::parquet::record::Field;

    let session = Session::new("parquet");
    for replications in ["", "-n 2"] {
        let line = format!("run small.toml --no-files -q --format json {replications}");
        let report = session.run(&format!("{line} --messages m.parquet")).with(0).out;
        assert_eq!(session.run(&format!("{line} --messages m.csv")).with(0).out, report);
        let file = std::fs::File::open(session.folder.join("m.parquet")).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let rows = reader.get_row_iter(None).unwrap();
        let text = |field: &Field| match field {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            other => other.to_string(),
        };
        let mut lines = csv::Reader::from_path(session.folder.join("m.csv")).unwrap();
        let names = lines.headers().unwrap().clone();
        let mut read = 0;
        for (row, line) in rows.zip(lines.records()) {
            let (row, line) = (row.unwrap(), line.unwrap());
            for ((name, field), (expected, wanted)) in
                row.get_column_iter().zip(names.iter().zip(line.iter()))
            {
                assert_eq!(name, expected);
                let same = match (field, wanted.parse::<f64>()) {
                    (Field::Double(number), Ok(wanted)) => *number == wanted,
                    _ => text(field) == wanted,
                };
                assert!(same, "{name}: {field} and {wanted}");
            }
            read += 1;
        }
        assert!(read > 2000, "{read}");
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_it_the_way_to_it_is_told() {
    let session = Session::new("no-parquet");
    let ended = session.run("run small.toml --no-files --messages m.parquet").with(2);
    for part in ["built without Parquet", "name a .csv file", "--features parquet"] {
        assert!(ended.err.contains(part), "{}", ended.err);
    }
    assert!(ended.out.is_empty() && !session.has("m.parquet"));
}
