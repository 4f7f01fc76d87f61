//! Fields of a CSV file (RFC 4180).

/// Appends `field`, quoted if it has to be.
pub(super) fn push_field(line: &mut String, field: &str) {
    if !field.contains(['"', ',', '\n', '\r']) {
        line.push_str(field);
        return;
    }
    line.push('"');
    for character in field.chars() {
        if character == '"' {
            line.push('"');
        }
        line.push(character);
    }
    line.push('"');
}

/// Appends a whole number; faster than formatting it.
pub(super) fn push_count(line: &mut String, mut count: u64) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (count % 10) as u8;
        count /= 10;
        if count == 0 {
            break;
        }
    }
    line.push_str(std::str::from_utf8(&digits[start..]).unwrap_or_default());
}

/// Appends a time in seconds, exactly: `12.5` for 12 500 000 000 ns.
pub(super) fn push_seconds(line: &mut String, nanos: u64) {
    push_count(line, nanos / 1_000_000_000);
    let mut fraction = nanos % 1_000_000_000;
    if fraction == 0 {
        return;
    }
    line.push('.');
    let mut unit = 100_000_000;
    while fraction > 0 {
        line.push(char::from(b'0' + (fraction / unit) as u8));
        fraction %= unit;
        unit /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact() {
        let written = |nanos| {
            let mut line = String::new();
            push_seconds(&mut line, nanos);
            line
        };
        assert_eq!(written(0), "0");
        assert_eq!(written(12_500_000_000), "12.5");
        assert_eq!(written(1), "0.000000001");
        assert_eq!(written(3_600_000_000_010), "3600.00000001");
        assert_eq!(written(u64::MAX), "18446744073.709551615");
    }

    #[test]
    fn only_what_must_be_is_quoted() {
        let written = |field| {
            let mut line = String::new();
            push_field(&mut line, field);
            line
        };
        assert_eq!(written("plain 1"), "plain 1");
        assert_eq!(written("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
