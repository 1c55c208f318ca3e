//! Does a `Ref` or `Fn::GetAtt` give the property the kind of value that it takes?

use serde_json::Value;
use spec::{ArnOwner, ResourceType, Specification, Target, Text};

use crate::code;
use crate::expression::{Referent, referent};
use crate::findings::Findings;
use crate::path::Path;
use crate::template::{Resource, Template};

/// What a value is, as far as AWS tells values apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    OwnArn,
    /// The ARN of a part, such as a table's stream.
    OtherArn,
    /// A name, an id, a URL.
    Name,
}

pub(crate) fn check(
    text: &Text,
    value: &Value,
    template: &Template<'_>,
    path: Path<'_>,
    findings: &mut Findings,
) {
    let Some(referent) = referent(value).filter(|_| !text.accepts.is_empty()) else {
        return;
    };
    let Some(resource) = template.resources.get(referent.id) else {
        return;
    };
    let Some(kind) = resource
        .model
        .and_then(|model| kind_of(model, referent.attribute))
    else {
        return;
    };
    let related: Vec<_> = text
        .accepts
        .iter()
        .filter(|target| same_family(&target.resource, resource.kind))
        .collect();
    if related.is_empty() {
        let message = format!(
            "`{}` takes {}, not {}",
            path.property(),
            list(&text.accepts),
            describe(resource, referent)
        );
        let help = "refer to a resource of the right type";
        return findings.error(code::RELATIONSHIP, path, message, help);
    }
    if related
        .iter()
        .any(|target| fits(target, resource, referent, kind))
    {
        return;
    }
    let message = format!(
        "`{}` takes {}, not {}",
        path.property(),
        list(related.iter().copied()),
        describe(resource, referent)
    );
    if kind == Kind::Name || related.iter().all(|target| is_arn(target)) {
        findings.error(
            code::RELATIONSHIP,
            path,
            message,
            "refer to that value of the resource",
        );
    } else {
        // Many services take an ARN in place of a name without saying so.
        findings.warning(
            code::RELATIONSHIP,
            path,
            message,
            "refer to that value of the resource",
        );
    }
}

fn fits(target: &Target, resource: &Resource<'_>, referent: Referent<'_>, kind: Kind) -> bool {
    let exact = target.resource == resource.kind;
    match referent.attribute {
        None if exact && target.attribute == "Id" => return true,
        Some(attribute) if exact && target.attribute == attribute => return true,
        _ => {}
    }
    match (kind_of_target(target), kind) {
        (Kind::Name, Kind::Name) => exact,
        (wanted, kind) => wanted == kind,
    }
}

fn is_arn(target: &Target) -> bool {
    kind_of_target(target) != Kind::Name
}

/// A target may be an attribute, the value of `Ref`, or a name that only the source knows.
fn kind_of_target(target: &Target) -> Kind {
    let model = Specification::embedded()
        .resource_type(&target.resource)
        .ok()
        .flatten();
    let known = model.and_then(|model| match target.attribute.as_str() {
        "Id" => kind_of(model, None),
        name if model.reference.name.as_deref() == Some(name) => kind_of(model, None),
        name => kind_of(model, Some(name)),
    });
    known.unwrap_or_else(|| kind_by_name(target))
}

/// Of a type that the specification does not have: `Arn` and `ClusterArn` are a cluster's own, `StreamArn` is not.
fn kind_by_name(target: &Target) -> Kind {
    let Some(owner) = target.attribute.strip_suffix("Arn") else {
        return Kind::Name;
    };
    if owner.is_empty() || target.resource.ends_with(owner) {
        Kind::OwnArn
    } else {
        Kind::OtherArn
    }
}

/// What `Ref` (no attribute) or `Fn::GetAtt` returns; nothing for an attribute that is not known.
fn kind_of(model: &ResourceType, attribute: Option<&str>) -> Option<Kind> {
    let Some(attribute) = attribute else {
        model.reference.name.as_ref()?;
        return Some(if model.reference.arn {
            Kind::OwnArn
        } else {
            Kind::Name
        });
    };
    let attribute = model.attributes.get(attribute)?;
    Some(match attribute.arn {
        Some(ArnOwner::Own) => Kind::OwnArn,
        Some(ArnOwner::Other) => Kind::OtherArn,
        None => Kind::Name,
    })
}

/// Types that AWS takes for each other: a function, its versions and aliases; a key, its replicas and aliases.
fn same_family(one: &str, other: &str) -> bool {
    const FAMILIES: [&[&str]; 3] = [
        &[
            "AWS::Lambda::Function",
            "AWS::Lambda::Version",
            "AWS::Lambda::Alias",
        ],
        &["AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"],
        &["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"],
    ];
    one == other
        || FAMILIES
            .iter()
            .any(|family| family.contains(&one) && family.contains(&other))
}

fn list<'t>(targets: impl IntoIterator<Item = &'t Target>) -> String {
    let names: Vec<_> = targets.into_iter().map(ToString::to_string).collect();
    names.join(" or ")
}

fn describe(resource: &Resource<'_>, referent: Referent<'_>) -> String {
    match referent.attribute {
        Some(attribute) => format!("{}.{attribute} of `{}`", resource.kind, resource.id),
        None => format!("the `Ref` of `{}`, an {}", resource.id, resource.kind),
    }
}
