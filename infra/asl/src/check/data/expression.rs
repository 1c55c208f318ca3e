//! JSONata expressions: what they yield, and what is wrong with them.

use jsonata::{Environment, Inference, Kind, Shape, infer, suggestion};

use super::Check;
use super::place::Place;
use super::variables::Variables;
use crate::Pointer;
use crate::check::code;

/// The expression in `{% ... %}`; none when the text is just a text.
pub(super) fn expression(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}

/// Whether a deployment replaces a part of the text.
pub(super) fn has_placeholder(text: &str) -> bool {
    text.split_once("${")
        .is_some_and(|(_, rest)| rest.contains('}'))
}

impl Check<'_> {
    /// What an expression yields.
    pub(super) fn expression(&mut self, text: &str, pointer: &Pointer, place: &Place<'_>) -> Shape {
        if has_placeholder(text) {
            self.sink
                .not_checked(pointer, "a deployment replaces a part of the expression");
            return Shape::json();
        }
        let inference = infer(text, &environment(place));
        self.report(text, pointer, &inference, place);
        inference.shape
    }

    fn report(&mut self, text: &str, pointer: &Pointer, inference: &Inference, place: &Place<'_>) {
        match &inference.not_checked[..] {
            [] => self.sink.checked(),
            reasons => {
                for reason in reasons {
                    self.sink.not_checked(pointer, reason);
                }
            }
        }
        for finding in &inference.findings {
            if finding.kind == Kind::UnknownVariable {
                self.unassigned(finding.expression.trim_start_matches('$'), pointer, place);
                continue;
            }
            let code = code_of(finding.kind);
            if finding.kind.is_error() {
                self.sink
                    .error(pointer, code, &finding.message, &finding.help);
            } else {
                self.sink
                    .warning(pointer, code, &finding.message, &finding.help);
            }
        }
        for name in &inference.variables {
            if !text.replace(' ', "").contains(&format!("$exists(${name}")) {
                self.perhaps_unassigned(name, pointer, place.variables);
            }
        }
    }

    /// A variable that no way here assigns.
    pub(super) fn unassigned(&mut self, name: &str, pointer: &Pointer, place: &Place<'_>) {
        if place.hidden.contains(name) {
            self.sink.error(
                pointer,
                code::VARIABLE_SCOPE,
                format!("`${name}` belongs to the machine; the executions of a distributed map do not see its variables"),
                "hand the value on in `ItemSelector`, or in `BatchInput` of an `ItemBatcher`",
            );
            return;
        }
        let message = if self.assigned.contains(name) {
            format!("`${name}` is assigned elsewhere, and on no way that leads here")
        } else {
            format!("`${name}` is never assigned")
        };
        let known = place.variables.names();
        let help = suggestion::similar(name, known.clone()).map_or_else(
            || "assign it in `Assign` of an earlier state; a state's own assignments are seen by the next one, those of a branch or iteration only inside of it".to_owned(),
            |similar| format!("did you mean `${similar}`?"),
        );
        self.sink.error(pointer, code::UNASSIGNED, message, help);
    }

    /// A variable that some ways here do not assign.
    pub(super) fn perhaps_unassigned(
        &mut self,
        name: &str,
        pointer: &Pointer,
        variables: &Variables,
    ) {
        if variables.get(name).is_some_and(|variable| !variable.always) {
            self.sink.warning(
                pointer,
                code::PERHAPS_UNASSIGNED,
                format!("`${name}` is assigned on some of the ways that lead here"),
                format!("assign it on all ways, or test it: `$exists(${name}) ? ${name} : ...` in JSONata, `IsPresent` in a Choice with JSONPath"),
            );
        }
    }
}

fn environment(place: &Place<'_>) -> Environment {
    let mut members = vec![
        ("input", place.input.clone()),
        ("context", place.context.clone()),
    ];
    members.extend(place.result.clone().map(|result| ("result", result)));
    members.extend(place.error.clone().map(|error| ("errorOutput", error)));
    let mut environment = Environment::new().states(Shape::object(members));
    for (name, variable) in place.variables.iter() {
        let shape = variable.shape.clone();
        let shape = if variable.always {
            shape
        } else {
            shape.or_undefined()
        };
        environment = environment.variable(name, shape);
    }
    environment
}

fn code_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Unparsable => code::UNPARSABLE,
        Kind::MissingField => code::NO_SUCH_FIELD,
        Kind::AlwaysMissing => code::NEVER_THERE,
        Kind::StatesMember => code::STATES_MEMBER,
        Kind::NoDocument => code::NO_DOCUMENT,
        Kind::UnknownFunction => code::UNKNOWN_FUNCTION,
        Kind::RefusedFunction | Kind::NewerOperator => code::REFUSED,
        Kind::WrongArity => code::ARGUMENT_COUNT,
        Kind::WrongArgument | Kind::WrongOperand => code::ARGUMENT_TYPE,
        Kind::AlwaysNothing => code::ALWAYS_NOTHING,
        Kind::NeverEqual => code::NEVER_EQUAL,
        Kind::UnknownVariable => code::UNASSIGNED,
    }
}
