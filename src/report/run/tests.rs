use crate::experiment::{Run, sample};
use crate::report::table::{Footer, Look, run_table};
use crate::report::text::width as columns;
use crate::report::{Facts, Findings, report};

fn set(run: &Run, width: usize) -> String {
    shown(run, Look { width, colour: false })
}

fn shown(run: &Run, look: Look) -> String {
    let spec = sample::spec();
    let facts = Facts::new(&spec, "f00d", 7, run);
    let findings = Findings { result: report(&facts), tables: Vec::new() };
    run_table(&findings, &facts, look, &footer())
}

/// Change the table, run with `SMSCHAIN_BLESS=1`, and read the difference.
#[test]
fn it_reads_as_it_should() {
    let pages = [set(&sample::run(), 80), set(&sample::run(), 120), set(&sample::nothing(), 80)];
    let text = pages.join("\n----\n\n");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/run/golden.txt");
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap());
}

#[test]
fn it_fits() {
    for width in [80, 100, 120] {
        for run in [sample::run(), sample::nothing()] {
            for line in set(&run, width).lines() {
                assert!(columns(line) <= width.min(110), "{width}: {line}");
                assert_eq!(line, line.trim_end());
            }
        }
    }
}

#[test]
fn colour_only_when_asked() {
    let run = sample::run();
    assert!(!set(&run, 80).contains('\u{1b}'));
    assert!(shown(&run, Look { width: 80, colour: true }).contains("\u{1b}[1m"));
}

fn footer() -> Footer {
    let files = ["output/sample/run/", "report.json", "summary.csv", "timeseries.csv"];
    Footer {
        files: files.map(str::to_owned).into(),
        doubts: Vec::new(),
        objectives: Vec::new(),
        again: "smschain run sample.toml --seed 7".to_owned(),
    }
}
