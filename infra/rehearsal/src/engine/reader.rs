//! Items from objects.

use serde_json::{Map, Value, json};

use super::map::count;
use crate::Objects;
use crate::failure::{Failure, name};
use crate::program::{Format, Reader};
use crate::query::View;

/// The items that an `ItemReader` reads.
///
/// # Errors
/// `States.ItemReaderFailed`, when the object is missing or not of its type.
pub(super) fn read(
    reader: &Reader,
    objects: &Objects,
    view: &View<'_>,
) -> Result<Vec<Value>, Failure> {
    let arguments = reader.arguments.evaluate(view)?;
    let argument = |name: &str| {
        arguments
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let bucket = argument("Bucket");
    let mut items = match &reader.format {
        Format::Listing => list(objects, bucket, argument("Prefix")),
        format => {
            let key = argument("Key");
            let object = objects.get(bucket, key);
            let object = object
                .ok_or_else(|| failed(&format!("there is no object `{key}` in `{bucket}`")))?;
            parse(format, &object)
                .map_err(|reason| failed(&format!("`{key}` in `{bucket}`: {reason}")))?
        }
    };
    if let Some(most) = count(reader.max_items.as_ref(), view)?.filter(|most| *most > 0) {
        items.truncate(most);
    }
    Ok(items)
}

fn failed(reason: &str) -> Failure {
    Failure::new(
        name::ITEM_READER,
        format!("Cannot read the items: {reason}."),
    )
}

/// Items as `ListObjectsV2` describes objects.
fn list(objects: &Objects, bucket: &str, prefix: &str) -> Vec<Value> {
    let describe = |(key, size): (String, usize)| {
        json!({
            "Etag": "\"00000000000000000000000000000000\"",
            "Key": key,
            "LastModified": 0,
            "Size": size,
            "StorageClass": "STANDARD",
        })
    };
    objects
        .list(bucket, prefix)
        .into_iter()
        .map(describe)
        .collect()
}

fn parse(format: &Format, object: &[u8]) -> Result<Vec<Value>, String> {
    match format {
        Format::Listing => Ok(Vec::new()),
        Format::Json(pointer) => {
            let json: Value = serde_json::from_slice(object).map_err(|error| error.to_string())?;
            let items = json.pointer(pointer).and_then(Value::as_array);
            items
                .cloned()
                .ok_or_else(|| format!("there is no array at `{pointer}`"))
        }
        Format::JsonLines => {
            let items = serde_json::Deserializer::from_slice(object).into_iter();
            items
                .collect::<Result<_, _>>()
                .map_err(|error| error.to_string())
        }
        Format::Csv { header, delimiter } => rows(object, header.as_deref(), *delimiter),
    }
}

/// A row is an object of texts.
fn rows(object: &[u8], header: Option<&[String]>, delimiter: u8) -> Result<Vec<Value>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(header.is_none())
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(object);
    let header: Vec<String> = if let Some(names) = header {
        names.to_vec()
    } else {
        let names = reader.headers().map_err(|error| error.to_string())?;
        names.iter().map(str::to_owned).collect()
    };
    // A row that is too short gets empty texts; what is too much of a long one is left out.
    let item = |row: csv::StringRecord| -> Value {
        let cells = row.iter().chain(std::iter::repeat("")).map(Value::from);
        Value::Object(header.iter().cloned().zip(cells).collect::<Map<_, _>>())
    };
    let rows = reader.into_records().map(|row| row.map(item));
    rows.collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}
