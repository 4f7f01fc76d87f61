//! An expression as text that reads back as the same.

use std::fmt::{Display, Formatter, Result};

use super::{Expression, Node, Operand};

impl Display for Expression {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        self.root.fmt(out)
    }
}

impl Display for Node {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Node::All(parts) => joined(parts, " and ", out),
            Node::Any(parts) => joined(parts, " or ", out),
            Node::Not(inner) => {
                out.write_str("not ")?;
                part(inner, out)
            }
            Node::Comparison(left, operator, right) => {
                write!(out, "{left} {} {right}", operator.sign())
            }
        }
    }
}

fn joined(parts: &[Node], word: &str, out: &mut Formatter<'_>) -> Result {
    for (index, node) in parts.iter().enumerate() {
        if index > 0 {
            out.write_str(word)?;
        }
        part(node, out)?;
    }
    Ok(())
}

/// Parentheses around whatever is joined, needed or not: nobody has to know what binds closer.
fn part(node: &Node, out: &mut Formatter<'_>) -> Result {
    match node {
        Node::All(_) | Node::Any(_) => write!(out, "({node})"),
        Node::Not(_) | Node::Comparison(..) => node.fmt(out),
    }
}

impl Display for Operand {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let (left, how, right) = match self {
            Operand::Path(text) | Operand::Value(_, text) => return out.write_str(text),
            Operand::Computed(left, how, right) => (left, how, right),
        };
        // Only where they mean something: a sum within a product, and what is joined on the right.
        let within = |inner: &Operand, is_right: bool| match inner {
            Operand::Computed(_, own, _) => {
                !own.is_product() && how.is_product()
                    || is_right && own.is_product() == how.is_product()
            }
            _ => false,
        };
        operand(left, within(left, false), out)?;
        write!(out, " {} ", how.sign())?;
        operand(right, within(right, true), out)
    }
}

fn operand(operand: &Operand, in_parentheses: bool, out: &mut Formatter<'_>) -> Result {
    if in_parentheses { write!(out, "({operand})") } else { operand.fmt(out) }
}
