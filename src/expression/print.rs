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
        match self {
            Operand::Path(text) | Operand::Value(_, text) => out.write_str(text),
        }
    }
}
