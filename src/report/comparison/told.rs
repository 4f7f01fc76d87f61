use super::*;
use crate::experiment::{Decide, Decision, Indifference, Observation, Standing, sample};
use crate::report::table::{Footer, Look, table};
use crate::report::text::width as columns_of;
use crate::report::{Findings, metric_paths, metrics};
use crate::stats::Parameters;

const RECOVERY: &str = "incidents.storm.recovery_s";
const POLICIES: [&str; 4] = ["none", "full-jitter", "equal-jitter", "finagle-budget"];

/// Four policies over eight replications: the second and the third are hard to tell apart, the
/// fourth does not always recover.
fn compared(decided: Option<Standing>) -> (Vec<String>, Subject, Comparison) {
    let spec = sample::spec();
    let mut paths = metric_paths(&spec);
    paths.push(RECOVERY.to_owned());
    let subject = Subject::of(&paths, None);
    let at = |path: &str| paths.iter().position(|other| other == path).unwrap();
    let base = metrics(&spec, sample::run().results);
    let mut comparison = Comparison::new(POLICIES.len(), 0, Parameters::Same);
    for replication in 0..8_u64 {
        // What all share, and what one has for itself.
        let shared = (replication * 5 % 8) as f64 * 0.002;
        let own = |policy: u64| ((replication * (2 * policy + 3)) % 8) as f64 * 0.000_4;
        let observation = |policy: u64| {
            let mut metrics = base.clone();
            let missed = [0.08, 0.05, 0.051, 0.07][policy as usize] + shared + own(policy);
            metrics.push(Some(60.0 + 1000.0 * missed));
            metrics[at("divergence.api_vs_on_time")] = Some(missed);
            metrics[at("divergence.api_vs_outcome")] = Some(missed / 2.0);
            metrics[at("attempts.mean")] = Some([1.0, 1.31, 1.32, 1.05][policy as usize] + shared);
            metrics[at("latency.delivery.p95_s")] = Some(400.0 * missed);
            if policy == 3 && replication % 3 == 1 {
                metrics[at(RECOVERY)] = None;
            }
            let columns = vec![subject.value(&metrics)];
            Observation { metrics, columns }
        };
        let going: Vec<usize> = match decided {
            Some(_) if replication >= 6 => vec![1, 2],
            _ => (0..POLICIES.len()).collect(),
        };
        let row = going.iter().map(|&policy| observation(policy as u64)).collect();
        comparison.push(replication, &going, row);
    }
    comparison.decision = decided.map(|standing| Decision {
        asked: Decide {
            metric: at("divergence.api_vs_on_time"),
            higher_is_better: false,
            indifference: Indifference { zone: 0.005, error: 0.05, first_stage: 6 },
            at_most: 8,
        },
        standing,
        replications: 8,
        eliminated: vec![Some(6), None, None, Some(6)],
    });
    (paths, subject, comparison)
}

fn set(decided: Option<Standing>, width: usize, colour: bool) -> String {
    let again = "smschain compare sample.toml --policies none,full-jitter".to_owned();
    let mut footer = Footer { again, ..Footer::default() };
    footer.files = ["output/sample/compare/", "compare.json"].map(str::to_owned).into();
    told(decided, |compared| {
        table(&found(compared), compared.spec, Look { width, colour }, &footer)
    })
}

fn found(compared: &Compared<'_>) -> Findings {
    Findings { result: comparison(compared), tables: Vec::new() }
}

fn told<T>(decided: Option<Standing>, tell: impl Fn(&Compared<'_>) -> T) -> T {
    let (paths, subject, comparison) = compared(decided);
    let spec = sample::spec();
    let policies = POLICIES.map(str::to_owned);
    tell(&Compared {
        spec: &spec,
        fingerprint: "f00d",
        seed: 7,
        policies: &policies,
        paths: &paths,
        subject: &subject,
        comparison: &comparison,
    })
}

#[test]
fn what_is_undecided_is_said_in_a_sentence() {
    let said = |decided| told(decided, undecided);
    assert_eq!((said(None), said(Some(Standing::Best(1)))), (None, None));
    let open = said(Some(Standing::Open)).unwrap();
    let start =
        "Undecided after 8 replications, the most allowed: full-jitter and equal-jitter may";
    assert!(open.starts_with(start) && open.contains("within 0.5 points."), "{open}");
    let undefined = said(Some(Standing::Undefined(3))).unwrap();
    assert!(undefined.contains("not defined under finagle-budget"), "{undefined}");
}

#[test]
fn one_verdict_is_told_everywhere() {
    for decided in [None, Some(Standing::Best(1)), Some(Standing::Open)] {
        let (json, table) = told(decided, |compared| {
            let footer = Footer::default();
            let table =
                table(&found(compared), compared.spec, Look { width: 80, colour: false }, &footer);
            (comparison(compared), table)
        });
        let verdict = json.get("verdict").unwrap();
        let Some(Value::String(text)) = verdict.get("text") else { panic!("{verdict:?}") };
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&table).contains(&words(text)), "{text}\n{table}");
        let sureness = if decided == Some(Standing::Open) { "undecided" } else { "best" };
        assert_eq!(verdict.get("sureness"), Some(&Value::from(sureness)));
        assert_eq!(verdict.get("next"), Some(&Value::from("equal-jitter")));
        assert_eq!(verdict.get("indifference"), Some(&Value::from(0.005)));
    }
}

#[test]
fn a_lead_that_nobody_would_act_on_is_said_to_be_that() {
    let text = told(None, |compared| Finding::of(compared).text().to_owned());
    let end = "It is the best, with 95 % confidence, by 0.10 points over equal-jitter: less than \
               anyone would act on.";
    assert!(text.ends_with(end), "{text}");
}

/// Change the table, run with `SMSCHAIN_BLESS=1`, and read the difference.
#[test]
fn it_reads_as_it_should() {
    let pages = [
        set(None, 80, false),
        set(None, 120, false),
        set(Some(Standing::Best(1)), 80, false),
        set(Some(Standing::Open), 80, false),
    ];
    let text = pages.join("\n----\n\n");
    let path = "src/report/comparison/golden.txt";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("SMSCHAIN_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap());
}

#[test]
fn it_fits() {
    for width in [80, 100, 120] {
        for decided in [None, Some(Standing::Best(1)), Some(Standing::Undefined(3))] {
            for line in set(decided, width, false).lines() {
                assert!(columns_of(line) <= width.min(110), "{width}: {line}");
                assert_eq!(line, line.trim_end());
            }
        }
    }
}

#[test]
fn marks_are_there_without_colour() {
    let plain = set(None, 100, false);
    assert!(plain.contains('★') && plain.contains('☆') && !plain.contains('\u{1b}'), "{plain}");
    assert!(set(None, 100, true).contains("\u{1b}[38;5;29m"));
}
