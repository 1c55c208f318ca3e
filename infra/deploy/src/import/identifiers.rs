//! By which properties CloudFormation finds the resources.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_cloudformation::types::ResourceToImport;

use crate::{Error, ImportRequest, Target, error::service, stack::template::Source};

/// A type that can be imported, and the properties that identify a resource of it.
pub(super) struct Identified {
    resource_type: String,
    properties: Vec<String>,
}

/// Asks CloudFormation about all resources of the template; those whose type cannot be imported are left out.
pub(super) async fn by_resource(
    target: &Target,
    request: &ImportRequest,
    source: Source,
) -> Result<BTreeMap<String, Identified>, Error> {
    let call = target.cloudformation().get_template_summary();
    let call = match source {
        Source::Inline(body) => call.template_body(body),
        Source::Url(url) => call.template_url(url),
    };
    let answer = call.send().await.map_err(service(format!(
        "ask how the resources of stack `{}` are identified",
        request.stack
    )))?;
    let mut resources = BTreeMap::new();
    for summary in answer.resource_identifier_summaries() {
        for id in summary.logical_resource_ids() {
            let identified = Identified {
                resource_type: summary.resource_type().unwrap_or_default().to_owned(),
                properties: summary.resource_identifiers().to_vec(),
            };
            resources.insert(id.clone(), identified);
        }
    }
    Ok(resources)
}

/// The resources as an import names them.
pub(super) fn imports(
    request: &ImportRequest,
    types: &BTreeMap<String, Identified>,
) -> Result<Vec<ResourceToImport>, Error> {
    let resources = request.resources.iter();
    let import = |(id, text): (&String, &String)| {
        let found = types.get(id).ok_or_else(|| {
            request.refused(format!(
                "CloudFormation cannot import resources of the type of {id}"
            ))
        })?;
        let identifier = identifier(text, &found.properties)
            .map_err(|reason| request.refused(format!("{id}: {reason}")))?;
        Ok(ResourceToImport::builder()
            .resource_type(&found.resource_type)
            .logical_resource_id(id)
            .set_resource_identifier(Some(identifier))
            .build())
    };
    resources.map(import).collect()
}

/// Reads a bare value, or pairs. A value may have commas and equals signs in it: a pair begins with the name of a property.
fn identifier(text: &str, properties: &[String]) -> Result<HashMap<String, String>, String> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for piece in text.split(',') {
        let pair = piece.split_once('=');
        match (pair, pairs.last_mut()) {
            (Some((name, value)), _) if properties.iter().any(|known| known == name) => {
                pairs.push((name.to_owned(), value.to_owned()));
            }
            (_, Some((_, value))) => {
                value.push(',');
                value.push_str(piece);
            }
            (_, None) => return bare(text, properties),
        }
    }
    let identifier: HashMap<_, _> = pairs.into_iter().collect();
    let missing: Vec<&str> = properties
        .iter()
        .filter(|property| !identifier.contains_key(*property))
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        Ok(identifier)
    } else {
        Err(format!("{} is missing", missing.join(", ")))
    }
}

fn bare(text: &str, properties: &[String]) -> Result<HashMap<String, String>, String> {
    match properties {
        [property] if !text.is_empty() => Ok(HashMap::from([(property.clone(), text.to_owned())])),
        [property] => Err(format!("its {property} is missing")),
        _ => {
            let pairs: Vec<String> = properties
                .iter()
                .map(|property| format!("{property}=..."))
                .collect();
            Err(format!("identify it by {}", pairs.join(",")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, properties: &[&str]) -> Result<Vec<(String, String)>, String> {
        let properties: Vec<String> = properties.iter().map(|name| (*name).to_owned()).collect();
        let mut pairs: Vec<_> = identifier(text, &properties)?.into_iter().collect();
        pairs.sort();
        Ok(pairs)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn one_identifier_needs_no_name() {
        let url = "https://queue?a=1,b=2";
        assert_eq!(read(url, &["QueueUrl"]).unwrap(), [pair("QueueUrl", url)]);
        assert_eq!(
            read("QueueUrl=https://queue?a=1,b=2", &["QueueUrl"]).unwrap(),
            [pair("QueueUrl", url)]
        );
        assert_eq!(
            read("", &["QueueUrl"]).unwrap_err(),
            "its QueueUrl is missing"
        );
    }

    #[test]
    fn several_identifiers_are_named_and_complete() {
        let both = ["DatabaseName", "TableName"];
        assert_eq!(
            read("TableName=a,b,DatabaseName=c=d", &both).unwrap(),
            [pair("DatabaseName", "c=d"), pair("TableName", "a,b")]
        );
        assert_eq!(
            read("TableName=a", &both).unwrap_err(),
            "DatabaseName is missing"
        );
        assert_eq!(
            read("books", &both).unwrap_err(),
            "identify it by DatabaseName=...,TableName=..."
        );
    }
}
