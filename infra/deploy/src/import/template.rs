//! The template of an import.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What a resource may need from the rest of its template.
const SECTIONS: [&str; 3] = ["Parameters", "Mappings", "Conditions"];

/// The deployed template with the wanted resources; without a deployed one, the synthesized one if they are all of it.
pub(super) fn build(
    deployed: Option<&Value>,
    synthesized: &Value,
    wanted: &[&str],
) -> Result<Value, String> {
    let resources = section(synthesized, "Resources");
    for id in wanted {
        check(id, resources.and_then(|all| all.get(*id)), synthesized)?;
    }
    match deployed {
        Some(deployed) => extended(deployed, synthesized, wanted),
        None => whole(synthesized, wanted),
    }
}

fn section<'a>(template: &'a Value, name: &str) -> Option<&'a Map<String, Value>> {
    template.get(name).and_then(Value::as_object)
}

fn check(id: &str, resource: Option<&Value>, synthesized: &Value) -> Result<(), String> {
    let Some(resource) = resource else {
        let known = section(synthesized, "Resources").into_iter().flatten();
        let known: Vec<&str> = known.map(|(id, _)| id.as_str()).collect();
        return Err(format!(
            "{id} is not in the template, whose resources are {}",
            known.join(", ")
        ));
    };
    if resource.get("DeletionPolicy").is_none() {
        return Err(format!(
            "{id} has no DeletionPolicy, which an import requires; set one in its source, such as `Retain`"
        ));
    }
    Ok(())
}

/// An import adds no outputs; the next deployment does.
fn whole(synthesized: &Value, wanted: &[&str]) -> Result<Value, String> {
    let resources = section(synthesized, "Resources").into_iter().flatten();
    let others: Vec<&str> = resources
        .map(|(id, _)| id.as_str())
        .filter(|id| !wanted.contains(id))
        .collect();
    if !others.is_empty() {
        return Err(format!(
            "it is not deployed yet, and a new stack can be made of imported resources only: import {} too, or deploy the stack without the resources that exist and import these then",
            others.join(", ")
        ));
    }
    let mut template = synthesized.clone();
    if let Some(template) = template.as_object_mut() {
        template.shift_remove("Outputs");
    }
    Ok(template)
}

fn extended(deployed: &Value, synthesized: &Value, wanted: &[&str]) -> Result<Value, String> {
    let mut template = deployed.clone();
    for id in wanted {
        if deployed["Resources"].get(*id).is_some() {
            return Err(format!("{id} is in the stack already"));
        }
        template["Resources"][*id] = synthesized["Resources"][*id].clone();
    }
    for id in wanted {
        complete(
            &mut template,
            synthesized,
            &synthesized["Resources"][*id],
            id,
        )?;
    }
    Ok(template)
}

/// Brings along what a part of the template needs, and what that needs.
fn complete(
    template: &mut Value,
    synthesized: &Value,
    part: &Value,
    id: &str,
) -> Result<(), String> {
    let mut names = BTreeSet::new();
    mentioned(part, &mut names);
    for name in names {
        let is_there = |section: &str| template[section].get(name).is_some();
        if is_there("Resources") || SECTIONS.into_iter().any(is_there) {
            continue;
        }
        if synthesized["Resources"].get(name).is_some() {
            return Err(format!(
                "{id} refers to {name}, which is not deployed; import it, too, or deploy it before"
            ));
        }
        for section in SECTIONS {
            let Some(found) = synthesized[section].get(name) else {
                continue;
            };
            template[section][name] = found.clone();
            complete(template, synthesized, found, id)?;
        }
    }
    Ok(())
}

/// The names of what a part of a template refers to, long form ("Intrinsic function reference", AWS documentation).
fn mentioned<'a>(part: &'a Value, names: &mut BTreeSet<&'a str>) {
    match part {
        Value::Object(members) => {
            for (key, value) in members {
                named_by(key, value, names);
                mentioned(value, names);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| mentioned(entry, names)),
        _ => {}
    }
}

fn named_by<'a>(key: &str, value: &'a Value, names: &mut BTreeSet<&'a str>) {
    let first = value.get(0).unwrap_or(value).as_str();
    match key {
        "Ref" | "Condition" | "Fn::FindInMap" | "Fn::If" => names.extend(first),
        "Fn::GetAtt" => names.extend(first.and_then(|name| name.split('.').next())),
        "Fn::Sub" => names.extend(first.into_iter().flat_map(substituted)),
        "DependsOn" => {
            names.extend(value.as_str());
            let several = value.as_array().into_iter().flatten();
            names.extend(several.filter_map(Value::as_str));
        }
        _ => {}
    }
}

/// `${Name}` and `${Name.Attribute}` in a text; `${!Name}` is text.
fn substituted(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split("${").skip(1);
    pieces
        .filter_map(|piece| piece.split_once('}'))
        .filter_map(|(inside, _)| inside.trim().split('.').next())
        .filter(|name| !name.starts_with('!'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bucket(name: &Value) -> Value {
        json!({"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": name}})
    }

    fn synthesized() -> Value {
        json!({
            "Parameters": {"Stage": {"Type": "String"}, "Days": {"Type": "Number"}, "Unused": {"Type": "String"}},
            "Mappings": {"Names": {"one": {"name": "raw"}}},
            "Conditions": {"Long": {"Fn::Equals": [{"Ref": "Days"}, "7"]}},
            "Resources": {
                "Landing": bucket(&json!("landing")),
                "Raw": bucket(&json!({"Fn::If": ["Long", {"Fn::FindInMap": ["Names", "one", "name"]}, {"Fn::Sub": "raw-${Stage}-${AWS::Region}-${!Other}"}]})),
                "Copy": bucket(&json!({"Fn::Sub": "copy-of-${Extra.Arn}"})),
                "Extra": bucket(&json!("extra")),
                "Loose": {"Type": "AWS::S3::Bucket"},
            },
            "Outputs": {"Bucket": {"Value": {"Ref": "Raw"}}},
        })
    }

    fn deployed() -> Value {
        json!({"Resources": {"Landing": bucket(&json!("as it was"))}})
    }

    #[test]
    fn the_deployed_template_gets_the_resource_and_what_it_needs() {
        let template = build(Some(&deployed()), &synthesized(), &["Raw"]).unwrap();
        assert_eq!(
            template["Resources"]["Landing"],
            deployed()["Resources"]["Landing"]
        );
        assert_eq!(
            template["Resources"]["Raw"],
            synthesized()["Resources"]["Raw"]
        );
        let names = |section: &str| -> Vec<String> { section_of(&template, section) };
        assert_eq!(names("Resources"), ["Landing", "Raw"]);
        assert_eq!(names("Parameters"), ["Days", "Stage"]);
        assert_eq!(names("Mappings"), ["Names"]);
        assert_eq!(names("Conditions"), ["Long"]);
        assert_eq!(template.get("Outputs"), None);
    }

    fn section_of(template: &Value, name: &str) -> Vec<String> {
        let section = section(template, name).into_iter().flatten();
        let mut names: Vec<String> = section.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_stack_is_all_imported_and_has_no_outputs() {
        let mut only = synthesized();
        only["Resources"] = json!({"Landing": bucket(&json!("landing"))});
        let template = build(None, &only, &["Landing"]).unwrap();
        assert_eq!(template.get("Outputs"), None);
        assert_eq!(template["Resources"], only["Resources"]);
        let error = build(None, &synthesized(), &["Landing", "Raw", "Copy"]).unwrap_err();
        assert!(error.contains("import Extra, Loose too"), "{error}");
    }

    #[test]
    fn what_cannot_be_imported_is_told() {
        for (wanted, reason) in [
            ("Landing", "Landing is in the stack already"),
            ("Copy", "Copy refers to Extra, which is not deployed"),
            ("Loose", "Loose has no DeletionPolicy"),
            (
                "Lost",
                "Lost is not in the template, whose resources are Landing, Raw",
            ),
        ] {
            let error = build(Some(&deployed()), &synthesized(), &[wanted]).unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
        assert!(build(Some(&deployed()), &synthesized(), &["Copy", "Extra"]).is_ok());
    }
}
