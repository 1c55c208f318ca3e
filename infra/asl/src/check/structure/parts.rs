//! Which fields the parts of states have: handlers, credentials, and what a distributed `Map` reads and writes.

use super::record::{Field, Form, Group, Need, Record};
use super::states::LONGEST;
use crate::check::code;

const PATH: Form = Form::Path { nullable: false };
const COMMENT: Field = Field::optional("Comment", Form::Text);
const ARGUMENTS: Field = Field::optional("Arguments", Form::Object)
    .evaluated()
    .jsonata("rename it to `Parameters`");
const PARAMETERS: Field =
    Field::optional("Parameters", Form::Object).jsonpath("rename it to `Arguments`");

/// The largest input of a batch, and of any state, in bytes.
const PAYLOAD: u64 = 262_144;

pub(super) static RETRIER: Record = Record {
    name: "a retrier",
    fields: &[
        COMMENT,
        Field::required("ErrorEquals", Form::Texts),
        Field::optional("IntervalSeconds", Form::Whole(1, LONGEST)),
        Field::optional("MaxAttempts", Form::Whole(0, LONGEST)),
        Field::optional("BackoffRate", Form::Number(1.0, f64::MAX)),
        // Below one year.
        Field::optional("MaxDelaySeconds", Form::Whole(1, 31_622_399)),
        Field::optional("JitterStrategy", Form::Word(&["FULL", "NONE"])),
    ],
    groups: &[],
};

pub(super) static CATCHER: Record = Record {
    name: "a catcher",
    fields: &[
        COMMENT,
        Field::required("ErrorEquals", Form::Texts),
        Field::required("Next", Form::Text),
        Field::optional("Assign", Form::Object),
        Field::optional("ResultPath", Form::Path { nullable: true })
            .jsonpath("write `Output`, with the error as `$states.errorOutput`"),
        Field::optional("Output", Form::Any)
            .evaluated()
            .jsonata("write `ResultPath`, where the error goes in the input"),
    ],
    groups: &[],
};

pub(super) static CREDENTIALS: Record = Record {
    name: "`Credentials`",
    fields: &[
        Field::optional("RoleArn", Form::Text).evaluated(),
        Field::optional("RoleArn.$", PATH).jsonpath("write `RoleArn` as `{% ... %}`"),
    ],
    groups: &[Group {
        fields: &["RoleArn", "RoleArn.$"],
        need: Need::One,
        code: code::EXCLUSIVE,
        help: "write the role to assume as `RoleArn`",
    }],
};

pub(super) static PROCESSOR_CONFIG: Record = Record {
    name: "`ProcessorConfig`",
    fields: &[
        Field::optional("Mode", Form::Word(&["INLINE", "DISTRIBUTED"])),
        Field::optional("ExecutionType", Form::Word(&["STANDARD", "EXPRESS"])),
    ],
    groups: &[],
};

pub(super) static ITEM_READER: Record = Record {
    name: "an item reader",
    fields: &[
        Field::required("Resource", Form::Text),
        ARGUMENTS,
        PARAMETERS,
        Field::optional("ReaderConfig", Form::Record(&READER_CONFIG)),
    ],
    groups: &[],
};

static READER_CONFIG: Record = Record {
    name: "`ReaderConfig`",
    fields: &[
        Field::optional(
            "InputType",
            Form::Word(&["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]),
        ),
        Field::optional("Transformation", Form::Word(&["NONE", "LOAD_AND_FLATTEN"])),
        Field::optional("ManifestType", Form::Word(&["ATHENA_DATA", "S3_INVENTORY"])),
        Field::optional("CSVHeaderLocation", Form::Word(&["FIRST_ROW", "GIVEN"])),
        Field::optional("CSVHeaders", Form::Texts),
        Field::optional(
            "CSVDelimiter",
            Form::Word(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]),
        ),
        Field::optional("ItemsPointer", Form::Text),
        Field::optional("MaxItems", Form::Whole(1, 100_000_000)).evaluated(),
        Field::optional("MaxItemsPath", PATH).jsonpath("write `MaxItems` as `{% ... %}`"),
    ],
    groups: &[Group {
        fields: &["MaxItems", "MaxItemsPath"],
        need: Need::OneAtMost,
        code: code::EXCLUSIVE,
        help: "keep one of them",
    }],
};

pub(super) static ITEM_BATCHER: Record = Record {
    name: "an item batcher",
    fields: &[
        Field::optional("BatchInput", Form::Any).evaluated(),
        Field::optional("MaxItemsPerBatch", Form::Whole(1, u64::MAX)).evaluated(),
        Field::optional("MaxItemsPerBatchPath", PATH)
            .jsonpath("write `MaxItemsPerBatch` as `{% ... %}`"),
        Field::optional("MaxInputBytesPerBatch", Form::Whole(1, PAYLOAD)).evaluated(),
        Field::optional("MaxInputBytesPerBatchPath", PATH)
            .jsonpath("write `MaxInputBytesPerBatch` as `{% ... %}`"),
    ],
    groups: &[
        Group {
            fields: &[
                "MaxItemsPerBatch",
                "MaxItemsPerBatchPath",
                "MaxInputBytesPerBatch",
                "MaxInputBytesPerBatchPath",
            ],
            need: Need::OneOrMore,
            code: code::EXCLUSIVE,
            help: "say how large a batch is: `MaxItemsPerBatch`, `MaxInputBytesPerBatch` or both",
        },
        Group {
            fields: &["MaxItemsPerBatch", "MaxItemsPerBatchPath"],
            need: Need::OneAtMost,
            code: code::EXCLUSIVE,
            help: "keep one of them",
        },
        Group {
            fields: &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"],
            need: Need::OneAtMost,
            code: code::EXCLUSIVE,
            help: "keep one of them",
        },
    ],
};

pub(super) static RESULT_WRITER: Record = Record {
    name: "a result writer",
    fields: &[
        Field::optional("Resource", Form::Text),
        ARGUMENTS,
        PARAMETERS,
        Field::optional("WriterConfig", Form::Record(&WRITER_CONFIG)),
    ],
    groups: &[Group {
        fields: &["Resource", "WriterConfig"],
        need: Need::OneOrMore,
        code: code::EXCLUSIVE,
        help: "write `Resource` with the bucket it writes to, or `WriterConfig` with the form of the results",
    }],
};

static WRITER_CONFIG: Record = Record {
    name: "`WriterConfig`",
    fields: &[
        Field::optional(
            "Transformation",
            Form::Word(&["NONE", "COMPACT", "FLATTEN"]),
        ),
        Field::optional("OutputType", Form::Word(&["JSON", "JSONL"])),
    ],
    groups: &[],
};
