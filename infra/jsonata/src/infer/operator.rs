//! Operators on values.

use jsonata_core::ast::{AstNode, BinaryOp};

use super::sequence::Sequence;
use super::{At, Inferrer, undefined_if};
use crate::finding::Kind;
use crate::render::{render, symbol};
use crate::shape::Text;
use crate::{Shape, Type};

/// The longest text of a number, as `$string` writes it.
const LONGEST_NUMBER: u64 = 24;

impl<'a> Inferrer<'_, 'a> {
    pub(super) fn operation(
        &mut self,
        node: &'a AstNode,
        op: BinaryOp,
        lhs: &'a AstNode,
        rhs: &'a AstNode,
        at: &At<'a>,
    ) -> Shape {
        let logical = matches!(op, BinaryOp::And | BinaryOp::Or);
        let left = self.data(lhs, &at.tested(logical));
        let right = self.data(rhs, &at.tested(logical));
        match op {
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Modulo => {
                self.operands(op, [(lhs, &left), (rhs, &right)], &[Type::Number]);
                undefined_if(&left, undefined_if(&right, Shape::number()))
            }
            BinaryOp::LessThan
            | BinaryOp::LessThanOrEqual
            | BinaryOp::GreaterThan
            | BinaryOp::GreaterThanOrEqual => {
                self.ordering(node, op, [(lhs, &left), (rhs, &right)])
            }
            BinaryOp::Range => {
                self.operands(op, [(lhs, &left), (rhs, &right)], &[Type::Number]);
                undefined_if(
                    &left,
                    undefined_if(&right, Shape::array(Shape::number()).or_undefined()),
                )
            }
            BinaryOp::Concatenate => concatenated(&left, &right),
            BinaryOp::Equal | BinaryOp::NotEqual => {
                self.equality(node, &left, &right);
                Shape::boolean()
            }
            BinaryOp::In => {
                let items = Sequence::items_of(&right).item;
                self.equality(node, &left, &items);
                Shape::boolean()
            }
            _ => Shape::boolean(),
        }
    }

    fn operands(&mut self, op: BinaryOp, operands: [(&'a AstNode, &Shape); 2], types: &[Type]) {
        for (operand, shape) in operands {
            self.operand(operand, symbol(op), shape, types);
        }
    }

    fn ordering(
        &mut self,
        node: &AstNode,
        op: BinaryOp,
        operands: [(&'a AstNode, &Shape); 2],
    ) -> Shape {
        let [(_, left), (_, right)] = operands;
        let types = [Type::Number, Type::Text];
        self.operands(op, operands, &types);
        let ordered = types
            .into_iter()
            .any(|of| left.may_be(of) && right.may_be(of));
        let both_valid = [left, right]
            .iter()
            .all(|shape| types.iter().any(|of| shape.may_be(*of)));
        if both_valid && !ordered {
            self.add(
                Kind::WrongOperand,
                node,
                format!("`{}` orders {left} and {right}", render(node)),
                "convert one side: `$number(...)` or `$string(...)`",
            );
        }
        undefined_if(left, undefined_if(right, Shape::boolean()))
    }

    fn equality(&mut self, node: &AstNode, left: &Shape, right: &Shape) {
        let (one, other) = (left.clone().defined(), right.clone().defined());
        if one.is_never() || other.is_never() || one.overlaps(&other) {
            return;
        }
        // Nothing compares with anything to false, so `x != null` asks whether an `x` that may be missing is there.
        let is_null = |shape: &Shape| shape.is_only(&[Type::Null]);
        if is_null(&one) && right.may_be_undefined() || is_null(&other) && left.may_be_undefined() {
            return;
        }
        let expected = [&one, &other]
            .into_iter()
            .filter_map(|shape| shape.as_text()?.values.as_ref());
        let help = match expected.max_by_key(|values| values.len()) {
            Some(values) if values.len() > 1 => {
                let single = [&one, &other]
                    .into_iter()
                    .filter_map(|shape| shape.as_text()?.values.as_ref());
                let wanted = single.filter(|values| values.len() == 1).flatten().next();
                crate::suggestion::help(
                    wanted.map_or("", String::as_str),
                    values.iter().map(String::as_str),
                    "correct one side",
                )
            }
            _ => "correct one side, or convert it: `$number(...)`, `$string(...)`".to_owned(),
        };
        self.add(
            Kind::NeverEqual,
            node,
            format!(
                "`{}` compares {one} with {other}: they are never equal",
                render(node)
            ),
            help,
        );
    }
}

/// `&`: nothing counts as the empty text; what is no text is written as JSON.
fn concatenated(left: &Shape, right: &Shape) -> Shape {
    let length = |shape: &Shape| -> Option<u64> {
        let written = shape.is_only(&[Type::Text, Type::Number, Type::Boolean, Type::Null]);
        let text = match shape.as_text() {
            Some(text) => text.max_length?,
            None => 0,
        };
        written.then(|| {
            if shape.is_only(&[Type::Text]) {
                text
            } else {
                text.max(LONGEST_NUMBER)
            }
        })
    };
    let known = |shape: &Shape| -> Option<Vec<String>> {
        let values = shape.as_text()?.values.clone()?;
        (shape.is_only(&[Type::Text]) && !shape.may_be_undefined())
            .then(|| values.into_iter().collect())
    };
    if let (Some(fronts), Some(backs)) = (known(left), known(right)) {
        let pairs = fronts
            .iter()
            .flat_map(|one| backs.iter().map(move |other| format!("{one}{other}")));
        return Shape::one_of(pairs.take(1024));
    }
    Text {
        values: None,
        max_length: length(left)
            .zip(length(right))
            .and_then(|(a, b)| a.checked_add(b)),
    }
    .into()
}
