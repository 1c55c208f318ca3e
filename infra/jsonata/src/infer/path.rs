//! Paths: steps, predicates, and the missing fields in them.

use jsonata_core::ast::{AstNode, PathStep, Stage, UnaryOp};

use super::sequence::{Sequence, wildcard};
use super::{At, Inferrer};
use crate::{Shape, Type};

impl<'a> Inferrer<'_, 'a> {
    pub(super) fn path(&mut self, steps: &'a [PathStep], at: &At<'a>) -> Shape {
        let Some((first, _)) = steps.split_first() else {
            return Shape::undefined();
        };
        let mut sequence = match (&first.node, &at.context) {
            (AstNode::Variable(_) | AstNode::ParentVariable(_), _) | (_, None) => None,
            (_, Some(context)) if context.may_be(Type::Array) && !context.is_unknown() => {
                Some(Sequence::items_of(context))
            }
            (_, Some(context)) => Some(Sequence::one(context.clone())),
        };
        let keep_array = steps
            .iter()
            .any(|step| step.stages.contains(&Stage::KeepArray));
        let mut result = Shape::undefined();
        let mut not_required = None;
        for (index, step) in steps.iter().enumerate() {
            if step.is_tuple
                || step.focus.is_some()
                || step.index_var.is_some()
                || step.stages.iter().any(is_index)
            {
                bind_tuple(steps, at);
                let bound = AstNode::Path {
                    steps: steps.to_vec(),
                };
                return self.gap(&bound, "`@`, `#` and `%` bind what later steps see");
            }
            let last = index + 1 == steps.len();
            let inside = match &sequence {
                Some(sequence) => at.within(sequence.item.clone()),
                None => at.clone().tested(false),
            };
            let sequence_before = sequence.unwrap_or_else(|| Sequence::one(Shape::any()));
            if sequence_before.most == Some(0) {
                return Shape::undefined();
            }
            let found = self.step(steps, index, &inside, at);
            if !found.may_be_defined() {
                return if sequence_before.least == 0 {
                    Shape::undefined()
                } else {
                    found
                };
            }
            if sequence_before.most == Some(1) {
                not_required = not_required.or_else(|| found.not_required().map(str::to_owned));
            }
            if last {
                result = ending(
                    &sequence_before,
                    &found,
                    matches!(step.node, AstNode::ArrayGroup(_)),
                );
            }
            sequence = Some(match step.node {
                AstNode::ArrayGroup(_) => sequence_before.mapped(found),
                _ => sequence_before.replaced_by(&found),
            });
        }
        let result = if keep_array {
            kept_array(result)
        } else {
            result
        };
        match not_required {
            Some(field) if result.may_be_undefined() => result.or_missing(&field),
            _ => result,
        }
    }

    /// What one step makes of one item.
    fn step(&mut self, steps: &'a [PathStep], index: usize, inside: &At<'a>, at: &At<'a>) -> Shape {
        let step = &steps[index];
        let mut found = match (&step.node, &inside.context) {
            (AstNode::Name(name) | AstNode::String(name), Some(item))
                if index > 0 || matches!(step.node, AstNode::Name(_)) =>
            {
                let found = lookup(item, name);
                if found.is_undefined() && item.may_be_defined() {
                    self.missing_field(steps, index, name, item, at);
                }
                found
            }
            (AstNode::Wildcard, Some(item)) => wildcard(item),
            _ => self.data(&step.node, inside),
        };
        for stage in &step.stages {
            if let Stage::Filter(predicate) = stage {
                let before = found;
                found = self.filter(predicate, &before, inside);
                if found.is_undefined() && before.may_be_defined() {
                    self.missing_item(steps, index, &before, at);
                }
            }
        }
        found
    }

    fn filter(&mut self, predicate: &'a AstNode, found: &Shape, at: &At<'a>) -> Shape {
        if let Some(index) = constant_index(predicate) {
            return indexed(found, index);
        }
        let items = Sequence::items_of(found);
        let inside = at.within(items.item.clone()).tested(true);
        let choice = self.shape(predicate, &inside);
        // One number picks one item; anything else may pick any of them.
        let picks_one = choice.is_only(&[Type::Number]);
        let most = if picks_one {
            items.most.map(|most| most.min(1)).or(Some(1))
        } else {
            items.most
        };
        let picked = Sequence { most, ..items }.filtered();
        if picks_one && picked.item.as_array().is_some() {
            return picked.item.or_undefined();
        }
        picked.collapse()
    }

    pub(super) fn sorted(
        &mut self,
        input: &'a AstNode,
        terms: &'a [(AstNode, bool)],
        at: &At<'a>,
    ) -> Shape {
        let shape = self.shape(input, &at.tested(false));
        let items = Sequence::items_of(&shape);
        for (term, _) in terms {
            self.infer(term, &at.within(items.item.clone()));
        }
        let alone = items.clone().collapse();
        alone.join(&items.array())
    }
}

/// A field by name; of an array, that of all its items.
pub(super) fn lookup(item: &Shape, name: &str) -> Shape {
    let Some(array) = item.as_array() else {
        return item.field(name);
    };
    let inner = lookup(&array.item(), name);
    let items = Sequence::items_of(&array.clone().into());
    let of_items = items.replaced_by(&inner).collapse();
    let single = item.clone().without_array();
    if single.is_never() {
        of_items
    } else {
        single.field(name).join(&of_items)
    }
}

fn is_index(stage: &Stage) -> bool {
    matches!(stage, Stage::Index(_))
}

/// The variables that `@` and `#` bind are known afterwards, their values are not.
fn bind_tuple(steps: &[PathStep], at: &At<'_>) {
    for step in steps {
        for name in step.focus.iter().chain(&step.index_var) {
            at.scope.set(name, Shape::any().into());
        }
    }
}

fn constant_index(predicate: &AstNode) -> Option<i64> {
    match predicate {
        // Indexes beyond 32 bits are past every array.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float is cast to the nearest integer there is"
        )]
        AstNode::Number(number) => Some(number.floor() as i64),
        AstNode::Unary {
            op: UnaryOp::Negate,
            operand,
        } => match **operand {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a float is cast to the nearest integer there is"
            )]
            AstNode::Number(number) => Some((-number).floor() as i64),
            _ => None,
        },
        _ => None,
    }
}

/// A single value is its own first and last item.
fn indexed(found: &Shape, index: i64) -> Shape {
    if found.is_unknown() {
        return Shape::any();
    }
    let single = found.clone().without_array();
    let of_single = match index {
        _ if !single.may_be_defined() => single,
        0 | -1 => single,
        _ => Shape::undefined(),
    };
    if found.as_array().is_none() {
        return of_single;
    }
    of_single.join(&found.item_at(index))
}

/// The result of the last step.
///
/// A lone result is kept as it is, an array included; several are put into one sequence.
fn ending(before: &Sequence, found: &Shape, constructed: bool) -> Shape {
    let missing = if before.least == 0 {
        Shape::undefined()
    } else {
        Shape::never()
    };
    if before.most == Some(1) {
        return found.join(&missing);
    }
    let all = if constructed {
        before.mapped(found.clone())
    } else {
        before.replaced_by(found)
    };
    let lone = if before.least <= 1 || found.may_be_undefined() {
        found.clone().defined()
    } else {
        Shape::never()
    };
    lone.join(&all.collapse()).join(&missing)
}

/// `[]` keeps a lone result an array.
fn kept_array(result: Shape) -> Shape {
    if result.is_unknown() {
        return Shape::array(Shape::json()).or_undefined();
    }
    let missing = result.may_be_undefined();
    let single = result.clone().without_array().defined();
    let mut kept = Shape {
        array: result.array,
        ..Shape::default()
    };
    if !single.is_never() {
        kept = kept.join(&Shape::tuple(vec![single]));
    }
    if missing { kept.or_undefined() } else { kept }
}
