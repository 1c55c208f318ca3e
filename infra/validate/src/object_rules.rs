//! Which properties of an object must, may and must not be set together.

use serde_json::{Map, Value};
use spec::Object;

use crate::code;
use crate::expression::Expression;
use crate::findings::Findings;
use crate::path::Path;

/// Whether a property is set when the template is deployed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Presence {
    Absent,
    /// A condition decides.
    Maybe,
    Certain,
}

fn presence(value: Option<&Value>) -> Presence {
    match value.map(Expression::from) {
        None | Some(Expression::NoValue) => Presence::Absent,
        Some(Expression::If(then, otherwise)) => {
            let (then, otherwise) = (presence(Some(then)), presence(Some(otherwise)));
            if then == otherwise {
                then
            } else {
                Presence::Maybe
            }
        }
        Some(Expression::Literal(_) | Expression::Call) => Presence::Certain,
    }
}

pub(crate) fn check(
    object: &Object,
    value: &Map<String, Value>,
    path: Path<'_>,
    findings: &mut Findings,
) {
    // A macro may add what is missing.
    if value.keys().any(|key| key.starts_with("Fn::")) {
        return;
    }
    let mut rules = Rules {
        value,
        path,
        findings,
    };
    rules.required(object);
    for group in &object.required_xor {
        rules.exactly_one(&group.iter().map(std::slice::from_ref).collect::<Vec<_>>());
    }
    for group in &object.required_or {
        rules.at_least_one(&group.iter().map(std::slice::from_ref).collect::<Vec<_>>());
    }
    rules.exactly_one(&object.one_of.iter().map(Vec::as_slice).collect::<Vec<_>>());
    rules.at_least_one(&object.any_of.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for (name, needed) in &object.dependent_required {
        rules.needs(name, needed);
    }
    for (name, excluded) in &object.dependent_excluded {
        rules.excludes(name, excluded);
    }
}

struct Rules<'r, 'p> {
    value: &'r Map<String, Value>,
    path: Path<'p>,
    findings: &'r mut Findings,
}

impl Rules<'_, '_> {
    fn presence(&self, name: &str) -> Presence {
        presence(self.value.get(name))
    }

    /// Those of the names that have this presence.
    fn with<'n>(&self, wanted: Presence, names: &'n [String]) -> Vec<&'n str> {
        let names = names.iter().map(String::as_str);
        names.filter(|name| self.presence(name) == wanted).collect()
    }

    /// An alternative is set when all of its properties are.
    fn alternative(&self, names: &[String]) -> Presence {
        let members = names.iter().map(|name| self.presence(name));
        members.min().unwrap_or(Presence::Absent)
    }

    fn required(&mut self, object: &Object) {
        for (name, _) in object
            .properties
            .iter()
            .filter(|(_, property)| property.required)
        {
            if self.presence(name) == Presence::Absent {
                let message = format!("the required property `{name}` is missing");
                self.findings
                    .error(code::REQUIRED, self.path, message, format!("set `{name}`"));
            }
        }
    }

    fn exactly_one(&mut self, alternatives: &[&[String]]) {
        let certain = alternatives
            .iter()
            .filter(|names| self.alternative(names) == Presence::Certain);
        let certain: Vec<_> = certain.copied().collect();
        if certain.len() > 1 {
            let message = format!("{} exclude each other", list(&certain));
            self.findings
                .error(code::EXCLUSIVE, self.path, message, "set one of them");
        }
        self.at_least_one(alternatives);
    }

    fn at_least_one(&mut self, alternatives: &[&[String]]) {
        let none = alternatives
            .iter()
            .all(|names| self.alternative(names) == Presence::Absent);
        if none && !alternatives.is_empty() {
            let message = format!("none of {} is set", list(alternatives));
            self.findings
                .error(code::INCOMPLETE, self.path, message, "set one of them");
        }
    }

    fn needs(&mut self, name: &str, needed: &[String]) {
        if self.presence(name) == Presence::Absent {
            return;
        }
        for other in self.with(Presence::Absent, needed) {
            let message = format!("`{name}` needs `{other}` too");
            self.findings.error(
                code::INCOMPLETE,
                self.path.key(name),
                message,
                format!("set `{other}`"),
            );
        }
    }

    fn excludes(&mut self, name: &str, excluded: &[String]) {
        if self.presence(name) != Presence::Certain {
            return;
        }
        for other in self.with(Presence::Certain, excluded) {
            let message = format!("`{name}` excludes `{other}`");
            self.findings.error(
                code::EXCLUSIVE,
                self.path.key(name),
                message,
                "remove one of the two",
            );
        }
    }
}

fn list(alternatives: &[&[String]]) -> String {
    let names: Vec<_> = alternatives
        .iter()
        .map(|names| format!("`{}`", names.join("` with `")))
        .collect();
    names.join(", ")
}
