//! Delivery logs: any bytes as what a provider or a gateway exports.

use smschain::logs::{Options, Row, read};

/// Reads the bytes as a log; fails if the account of it doesn't add up, or a row holds what none can.
pub(crate) fn sound(bytes: &[u8]) {
    let mut rows = 0_u64;
    let mut each = |row: &Row<'_>| {
        rows += 1;
        assert!(row.submitted.or(row.sent).or(row.done).is_some(), "a row without a time: {row:?}");
        assert!(row.price.is_none_or(|price| price.is_finite() && price >= 0.0), "{row:?}");
        assert!(row.segments.is_none_or(|segments| segments > 0), "{row:?}");
        assert!(row.attempts.is_none_or(|attempts| attempts > 0), "{row:?}");
    };
    match read([("log".to_owned(), Ok(bytes))], &Options::default(), &mut each) {
        Ok(account) => {
            let left_out: u64 = account.rejected.iter().map(|own| own.count).sum();
            assert_eq!(account.rows, account.used + account.joined + left_out, "{account:?}");
            assert_eq!(account.used, rows, "{account:?}");
            assert!(account.from <= account.to, "{account:?}");
            for clock in [account.submitted, account.sent, account.done].into_iter().flatten() {
                assert!(clock > 0, "{account:?}");
            }
        }
        Err(error) => {
            let told = error.to_string();
            assert!(told.contains("`log`") && told.len() < 1_000, "{told}");
        }
    }
}
