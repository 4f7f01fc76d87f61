//! What a run was made with is found again in each format that its messages may be written in, with that
//! format's clock, and broken off by an export; or it is said that the format doesn't tell.

mod written;

use std::process::Command;

use smschain::fit::{Composed, Gathered, Plan, Resolution, compose};
use smschain::logs::{Account, Format, Options, read};

use written::{Exported, Message};

/// 20,000 messages in so many seconds.
fn scenario(seconds: u32) -> String {
    format!(
        r#"
[scenario]
name = "true"
seed = 5
duration = "{seconds}s"
[[traffic]]
name = "codes"
sender = "ACME"
arrivals.poisson = {{ rate = "{}/s" }}
[[route]]
id = 1
provider = "alpha"
[[provider]]
name = "alpha"
latency = "20ms"
[[carrier]]
name = "northwind"
latency.lognormal = {{ median = "{MEDIAN}s", p95 = "{P95}s" }}
"#,
        20_000 / seconds
    )
}

const MEDIAN: f64 = 20.0;
const P95: f64 = 40.0;

/// What a format tells of a latency.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    /// Median and p95, off by no more than this share.
    Within(f64),
    /// Nothing: it has one time a row, or none of the end.
    Nothing,
    /// No p95: the clock is too coarse.
    NoP95,
}

impl Told {
    const WITHIN_1: Told = Told::Within(0.01);
    const WITHIN_2: Told = Told::Within(0.02);
}

/// When a log is exported.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Export {
    /// After so many seconds, with the last request: what has not ended is in the log, too.
    WithTheLast(u32),
    /// When all was over: the log has what has ended, and nothing else.
    WhenAllWasOver,
}

use Export::{WhenAllWasOver, WithTheLast};

/// A third is under way.
const SOON: Export = WithTheLast(60);

type Write = fn(&Exported<'_>) -> Vec<u8>;

/// Each format, how it is written, when it is exported, and what it tells.
const FORMATS: &[(Format, Write, Export, Told)] = &[
    (Format::Csv, written::csv, SOON, Told::WITHIN_1),
    (Format::Csv, written::csv_in_minutes, WithTheLast(600), Told::WITHIN_2),
    (Format::TwilioConsole, written::twilio_console, SOON, Told::Nothing),
    (Format::TwilioApi, written::twilio_api, SOON, Told::WITHIN_1),
    (Format::TwilioBulk, written::twilio_bulk, SOON, Told::WITHIN_1),
    (Format::VonageReports, written::vonage_reports, SOON, Told::WITHIN_1),
    (Format::VonageReceipts, written::vonage_receipts, WhenAllWasOver, Told::Nothing),
    (Format::AwsEvents, written::aws_events, SOON, Told::WITHIN_1),
    (Format::AwsSns, written::aws_sns, WhenAllWasOver, Told::WITHIN_1),
    (Format::Infobip, written::infobip, SOON, Told::WITHIN_1),
    (Format::Sinch, written::sinch, SOON, Told::WITHIN_1),
    (Format::Telnyx, written::telnyx, SOON, Told::WITHIN_1),
    (Format::Plivo, written::plivo, SOON, Told::Nothing),
    (Format::MessageBird, written::messagebird, SOON, Told::WITHIN_1),
    (Format::Kannel, written::kannel, SOON, Told::WITHIN_1),
    (Format::KannelSqlbox, written::kannel_sqlbox, SOON, Told::Nothing),
    (Format::KannelDlr, written::kannel_dlr, SOON, Told::Nothing),
    (Format::Jasmin, written::jasmin, SOON, Told::WITHIN_1),
    (Format::JasminSubmits, written::jasmin_submits, SOON, Told::Nothing),
    (Format::Receipts, written::receipts_in_minutes, WhenAllWasOver, Told::NoP95),
    (Format::Receipts, written::receipts_in_seconds, WhenAllWasOver, Told::WITHIN_1),
];

#[test]
fn each_format_tells_what_its_clock_can() {
    let (log, soon) = simulated(60);
    let (_, slow) = simulated(600);
    for messages in [&soon, &slow] {
        assert!((19_500..20_500).contains(&messages.len()), "{}", messages.len());
    }
    let mut wrong = Vec::new();
    for (format, write, export, told) in FORMATS {
        let messages = if *export == WithTheLast(600) { &slow } else { &soon };
        let export = match export {
            WithTheLast(seconds) => i64::from(*seconds) * 1_000_000_000,
            WhenAllWasOver => i64::MAX,
        };
        let bytes = write(&Exported { messages, export });
        if let Err(why) = judge(&bytes, *format, *told) {
            wrong.push(format!("{}, {told:?}: {why}", format.name()));
        }
    }
    if let Err(why) = judge(&log, Format::Smschain, Told::WITHIN_1) {
        wrong.push(format!("smschain: {why}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_format_is_written() {
    for format in Format::all().filter(|format| *format != Format::Smschain) {
        assert!(FORMATS.iter().any(|(own, ..)| *own == format), "{format:?}");
    }
}

/// The list of messages of a run as it is written, and as it is read.
fn simulated(seconds: u32) -> (Vec<u8>, Vec<Message>) {
    let folder =
        std::env::temp_dir().join(format!("smschain-formats-{seconds}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("true.toml"), scenario(seconds)).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_smschain"))
        .args(["run", "true.toml", "--no-files", "-q", "--messages", "log.csv"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let log = std::fs::read(folder.join("log.csv")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let messages = Message::all(std::str::from_utf8(&log).unwrap());
    (log, messages)
}

fn judge(bytes: &[u8], format: Format, told: Told) -> Result<(), String> {
    let (account, composed) = fitted(bytes);
    if account.format != format {
        return Err(format!("taken for {:?}", account.format));
    }
    if !account.rejected.is_empty() {
        return Err(format!("{:?}", account.rejected));
    }
    let parameters: Vec<_> = composed
        .parameters
        .iter()
        .filter(|own| own.path.starts_with("carrier.") && own.path.contains(".latency"))
        .collect();
    let latency = |of: &str| {
        let path = format!(".latency.lognormal.{of}");
        parameters.iter().find(|own| own.path.ends_with(&path)).map(|own| own.value)
    };
    let said: String = composed.assumptions.iter().map(|own| format!("{} ", own.why)).collect();
    match told {
        Told::Within(most) => {
            for (of, truth) in [("median", MEDIAN), ("p95", P95)] {
                let found = latency(of).ok_or_else(|| format!("{parameters:?}"))?;
                let off = found / truth - 1.0;
                if off.abs() > most {
                    return Err(format!("{of} {found} s, off by {off:+.4}"));
                }
            }
            Ok(())
        }
        Told::Nothing => {
            let found = !parameters.is_empty();
            let is_said = said.contains("no latency can be fitted");
            if is_said && !found { Ok(()) } else { Err(format!("{parameters:?} {said}")) }
        }
        Told::NoP95 => {
            let is_said = said.contains("no p95 can be told");
            if is_said { Ok(()) } else { Err(format!("{parameters:?} {said}")) }
        }
    }
}

/// What is made of a log, by its own words alone.
fn fitted(bytes: &[u8]) -> (Account, Composed) {
    let mut log = Gathered::new();
    let inputs = [("log".to_owned(), Ok(bytes))];
    let account = read(inputs, &Options::default(), &mut |row| log.add(row)).unwrap();
    let plan = Plan {
        name: "fitted".to_owned(),
        summary: "Fitted".to_owned(),
        seed: 1,
        hold_out: 0.0,
        zone: 0,
        turn: None,
        gap: None,
        resolution: Resolution {
            submitted: account.submitted.or(account.sent),
            sent: account.sent,
            done: account.done,
        },
    };
    let composed = compose(&log, &plan).unwrap();
    (account, composed)
}
