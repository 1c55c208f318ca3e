//! What a `Map` goes through, and how.

use asl::definition::{ProcessorMode, QueryLanguage};
use serde_json::Value;

use super::fields::Fields;
use super::{Group, Template};
use crate::failure::name;
use crate::query::Path;

/// A map.
#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) processor: Group,
    pub(crate) source: Source,
    pub(crate) selector: Option<Template>,
    pub(crate) concurrency: Option<Template>,
    /// How it runs iterations as executions of their own; none for an inline map.
    pub(crate) distributed: Option<Distributed>,
}

/// Where the items are.
#[derive(Debug)]
pub(crate) enum Source {
    /// `Items`; the input if there is none.
    Items(Option<Template>),
    /// `ItemsPath`; the input if there is none.
    Path(Option<Path>),
    /// In S3.
    Reader(Reader),
}

/// Iterations as executions of their own.
#[derive(Debug)]
pub(crate) struct Distributed {
    /// Express executions, which have less time.
    pub(crate) express: bool,
    pub(crate) tolerated_count: Option<Template>,
    pub(crate) tolerated_percentage: Option<Template>,
    pub(crate) batcher: Option<Batcher>,
    pub(crate) writer: Option<Writer>,
}

/// `ItemReader`.
#[derive(Debug)]
pub(crate) struct Reader {
    /// `Bucket` and `Key`, or `Prefix`.
    pub(crate) arguments: Template,
    pub(crate) format: Format,
    pub(crate) max_items: Option<Template>,
}

/// What is read.
#[derive(Debug)]
pub(crate) enum Format {
    /// The keys of a bucket.
    Listing,
    /// An array in a JSON object, at a JSON pointer.
    Json(String),
    JsonLines,
    Csv {
        /// The names of the columns; none if they are in the first row.
        header: Option<Vec<String>>,
        delimiter: u8,
    },
}

/// `ItemBatcher`.
#[derive(Debug)]
pub(crate) struct Batcher {
    pub(crate) max_items: Option<Template>,
    pub(crate) max_bytes: Option<Template>,
    pub(crate) input: Option<Template>,
}

/// `ResultWriter`.
#[derive(Debug)]
pub(crate) struct Writer {
    /// `Bucket` and `Prefix`; none if the results are the output.
    pub(crate) arguments: Option<Template>,
    pub(crate) transformation: Transformation,
    /// JSON Lines instead of an array.
    pub(crate) lines: bool,
}

/// What becomes of the outputs of the child executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transformation {
    /// Each with what is known of its execution.
    None,
    /// The outputs alone.
    Compact,
    /// The outputs alone; items of those that are arrays.
    Flatten,
}

/// The fields of a distributed map alone.
const DISTRIBUTED: &[&str] = &[
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

const DELIMITERS: &[(&str, u8)] = &[
    ("COMMA", b','),
    ("PIPE", b'|'),
    ("SEMICOLON", b';'),
    ("SPACE", b' '),
    ("TAB", b'\t'),
];

impl Map {
    pub(super) fn compile(processor: Group, mode: ProcessorMode, fields: &Fields<'_>) -> Self {
        let distributed =
            (mode == ProcessorMode::Distributed).then(|| Distributed::compile(fields));
        if distributed.is_none() {
            for field in DISTRIBUTED
                .iter()
                .filter(|field| fields.body.contains_key(**field))
            {
                fields.refuse(field, format!("`{field}` needs a map of mode DISTRIBUTED"));
            }
        }
        let source = match fields.inside("ItemReader") {
            Some(reader) => Reader::compile(&reader).map_or(Source::Items(None), Source::Reader),
            None if fields.language == QueryLanguage::Jsonata => {
                Source::Items(fields.template("Items", name::QUERY))
            }
            None => Source::Path(fields.path("ItemsPath")),
        };
        // Definitions older than `ItemSelector` have it under the name `Parameters`.
        let selector = fields.template("ItemSelector", name::PARAMETER_PATH);
        Self {
            processor,
            source,
            selector: selector.or_else(|| fields.template("Parameters", name::PARAMETER_PATH)),
            concurrency: fields.scalar("MaxConcurrency"),
            distributed,
        }
    }
}

impl Distributed {
    fn compile(fields: &Fields<'_>) -> Self {
        let processor = fields.body.get("ItemProcessor");
        let config = processor.and_then(|processor| processor.get("ProcessorConfig"));
        let kind = config.and_then(|config| config.get("ExecutionType"));
        Self {
            express: kind == Some(&Value::from("EXPRESS")),
            tolerated_count: fields.scalar("ToleratedFailureCount"),
            tolerated_percentage: fields.scalar("ToleratedFailurePercentage"),
            batcher: fields.inside("ItemBatcher").map(|batcher| {
                batcher.only(&[&[
                    "MaxItemsPerBatch",
                    "MaxItemsPerBatchPath",
                    "MaxInputBytesPerBatch",
                    "MaxInputBytesPerBatchPath",
                    "BatchInput",
                ]]);
                Batcher {
                    max_items: batcher.scalar("MaxItemsPerBatch"),
                    max_bytes: batcher.scalar("MaxInputBytesPerBatch"),
                    input: batcher.template("BatchInput", name::PARAMETER_PATH),
                }
            }),
            writer: fields
                .inside("ResultWriter")
                .map(|writer| Writer::compile(&writer)),
        }
    }
}

impl Reader {
    fn compile(fields: &Fields<'_>) -> Option<Self> {
        fields.only(&[&["Resource", "ReaderConfig", "Arguments", "Parameters"]]);
        let arguments = arguments(fields)?;
        let config = fields.inside("ReaderConfig");
        let format = match action(fields)? {
            "s3:listObjectsV2" => Format::Listing,
            "s3:getObject" => Format::compile(config.as_ref().or_else(|| {
                fields.refuse("ReaderConfig", "the reader needs an `InputType`");
                None
            })?)?,
            other => {
                fields.refuse(
                    "Resource",
                    format!("the item reader `{other}` is not rehearsed"),
                );
                return None;
            }
        };
        let known: &[&str] = match format {
            Format::Listing => &["MaxItems", "MaxItemsPath"],
            Format::Json(_) => &["InputType", "MaxItems", "MaxItemsPath", "ItemsPointer"],
            Format::JsonLines => &["InputType", "MaxItems", "MaxItemsPath"],
            Format::Csv { .. } => &[
                "InputType",
                "MaxItems",
                "MaxItemsPath",
                "CSVHeaderLocation",
                "CSVHeaders",
                "CSVDelimiter",
            ],
        };
        if let Some(config) = &config {
            config.only(&[known]);
        }
        Some(Self {
            arguments,
            format,
            max_items: config.and_then(|config| config.scalar("MaxItems")),
        })
    }
}

impl Format {
    fn compile(config: &Fields<'_>) -> Option<Self> {
        match config.text("InputType") {
            Some("JSON") => Some(Self::Json(
                config.text("ItemsPointer").unwrap_or_default().to_owned(),
            )),
            Some("JSONL") => Some(Self::JsonLines),
            Some("CSV") => Self::csv(config),
            other => {
                let other = other.unwrap_or_default();
                config.refuse(
                    "InputType",
                    format!("items of type `{other}` are not rehearsed; JSON, JSONL and CSV are"),
                );
                None
            }
        }
    }

    fn csv(config: &Fields<'_>) -> Option<Self> {
        let header = match config.text("CSVHeaderLocation") {
            Some("FIRST_ROW") => None,
            Some("GIVEN") => {
                let names = config.body.get("CSVHeaders").and_then(Value::as_array);
                let names = names.into_iter().flatten().filter_map(Value::as_str);
                Some(names.map(str::to_owned).collect())
            }
            _ => {
                config.refuse("CSVHeaderLocation", "it has to be FIRST_ROW or GIVEN");
                return None;
            }
        };
        let wanted = config.text("CSVDelimiter").unwrap_or("COMMA");
        let Some((_, delimiter)) = DELIMITERS.iter().find(|(name, _)| *name == wanted) else {
            config.refuse("CSVDelimiter", format!("there is no delimiter `{wanted}`"));
            return None;
        };
        Some(Self::Csv {
            header,
            delimiter: *delimiter,
        })
    }
}

impl Writer {
    fn compile(fields: &Fields<'_>) -> Self {
        fields.only(&[&["Resource", "WriterConfig", "Arguments", "Parameters"]]);
        let arguments = arguments(fields);
        if let Some(other) = action(fields).filter(|action| *action != "s3:putObject") {
            fields.refuse(
                "Resource",
                format!("the result writer `{other}` is not rehearsed"),
            );
        }
        let config = fields.inside("WriterConfig");
        let text = |field| config.as_ref().and_then(|config| config.text(field));
        let transformation = match text("Transformation") {
            Some("COMPACT") => Transformation::Compact,
            Some("FLATTEN") => Transformation::Flatten,
            _ if arguments.is_none() && config.is_none() => Transformation::Compact,
            _ => Transformation::None,
        };
        let lines = text("OutputType") == Some("JSONL");
        if lines && arguments.is_none() {
            fields.refuse(
                "WriterConfig",
                "JSON Lines as the output of a state are not rehearsed; write them to S3",
            );
        }
        Self {
            arguments,
            transformation,
            lines,
        }
    }
}

fn arguments(fields: &Fields<'_>) -> Option<Template> {
    let field = match fields.language {
        QueryLanguage::Jsonata => "Arguments",
        QueryLanguage::JsonPath => "Parameters",
    };
    fields.template(field, name::PARAMETER_PATH)
}

/// `s3:getObject` of `arn:aws:states:::s3:getObject`.
fn action<'a>(fields: &Fields<'a>) -> Option<&'a str> {
    let (_, action) = fields.text("Resource")?.split_once(":states:::")?;
    Some(action)
}
