//! What must hold of any text given as an expression. `fuzz/fuzz_targets/expression.rs` asks it of
//! the texts that libFuzzer thinks of, `main.rs` of some hundreds of its own.

use smschain::expression::Expression;

/// Reads `text`; fails if what comes of it can't be trusted.
pub(crate) fn sound(text: &str) {
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            let wrong = text.get(error.range.clone());
            assert!(wrong.is_some(), "{text:?}: {error:?}");
            assert!(!error.message.is_empty() && !error.expected.is_empty(), "{error:?}");
            return;
        }
    };
    for (path, range) in expression.paths() {
        assert_eq!(text.get(range.clone()), Some(path.as_str()), "{text:?}");
    }
    let printed = expression.to_string();
    // Spaces may have made it longer than may be read.
    if printed.len() <= Expression::LONGEST {
        assert_eq!(Expression::parse(&printed), Ok(expression.clone()), "{text:?}");
    }
    // Unknown figures leave the verdict open; known ones can but decide it.
    let guess = |path: &str| Some(path.len() as f64);
    let known = expression.evaluate(guess);
    // What is computed of them may be no number: a division by zero, an overflow.
    let computes = [" + ", " - ", " * ", " / "].iter().any(|sign| printed.contains(sign));
    assert!(known.is_some() || computes, "{text:?}");
    let partly = expression.evaluate(|path| guess(path).filter(|length| *length > 3.0));
    assert!(partly.is_none() || partly == known, "{text:?}");
}
