//! A Glue table, as far as its template says it.

use std::collections::{BTreeMap, BTreeSet};

use spec::ColumnType;

use crate::meaning::Meaning;
use crate::resources::properties;
use crate::template::{Resource, Template};

/// The type of table that this is about.
const TABLE: &str = "AWS::Glue::Table";

/// A table.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) partition_keys: Vec<Column>,
    pub(super) format: Format,
    /// What is said of the files, by the name of the property.
    pub(super) files: BTreeMap<&'static str, Meaning>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// In small letters: Athena does not tell columns apart by case.
    pub(super) name: String,
    /// The type; as it is written, where it is none that is known.
    pub(super) kind: Result<ColumnType, String>,
}

/// How files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) access: Access,
    /// Parquet and ORC write types into their files.
    pub(super) is_columnar: bool,
}

/// By what a column is found in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Name,
    Position,
    /// There are no files: the table is a view.
    Query,
}

/// What is said of files, and where.
const FILES: [(&str, &[&str]); 4] = [
    ("InputFormat", &["StorageDescriptor", "InputFormat"]),
    ("Location", &["StorageDescriptor", "Location"]),
    (
        "SerializationLibrary",
        &["StorageDescriptor", "SerdeInfo", "SerializationLibrary"],
    ),
    (
        "SerdeParameters",
        &["StorageDescriptor", "SerdeInfo", "Parameters"],
    ),
];

impl Table {
    /// Reads a table; none when the resource is none.
    pub(super) fn read(resource: Resource<'_>, template: &Template<'_>) -> Option<Self> {
        if resource.kind() != TABLE {
            return None;
        }
        let properties = properties(resource, template);
        let input = at(&properties, &["TableInput"])?;
        let files = FILES.iter();
        Some(Self {
            columns: columns(at(input, &["StorageDescriptor", "Columns"])),
            partition_keys: columns(at(input, &["PartitionKeys"])),
            format: Format::of(input),
            files: files
                .filter_map(|(name, path)| Some((*name, at(input, path)?.clone())))
                .collect(),
        })
    }
}

impl Column {
    /// The type as text.
    pub(super) fn written(&self) -> String {
        match &self.kind {
            Ok(kind) => kind.to_string(),
            Err(text) => text.clone(),
        }
    }
}

impl Format {
    /// AWS, "Handle schema updates": Parquet is read by name and ORC by position, unless a property of the serde turns it
    /// round; JSON and Avro by name; text by position. What is unknown counts as read by position, which breaks sooner.
    /// <https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html>
    fn of(input: &Meaning) -> Self {
        if text_at(input, &["TableType"]) == "VIRTUAL_VIEW" {
            return Self {
                access: Access::Query,
                is_columnar: false,
            };
        }
        let serde = ["StorageDescriptor", "SerdeInfo"];
        let library = text_at(input, &[serde[0], serde[1], "SerializationLibrary"]);
        let library = library.to_lowercase();
        let by_index = |format: &str, default: bool| {
            let property = format!("{format}.column.index.access");
            match text_at(input, &[serde[0], serde[1], "Parameters", &property]).as_str() {
                "true" => true,
                "false" => false,
                _ => default,
            }
        };
        let is_by_position = match library.as_str() {
            library if library.contains("parquet") => by_index("parquet", false),
            library if library.contains("orc") => by_index("orc", true),
            library => !library.contains("json") && !library.contains("avro"),
        };
        Self {
            access: if is_by_position {
                Access::Position
            } else {
                Access::Name
            },
            is_columnar: library.contains("parquet") || library.contains("orc"),
        }
    }
}

fn columns(list: Option<&Meaning>) -> Vec<Column> {
    let Some(Meaning::List(items)) = list else {
        return Vec::new();
    };
    let mut names = BTreeSet::new();
    let read = |item: &Meaning| {
        let kind = text(at(item, &["Type"])?);
        Some(Column {
            name: text(at(item, &["Name"])?).to_lowercase(),
            kind: ColumnType::parse(&kind).map_err(|_| kind),
        })
    };
    // Of several columns of one name, which Athena refuses, the first counts.
    let columns = items.iter().filter_map(read);
    columns
        .filter(|column| names.insert(column.name.clone()))
        .collect()
}

fn at<'a>(meaning: &'a Meaning, path: &[&str]) -> Option<&'a Meaning> {
    path.iter()
        .try_fold(meaning, |meaning, name| match meaning {
            Meaning::Object(members) => members.get(*name),
            _ => None,
        })
}

fn text_at(meaning: &Meaning, path: &[&str]) -> String {
    at(meaning, path).map(text).unwrap_or_default()
}

fn text(meaning: &Meaning) -> String {
    meaning.by_default().to_string()
}
