//! Text → tree, by recursive descent; the first mistake ends it.

use std::ops::Range;

use super::{Arithmetic, Expression, ExpressionError, Node, Operand, Operator};
use crate::kernel::in_seconds;
use crate::scenario::duration;

const OPERAND: &str = "expected a path such as within.30s, or a value such as 97%, 30s or 5";
const OPERATOR: &str = "expected a comparison: <, <=, >, >=, == or !=";

pub(super) fn parse(text: &str) -> Result<Expression, ExpressionError> {
    if text.len() > Expression::LONGEST {
        return Err(ExpressionError {
            range: 0..0,
            message: format!("the expression has {} bytes", text.len()),
            expected: format!("expected at most {}", Expression::LONGEST),
            help: None,
        });
    }
    let mut parser =
        Parser { text, at: 0, depth: 0, operations: 0, paths: Vec::new(), sides: Vec::new() };
    let root = parser.any()?;
    let (token, _) = parser.peek();
    if token != Token::End {
        let mut error = parser.unexpected("expected `and`, `or` or the end");
        if token == Token::Close {
            error.message = "this `)` closes nothing".to_owned();
        } else if matches!(token, Token::Operator(_)) {
            error.help = Some("compare twice: `1 < x and x < 2`".to_owned());
        }
        return Err(error);
    }
    Ok(Expression { root, paths: parser.paths, sides: parser.sides })
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'text> {
    Open,
    Close,
    And,
    Or,
    Not,
    Operator(Operator),
    Arithmetic(Arithmetic),
    /// A path or a value.
    Word(&'text str),
    /// Characters that no expression has.
    Stranger,
    End,
}

struct Parser<'text> {
    text: &'text str,
    at: usize,
    depth: usize,
    /// Those of the side being read.
    operations: usize,
    paths: Vec<(String, Range<usize>)>,
    sides: Vec<[Range<usize>; 2]>,
}

impl<'text> Parser<'text> {
    fn any(&mut self) -> Result<Node, ExpressionError> {
        let parts = self.parts(Token::Or, Parser::all)?;
        Ok(one_or(parts, Node::Any))
    }

    fn all(&mut self) -> Result<Node, ExpressionError> {
        let parts = self.parts(Token::And, Parser::not)?;
        Ok(one_or(parts, Node::All))
    }

    fn parts(
        &mut self,
        joint: Token<'static>,
        part: fn(&mut Self) -> Result<Node, ExpressionError>,
    ) -> Result<Vec<Node>, ExpressionError> {
        let mut parts = vec![part(self)?];
        while self.take(joint) {
            parts.push(part(self)?);
        }
        Ok(parts)
    }

    fn not(&mut self) -> Result<Node, ExpressionError> {
        let (token, range) = self.peek();
        if token != Token::Not && !(token == Token::Open && self.encloses_comparisons()) {
            return self.comparison();
        }
        self.at = range.end;
        self.deeper(&range)?;
        let node = if token == Token::Not {
            Node::Not(Box::new(self.not()?))
        } else {
            let inner = self.any()?;
            self.close(range, "expected `and`, `or` or `)`")?;
            inner
        };
        self.depth -= 1;
        Ok(node)
    }

    fn deeper(&mut self, range: &Range<usize>) -> Result<(), ExpressionError> {
        if self.depth == Expression::DEEPEST {
            return Err(ExpressionError {
                range: range.clone(),
                message: "the expression is nested too deeply".to_owned(),
                expected: format!("expected at most {} levels", Expression::DEEPEST),
                help: None,
            });
        }
        self.depth += 1;
        Ok(())
    }

    /// Takes the `)` that belongs to the `(` at `open`.
    fn close(&mut self, open: Range<usize>, expected: &str) -> Result<(), ExpressionError> {
        if self.take(Token::Close) {
            return Ok(());
        }
        let ended = self.peek().0 == Token::End;
        let mut error = self.unexpected(expected);
        if ended {
            (error.range, error.message) = (open, "this `(` is never closed".to_owned());
            error.expected = "expected a `)` for it".to_owned();
        }
        Err(error)
    }

    /// `true` if the `(` that comes next is one around comparisons, not within a side of one.
    fn encloses_comparisons(&self) -> bool {
        let (mut at, mut open) = (self.at, 0_usize);
        loop {
            let (token, range) = self.token(at);
            at = range.end;
            match token {
                Token::Open => open += 1,
                Token::Close if open == 1 => return false,
                Token::Close => open -= 1,
                Token::Operator(_) | Token::And | Token::Or | Token::Not => return true,
                Token::End | Token::Stranger => return false,
                Token::Arithmetic(_) | Token::Word(_) => {}
            }
        }
    }

    fn comparison(&mut self) -> Result<Node, ExpressionError> {
        let (left, left_at) = self.side()?;
        let (Token::Operator(operator), range) = self.peek() else {
            return Err(self.unexpected(OPERATOR));
        };
        self.at = range.end;
        let (right, right_at) = self.side()?;
        self.sides.push([left_at, right_at]);
        Ok(Node::Comparison(left, operator, right))
    }

    /// A side of a comparison, and its bytes.
    fn side(&mut self) -> Result<(Operand, Range<usize>), ExpressionError> {
        self.operations = 0;
        let start = self.peek().1.start;
        let side = self.sum()?;
        Ok((side, start..self.at))
    }

    fn sum(&mut self) -> Result<Operand, ExpressionError> {
        self.chain(false, Parser::product)
    }

    fn product(&mut self) -> Result<Operand, ExpressionError> {
        self.chain(true, Parser::operand)
    }

    /// Parts that are joined from left to right.
    fn chain(
        &mut self,
        product: bool,
        part: fn(&mut Self) -> Result<Operand, ExpressionError>,
    ) -> Result<Operand, ExpressionError> {
        let mut whole = part(self)?;
        while let (Token::Arithmetic(how), range) = self.peek()
            && how.is_product() == product
        {
            self.at = range.end;
            self.operations += 1;
            if self.operations > Expression::DEEPEST {
                return Err(ExpressionError {
                    range,
                    message: "this side of a comparison has too many operations".to_owned(),
                    expected: format!("expected at most {}", Expression::DEEPEST),
                    help: None,
                });
            }
            whole = Operand::computed(whole, how, part(self)?);
        }
        Ok(whole)
    }

    fn operand(&mut self) -> Result<Operand, ExpressionError> {
        if let (Token::Open, range) = self.peek() {
            self.at = range.end;
            self.deeper(&range)?;
            let inner = self.sum()?;
            self.close(range, "expected `+`, `-`, `*`, `/` or `)`")?;
            self.depth -= 1;
            return Ok(inner);
        }
        let (Token::Word(word), range) = self.peek() else {
            return Err(self.unexpected(OPERAND));
        };
        self.at = range.end;
        if word.starts_with(|first: char| first.is_ascii_digit() || "+-.%".contains(first)) {
            return value(word, range);
        }
        self.paths.push((word.to_owned(), range));
        Ok(Operand::Path(word.to_owned()))
    }

    fn take(&mut self, wanted: Token<'_>) -> bool {
        let (token, range) = self.peek();
        let found = token == wanted;
        if found {
            self.at = range.end;
        }
        found
    }

    /// The next token and its bytes.
    fn peek(&self) -> (Token<'text>, Range<usize>) {
        self.token(self.at)
    }

    /// The first token from a byte on, and its bytes.
    fn token(&self, at: usize) -> (Token<'text>, Range<usize>) {
        let rest = self.text[at..].trim_start();
        let start = self.text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            return (Token::End, start..start);
        };
        let operator = Operator::ALL.into_iter().find(|operator| rest.starts_with(operator.sign()));
        let (token, length) = match (first, operator) {
            ('(', _) => (Token::Open, 1),
            (')', _) => (Token::Close, 1),
            ('*', _) => (Token::Arithmetic(Arithmetic::Times), 1),
            ('/', _) => (Token::Arithmetic(Arithmetic::Over), 1),
            (_, Some(operator)) => (Token::Operator(operator), operator.sign().len()),
            _ => match word(rest) {
                "" => (Token::Stranger, first.len_utf8()),
                "+" => (Token::Arithmetic(Arithmetic::Plus), 1),
                "-" => (Token::Arithmetic(Arithmetic::Minus), 1),
                word if word.eq_ignore_ascii_case("and") => (Token::And, word.len()),
                word if word.eq_ignore_ascii_case("or") => (Token::Or, word.len()),
                word if word.eq_ignore_ascii_case("not") => (Token::Not, word.len()),
                word => (Token::Word(word), word.len()),
            },
        };
        (token, start..start + length)
    }

    /// The complaint about the next token.
    fn unexpected(&self, expected: &str) -> ExpressionError {
        let (token, range) = self.peek();
        let found = &self.text[range.clone()];
        let next = self.text[range.end..].chars().next();
        let message = match token {
            Token::End if self.text.trim().is_empty() => "the expression is empty".to_owned(),
            Token::End => "the expression ends too early".to_owned(),
            _ => format!("`{}` doesn't belong here", short(found)),
        };
        let help = match found {
            "=" if next == Some('>') => Some("did you mean `>=`?"),
            "=" if next == Some('<') => Some("did you mean `<=`?"),
            "=" => Some("did you mean `==`?"),
            "&" => Some("did you mean `and`?"),
            "|" => Some("did you mean `or`?"),
            "!" => Some("did you mean `not`?"),
            _ => None,
        };
        let mut help = help.map(str::to_owned);
        let digits = |sign| found.strip_prefix(sign).filter(|rest| !rest.is_empty());
        if let Some(rest) = digits('+').or_else(|| digits('-')).filter(|_| expected == OPERATOR) {
            let sign = &found[..1];
            help = Some(format!("a sign stands apart: `{sign} {}`", short(rest)));
        }
        ExpressionError { range, message, expected: expected.to_owned(), help }
    }
}

fn one_or(mut parts: Vec<Node>, several: fn(Vec<Node>) -> Node) -> Node {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            several(parts)
        }
    }
}

/// The path, value or joint that `rest` begins with. A `%` may stand apart from its number.
fn word(rest: &str) -> &str {
    let other = |c: char| !(c.is_alphanumeric() || "_-.+%".contains(c));
    let word = &rest[..rest.find(other).unwrap_or(rest.len())];
    let number = word.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && word.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    let tail = rest[word.len()..].trim_start();
    if number && tail.starts_with('%') { &rest[..rest.len() - tail.len() + 1] } else { word }
}

/// A percentage, a number or a duration.
fn value(word: &str, range: Range<usize>) -> Result<Operand, ExpressionError> {
    let wrong = |message: String, expected: String, help: Option<String>| {
        let (expected, help) =
            (expected.replace('"', "`"), help.map(|help| help.replace('"', "`")));
        ExpressionError { range: range.clone(), message, expected, help }
    };
    let percentage = word.strip_suffix('%').map(str::trim_end);
    let digits = percentage.unwrap_or(word);
    let signs = if percentage.is_some() { "+-." } else { "+-.eE" };
    let number: Option<f64> = if digits.chars().all(|c| c.is_ascii_digit() || signs.contains(c)) {
        // The decimal point is moved in the text, so that 0.2% is exactly 0.002.
        if percentage.is_some() { format!("{digits}e-2").parse().ok() } else { digits.parse().ok() }
    } else {
        None
    };
    let text = percentage.map_or_else(|| word.to_owned(), |digits| format!("{digits}%"));
    match number {
        Some(number) if number.is_finite() => Ok(Operand::Value(number, text)),
        Some(_) => Err(wrong(
            format!("`{}` is too large", short(word)),
            "expected a finite number".to_owned(),
            None,
        )),
        None if percentage.is_some() || !digits.ends_with(char::is_alphabetic) => Err(wrong(
            format!("`{}` is no number", short(word)),
            "expected a value such as 97%, 30s or 5".to_owned(),
            None,
        )),
        None => match duration::parse(word) {
            Ok(nanos) => Ok(Operand::Value(in_seconds(nanos), text)),
            Err(complaint) => Err(wrong(complaint.message, complaint.label, complaint.help)),
        },
    }
}

/// As much of a text as fits in a sentence.
fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        Expression::parse(text).unwrap().to_string()
    }

    #[test]
    fn not_binds_closest_then_and_then_or() {
        for (text, meant) in [
            ("a<1 or b<2 and c<3", "a < 1 or (b < 2 and c < 3)"),
            ("a<1 and b<2 or c<3", "(a < 1 and b < 2) or c < 3"),
            ("not a<1 and b<2", "not a < 1 and b < 2"),
            ("not (a<1 and b<2)", "not (a < 1 and b < 2)"),
            ("(a<1 or b<2) and c<3", "(a < 1 or b < 2) and c < 3"),
            ("((a<1)) AND not not b!=2", "a < 1 and not not b != 2"),
            ("a<1 and b<2 and c<3", "a < 1 and b < 2 and c < 3"),
            ("a/b/c*(d + 1)<1", "a / b / c * (d + 1) < 1"),
            ("a / (b/c) - (d - 1) < ((1))", "a / (b / c) - (d - 1) < 1"),
            ("((a + b)) + (c * d) < 1", "a + b + c * d < 1"),
            ("((a < 1 or b < 2)) and (c) < 3", "(a < 1 or b < 2) and c < 3"),
        ] {
            assert_eq!(printed(text), meant);
            assert_eq!(Expression::parse(text), Expression::parse(meant));
        }
        assert_ne!(Expression::parse("not a<1 and b<2"), Expression::parse("not (a<1 and b<2)"));
    }

    #[test]
    fn paths_have_their_places() {
        let text = "within.30s>=97 % and 5 < queues.main-2.mean_depth";
        let expression = Expression::parse(text).unwrap();
        let found: Vec<_> = expression
            .paths()
            .iter()
            .map(|(path, at)| (path.as_str(), &text[at.clone()]))
            .collect();
        let names = ["within.30s", "queues.main-2.mean_depth"];
        assert_eq!(found, names.map(|name| (name, name)));
        assert_eq!(expression.to_string(), "within.30s >= 97% and 5 < queues.main-2.mean_depth");
    }

    #[test]
    fn mistakes_have_a_place_and_a_way_out() {
        for (text, at, said) in [
            ("", 0..0, "is empty"),
            ("  ", 2..2, "is empty"),
            ("within.30s", 10..10, "expected a comparison"),
            ("within.30s >", 12..12, "expected a path"),
            ("a = 1", 2..3, "did you mean `==`?"),
            ("a < 1 && b < 2", 6..7, "did you mean `and`?"),
            ("a < 1 || b < 2", 6..7, "did you mean `or`?"),
            ("! a < 1", 0..1, "did you mean `not`?"),
            ("1 < a < 2", 6..7, "compare twice"),
            ("(a < 1", 0..1, "never closed"),
            ("a < 1)", 5..6, "closes nothing"),
            ("(a < 1 b", 7..8, "expected `and`, `or` or `)`"),
            ("a < 5 seconds", 6..13, "expected `and`, `or` or the end"),
            ("a < 5sec", 4..8, "did you mean `5s`?"),
            ("a < 1e999", 4..9, "too large"),
            ("a < 1.2.3", 4..9, "is no number"),
            ("a < %", 4..5, "is no number"),
            ("a < -5s", 4..7, "below 0"),
            ("a and b", 2..5, "expected a comparison"),
            ("a -5 > 1", 2..4, "a sign stands apart: `- 5`"),
            ("a / > 1", 4..5, "expected a path"),
            ("- a > 1", 0..1, "expected a path"),
            ("(a) and b < 1", 4..7, "expected a comparison"),
            ("(a + b < 1", 0..1, "never closed"),
            ("1 < (a + b", 4..5, "never closed"),
            ("(a < 1) * 2 > 1", 8..9, "expected `and`, `or` or the end"),
            ("1 < (a < 2)", 7..8, "expected `+`, `-`, `*`, `/` or `)`"),
            ("a < é€ #", 6..9, "doesn't belong here"),
        ] {
            let error = Expression::parse(text).unwrap_err();
            assert_eq!(error.range, at, "{text}: {error}");
            assert!(error.to_string().contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let nested = |depth: usize| format!("{}a < 1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(Expression::parse(&nested(Expression::DEEPEST)).is_ok());
        let error = Expression::parse(&nested(Expression::DEEPEST + 1)).unwrap_err();
        assert_eq!(error.range, Expression::DEEPEST..Expression::DEEPEST + 1);
        assert!(Expression::parse(&nested(10_000)).is_err());
        assert!(Expression::parse(&format!("{}a < 1", "not ".repeat(1000))).is_err());
        let sum = |parts: usize| format!("{} < 1", vec!["a"; parts].join(" * "));
        assert!(Expression::parse(&sum(Expression::DEEPEST + 1)).is_ok());
        assert!(Expression::parse(&sum(Expression::DEEPEST + 2)).is_err());
        let long = vec!["a<1"; 400].join(" and ");
        assert!(Expression::parse(&long).is_ok());
    }
}
