//! Bodies that look like the fields of their log: nothing of them is in any row but how long they are.

use smschain::logs::{Options, Reason};

use crate::{balanced, read_bytes};

/// Bodies with every name that a field has, brackets that are open, and ends like those of a line.
const BODIES: [&str; 12] = [
    "hi [from:SECRET pin] [SMSC:SECRET x] ok",
    "[SVC:SECRET] [FID:SECRET] [to:SECRET] [flags:0:0:0:0:0] [META:SECRET] [BINF:SECRET]",
    "] [flags:0:0:0:0:0] [udh:0:] [SMSC:SECRET] [udh:0:]",
    "] [udh:0:]",
    "[msg:6:SECRET] [msg:SECRET] [udh:6:SECRET]",
    "[cid:SECRET] [queue-msgid:SECRET] [smpp-msgid:SECRET] [status:ERROR/ESME_RSYSERR] [retry:True]",
    "] [dlr:NO_SMSC_DELIVERY_RECEIPT_REQUESTED] [from:SECRET] [content:SECRET",
    "SMS-MT [cid:SECRET] DLR [cid:SECRET] SMS-MO [cid:SECRET]",
    "[[[ SECRET",
    "SECRET ]]] [err:SECRET] [err:9",
    "SECRET\\n2026-01-31 09:00:09 Sent SMS [SMSC:SECRET]",
    "stat:SECRET err:SECRET id:SECRET text:SECRET",
];

/// Rows without the lengths of their bodies.
fn rows(log: &[u8]) -> Vec<String> {
    let (account, rows) = read_bytes(log, &Options::default());
    let account = account.unwrap();
    balanced(&account);
    let told = format!("{account:?} {rows:?}");
    assert!(!told.contains("SECRET"), "{told}");
    let plain = |row: &String| -> Vec<String> {
        row.split(' ').filter(|cell| !cell.starts_with("chars=")).map(str::to_owned).collect()
    };
    rows.iter().map(|row| plain(row).join(" ")).collect()
}

/// A message and its receipt in Kannel's log; the log says that the body is `length` long.
fn kannel(body: &[u8], length: &str) -> Vec<u8> {
    let head =
        "[SMSC:alpha] [SVC:codes] [ACT:] [BINF:] [FID:1] [META:?smpp?a=1&] [from:ACME] [to:44]";
    let sent = format!("2026-01-31 09:00:00 Sent SMS {head} [flags:-1:0:-1:0:31] [msg:{length}:");
    let text = "id:1 stat:UNDELIV err:7 text:";
    let all = text.len() + body.len();
    let receipt =
        format!("2026-01-31 09:00:05 Receive DLR {head} [flags:-1:0:-1:0:2] [msg:{all}:{text}");
    let end = b"] [udh:0:]\n".as_slice();
    [sent.as_bytes(), body, end, receipt.as_bytes(), body, end].concat()
}

/// The same in Jasmin's.
fn jasmin(body: &[u8]) -> Vec<u8> {
    let sent = "2026-01-31 09:00:00 INFO     77 SMS-MT [cid:alpha] [queue-msgid:q] [smpp-msgid:1] \
                [status:ESME_ROK] [prio:1] [dlr:SMSC_DELIVERY_RECEIPT_REQUESTED] [validity:none] \
                [from:ACME] [to:44] [content:b'";
    let receipt = "2026-01-31 09:00:05 INFO     77 DLR [cid:alpha] [smpp-msgid:1] [status:UNDELIV] \
                   [submit date:2601310900] [done date:2601310900] [sub/dlvrd messages:001/001] \
                   [err:7] [content:b'";
    let end = b"']\n".as_slice();
    [sent.as_bytes(), body, end, receipt.as_bytes(), body, end].concat()
}

#[test]
fn a_body_that_looks_like_fields_is_none_in_kannel_s_log() {
    let plain = rows(&kannel(b"hello", "5"));
    assert_eq!(plain.len(), 1);
    assert!(
        plain[0].starts_with("Undelivered id=1 ") && plain[0].contains(" code=7 "),
        "{plain:?}"
    );
    for body in BODIES {
        let true_length = body.len().to_string();
        // Lengths that lie: of what it was before it was written, of another body, of none.
        for length in [&*true_length, "0", "3", "9999", "-1", "SECRET"] {
            let log = kannel(body.as_bytes(), length);
            assert_eq!(rows(&log), plain, "{body} as {length}");
        }
    }
}

#[test]
fn a_body_that_looks_like_fields_is_none_in_jasmin_s_log() {
    let plain = rows(&jasmin(b"hello"));
    assert_eq!(plain.len(), 1);
    assert!(
        plain[0].starts_with("Undelivered id=1 ") && plain[0].contains(" code=7 "),
        "{plain:?}"
    );
    for body in BODIES {
        assert_eq!(rows(&jasmin(body.as_bytes())), plain, "{body}");
    }
    // Lines of another kind that quote one.
    let quoting = [
        jasmin(b"hello"),
        b"2026-01-31 09:00:00 INFO     77 routed [content: SMS-MT [cid:SECRET]]\n".to_vec(),
        b"2026-01-31 09:00:00 INFO     77 SMS-MO [cid:alpha] [content:b'SMS-MT [cid:SECRET]']\n"
            .to_vec(),
    ];
    assert_eq!(rows(&quoting.concat()), plain);
}

#[test]
fn a_body_of_another_encoding_is_skipped_and_another_field_is_not() {
    let body = b"gr\xfc\xdfe [SMSC:SECRET]";
    assert_eq!(rows(&kannel(body, "16")), rows(&kannel(b"hello", "5")));
    assert_eq!(rows(&jasmin(body)), rows(&jasmin(b"hello")));
    let log = kannel(b"hello", "5");
    let damaged: Vec<u8> =
        log.iter().map(|byte| if *byte == b'M' { 0xfc } else { *byte }).collect();
    let (account, _) = read_bytes(&[&log[..], &damaged].concat(), &Options::default());
    let rejected = account.unwrap().rejected;
    assert!(rejected.iter().any(|own| own.reason == Reason::NotText), "{rejected:?}");
}

#[test]
fn the_length_of_a_body_is_the_log_s() {
    let (_, of_kannel) = read_bytes(&kannel(b"hi [to:you] ]", "13"), &Options::default());
    assert!(of_kannel[0].ends_with("chars=13"), "{of_kannel:?}");
    let (_, of_jasmin) = read_bytes(&jasmin(b"hi [to:you] ]"), &Options::default());
    assert!(of_jasmin[0].contains("chars=13"), "{of_jasmin:?}");
}

#[test]
fn a_format_of_somebody_s_own_with_the_body_first_tells_nothing_of_it() {
    let log = "2026-01-31 09:00:00 Sent SMS [SMSC:alpha] [text:SECRET [from:SECRET]] [to:44]\n";
    assert_eq!(rows(log.as_bytes()).len(), 1);
}

#[test]
fn the_text_of_a_receipt_is_none_of_its_values() {
    let receipt = |more: &str| {
        format!(
            "id:1 sub:001 dlvrd:001 submit date:2601310900 done date:2601310905 stat:DELIVRD err:000{more}\n"
        )
    };
    let plain = rows(receipt(" text:hello").as_bytes());
    assert_eq!(plain.len(), 1);
    for more in [
        " text:stat:UNDELIV err:99 id:SECRET done date:2601310959",
        " Text:SECRET stat:SECRET",
        ",text:SECRET,stat:SECRET",
        // Without the key.
        " SECRET pin 8841",
    ] {
        assert_eq!(rows(receipt(more).as_bytes()), plain, "{more}");
    }
}
