//! Who may do what with what: the roles of a template as a table that people can review.

use serde_json::Value;

/// One line per role, statement, action and resource. Widths are those of the widest cell.
pub(crate) fn matrix(template: &Value) -> String {
    let mut rows =
        vec![["role", "statement", "action", "resource", "condition"].map(str::to_owned)];
    for (role, resource) in resources_of(template, "AWS::IAM::Role") {
        let policies = items(&resource["Properties"]["Policies"]);
        let statements = policies
            .iter()
            .flat_map(|policy| items(&policy["PolicyDocument"]["Statement"]));
        rows.extend(statements.flat_map(|statement| lines(role, statement)));
    }
    render(&rows)
}

/// The resources of one type, by name.
pub(crate) fn resources_of<'a>(
    template: &'a Value,
    kind: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    resources
        .filter(move |(_, resource)| resource["Type"] == kind)
        .map(|(name, resource)| (name.as_str(), resource))
}

fn lines(role: &str, statement: &Value) -> Vec<[String; 5]> {
    let (statement, only_if) = given(statement);
    assert_eq!(
        statement["Effect"], "Allow",
        "the matrix shows what is allowed"
    );
    let mut conditions = vec![condition(&statement["Condition"])];
    conditions.extend(only_if.map(|name| format!("only if {name}")));
    conditions.retain(|condition| !condition.is_empty());
    let condition = conditions.join(" and ");
    let sid = text(&statement["Sid"]);
    let resources = items_or_whole(&statement["Resource"]);
    let cells = |action: &Value, resource: &Value| {
        [
            role.to_owned(),
            sid.clone(),
            text(action),
            text(resource),
            condition.clone(),
        ]
    };
    let of_action = |action: &Value| {
        resources
            .iter()
            .map(|resource| cells(action, resource))
            .collect::<Vec<_>>()
    };
    items(&statement["Action"])
        .iter()
        .flat_map(of_action)
        .collect()
}

/// A statement that is there under a condition of the template, and the condition's name.
fn given(statement: &Value) -> (&Value, Option<String>) {
    match statement.get("Fn::If") {
        Some(branches) => (&branches[1], Some(text(&branches[0]))),
        None => (statement, None),
    }
}

/// A list that an intrinsic function yields counts as one.
fn items_or_whole(list: &Value) -> &[Value] {
    match list {
        Value::Array(items) => items,
        function => std::slice::from_ref(function),
    }
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn condition(condition: &Value) -> String {
    let operators = condition.as_object().into_iter().flatten();
    let tests = operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, value)| format!("{operator} {key} = {}", text(value)))
    });
    tests.collect::<Vec<_>>().join(" and ")
}

/// A value in few words: intrinsic functions as `Name`, `Name.Attribute` or their text.
fn text(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    if let Some(text) = value.as_str() {
        return text.to_owned();
    }
    let function = value.as_object().and_then(|object| object.iter().next());
    match function.map(|(name, argument)| (name.as_str(), argument)) {
        Some(("Ref", name)) => text(name),
        Some(("Fn::GetAtt", path)) => join(".", path),
        Some(("Fn::Sub", argument)) => substitution(argument),
        Some(("Fn::Join", argument)) => join(&text(&argument[0]), &argument[1]),
        Some(("Fn::Split", argument)) => text(&argument[1]),
        Some(("Fn::Select", argument)) => format!("{}[{}]", text(&argument[1]), argument[0]),
        _ => value.to_string(),
    }
}

fn join(delimiter: &str, parts: &Value) -> String {
    items_or_whole(parts)
        .iter()
        .map(text)
        .collect::<Vec<_>>()
        .join(delimiter)
}

fn substitution(argument: &Value) -> String {
    let [template, variables] = items(argument) else {
        return text(argument);
    };
    let names = variables
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{name} = {}", text(value)));
    format!(
        "{} with {}",
        text(template),
        names.collect::<Vec<_>>().join(", ")
    )
}

fn render(rows: &[[String; 5]]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].len())
            .max()
            .unwrap_or_default()
    };
    let widths = [0, 1, 2, 3].map(width);
    let line = |row: &[String; 5]| {
        let padded = widths
            .iter()
            .zip(row)
            .map(|(width, cell)| format!("{cell:<width$}  "));
        format!("{}{}", padded.collect::<String>(), row[4])
            .trim_end()
            .to_owned()
            + "\n"
    };
    rows.iter().map(line).collect()
}
