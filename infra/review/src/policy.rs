//! Policy documents, whose order and brackets say nothing.

use std::collections::BTreeMap;

use crate::meaning::Meaning;

/// Members of a statement that are one value or a list.
const LISTS: [&str; 4] = ["Action", "NotAction", "NotResource", "Resource"];

/// The same meaning, with every policy document in it in one order: statements, actions, resources, principals, and the values
/// of conditions. What is no list and could be one, is one.
pub(crate) fn in_order(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Object(mut members) if is_document(&members) => {
            if let Some(statements) = members.remove("Statement") {
                let mut statements = items(statements);
                for statement in &mut statements {
                    order_statement(statement);
                }
                statements.sort();
                members.insert("Statement".to_owned(), Meaning::List(statements));
            }
            Meaning::Object(members)
        }
        Meaning::Object(members) => Meaning::Object(
            (members
                .into_iter()
                .map(|(key, value)| (key, in_order(value))))
            .collect(),
        ),
        Meaning::List(items) => Meaning::List(items.into_iter().map(in_order).collect()),
        other => other,
    }
}

/// A document has statements, each with an effect.
fn is_document(members: &BTreeMap<String, Meaning>) -> bool {
    let has_effect = |statement: &Meaning| matches!(statement, Meaning::Object(members) if members.contains_key("Effect"));
    match members.get("Statement") {
        Some(Meaning::List(statements)) => {
            !statements.is_empty() && statements.iter().all(has_effect)
        }
        Some(statement) => has_effect(statement),
        None => false,
    }
}

fn items(meaning: Meaning) -> Vec<Meaning> {
    match meaning {
        Meaning::List(items) => items,
        one => vec![one],
    }
}

fn order_statement(statement: &mut Meaning) {
    let Meaning::Object(members) = statement else {
        return;
    };
    for (key, value) in members {
        match key.as_str() {
            key if LISTS.contains(&key) => order_values(value),
            "Principal" | "NotPrincipal" => order_members(value),
            "Condition" => {
                if let Meaning::Object(operators) = value {
                    operators.values_mut().for_each(order_members);
                }
            }
            _ => {}
        }
    }
}

fn order_members(value: &mut Meaning) {
    if let Meaning::Object(members) = value {
        members.values_mut().for_each(order_values);
    }
}

fn order_values(value: &mut Meaning) {
    let mut values = items(std::mem::replace(value, Meaning::Null));
    values.sort();
    values.dedup();
    *value = Meaning::List(values);
}
