//! A share of a count.

/// `part` of `whole`; `None` if there is nothing to have a share of.
#[must_use]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_nothing_is_unknown() {
        assert_eq!(share(0, 0), None);
        assert_eq!(share(0, 4), Some(0.0));
        assert_eq!(share(1, 4), Some(0.25));
    }
}
