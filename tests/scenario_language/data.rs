//! Logs and data files.

use smschain::chain::spec::Arrivals;

use super::{bad, good, swap};

const POISSON: &str = "poisson = { rate = \"50/s\" }";

#[test]
fn a_log_is_read_in_order_of_time() {
    let scenario = good(&swap(POISSON, "trace = { file = \"log.csv\" }"));
    assert_eq!(scenario.data_files.len(), 1);
    let Arrivals::Trace { rows } = &scenario.spec.traffic[0].arrivals else { panic!("no trace") };
    let times: Vec<(u64, u64)> = rows.iter().map(|row| (row.time, row.row)).collect();
    assert_eq!(times, [(500_000_000, 1), (1_250_000_000, 0)]);
    assert_eq!((rows[1].carrier, rows[1].chars, rows[1].ucs2), (Some(1), Some(80), Some(true)));
}

#[test]
fn errors_of_a_file_have_its_name_and_line() {
    let shown = bad(&swap(POISSON, "trace = { file = \"broken.csv\" }"));
    for part in
        ["broken.csv:2:1", "seconds from t = 0 on", "broken.csv:3:1", "did you mean `acme`?"]
    {
        assert!(shown.contains(part), "{part} not in\n{shown}");
    }
    let shown = bad(&swap(POISSON, "trace = { file = \"nowhere.csv\" }"));
    assert!(shown.contains("can't read `nowhere.csv`"), "{shown}");
    let law = "empirical = { file = \"waits.csv\", column = \"wiat\" }";
    let shown = bad(&swap("lognormal = { median = \"90ms\", p95 = \"450ms\" }", law));
    assert!(shown.contains("did you mean `wait`?"), "{shown}");
}
