//! Which fields the machine, its scopes and each type of state have.
//!
//! Source: the Amazon States Language specification and the Step Functions developer guide, "Common state fields" and the page of
//! each state type.

use super::parts::{
    CATCHER, CREDENTIALS, ITEM_BATCHER, ITEM_READER, PROCESSOR_CONFIG, RESULT_WRITER, RETRIER,
};
use super::record::{Field, Form, Group, Need, Record};
use crate::check::code;

/// The longest wait and timeout, in seconds: a little over three years.
pub(super) const LONGEST: u64 = 99_999_999;

const LANGUAGES: Form = Form::Word(&["JSONata", "JSONPath"]);
const PATH: Form = Form::Path { nullable: false };
const NULLABLE_PATH: Form = Form::Path { nullable: true };
const SECONDS: Form = Form::Whole(1, LONGEST);

const TYPE: Field = Field::required("Type", Form::Text);
const COMMENT: Field = Field::optional("Comment", Form::Text);
const LANGUAGE: Field = Field::optional("QueryLanguage", LANGUAGES);
const NEXT: Field = Field::optional("Next", Form::Text);
const END: Field = Field::optional("End", Form::True);
const ASSIGN: Field = Field::optional("Assign", Form::Object);
const OUTPUT: Field = Field::optional("Output", Form::Any)
    .evaluated()
    .jsonata("shape the output with `Parameters`, `ResultSelector` or `OutputPath`");
const ARGUMENTS: Field = Field::optional("Arguments", Form::Object)
    .evaluated()
    .jsonata("rename it to `Parameters`");
const INPUT_PATH: Field = Field::optional("InputPath", NULLABLE_PATH)
    .jsonpath("read `$states.input` where the value is needed, in `Arguments` or `Output`");
const OUTPUT_PATH: Field = Field::optional("OutputPath", NULLABLE_PATH)
    .jsonpath("select the part in `Output`: `{% $states.result.part %}`");
const PARAMETERS: Field = Field::optional("Parameters", Form::Any)
    .jsonpath("rename it to `Arguments`, and write each `.$` path as `{% $states.input... %}`");
const RESULT_SELECTOR: Field =
    Field::optional("ResultSelector", Form::Object).jsonpath("shape `$states.result` in `Output`");
const RESULT_PATH: Field = Field::optional("ResultPath", NULLABLE_PATH).jsonpath(
    "merge in `Output`: `{% $merge([$states.input, {'name': $states.result}]) %}`, or keep the result with `Assign`",
);
const RETRY: Field = Field::optional("Retry", Form::Records(&RETRIER));
const CATCH: Field = Field::optional("Catch", Form::Records(&CATCHER));

const GOES_ON: Group = Group {
    fields: &["Next", "End"],
    need: Need::One,
    code: code::ENDING,
    help: "write `Next` with the name of a state, or `\"End\": true`",
};

pub(super) static MACHINE: Record = Record {
    name: "a state machine",
    fields: &[
        COMMENT,
        LANGUAGE,
        Field::required("StartAt", Form::Text),
        Field::required("States", Form::Object),
        Field::optional("TimeoutSeconds", SECONDS),
        Field::optional("Version", Form::Word(&["1.0"])),
    ],
    groups: &[],
};

pub(super) static BRANCH: Record = Record {
    name: "a branch",
    fields: &[
        COMMENT,
        Field::required("StartAt", Form::Text),
        Field::required("States", Form::Object),
    ],
    groups: &[],
};

pub(super) static PROCESSOR: Record = Record {
    name: "an item processor",
    fields: &[
        COMMENT,
        Field::optional("ProcessorConfig", Form::Record(&PROCESSOR_CONFIG)),
        Field::required("StartAt", Form::Text),
        Field::required("States", Form::Object),
    ],
    groups: &[],
};

/// The record of a state type; none for a type that does not exist.
pub(super) fn of_type(name: &str) -> Option<&'static Record> {
    TYPES
        .iter()
        .find(|(kind, _)| *kind == name)
        .map(|(_, record)| *record)
}

/// The state types.
pub(super) const TYPES: &[(&str, &Record)] = &[
    ("Pass", &PASS),
    ("Task", &TASK),
    ("Choice", &CHOICE),
    ("Wait", &WAIT),
    ("Succeed", &SUCCEED),
    ("Fail", &FAIL),
    ("Parallel", &PARALLEL),
    ("Map", &MAP),
];

static PASS: Record = Record {
    name: "a Pass state",
    fields: &[
        TYPE,
        COMMENT,
        LANGUAGE,
        NEXT,
        END,
        ASSIGN,
        OUTPUT,
        INPUT_PATH,
        OUTPUT_PATH,
        PARAMETERS,
        RESULT_PATH,
        Field::optional("Result", Form::Any).jsonpath("rename it to `Output`"),
    ],
    groups: &[GOES_ON],
};

static TASK: Record = Record {
    name: "a Task state",
    fields: &[
        TYPE,
        COMMENT,
        LANGUAGE,
        Field::required("Resource", Form::Text),
        ARGUMENTS,
        NEXT,
        END,
        ASSIGN,
        OUTPUT,
        INPUT_PATH,
        OUTPUT_PATH,
        PARAMETERS,
        RESULT_SELECTOR,
        RESULT_PATH,
        Field::optional("TimeoutSeconds", SECONDS).evaluated(),
        Field::optional("TimeoutSecondsPath", PATH)
            .jsonpath("write `TimeoutSeconds` as `{% ... %}`"),
        Field::optional("HeartbeatSeconds", SECONDS).evaluated(),
        Field::optional("HeartbeatSecondsPath", PATH)
            .jsonpath("write `HeartbeatSeconds` as `{% ... %}`"),
        Field::optional("Credentials", Form::Record(&CREDENTIALS)),
        RETRY,
        CATCH,
    ],
    groups: &[
        GOES_ON,
        either(&["TimeoutSeconds", "TimeoutSecondsPath"]),
        either(&["HeartbeatSeconds", "HeartbeatSecondsPath"]),
    ],
};

static CHOICE: Record = Record {
    name: "a Choice state",
    fields: &[
        TYPE,
        COMMENT,
        LANGUAGE,
        Field::required("Choices", Form::List),
        Field::optional("Default", Form::Text),
        ASSIGN,
        OUTPUT,
        INPUT_PATH,
        OUTPUT_PATH,
    ],
    groups: &[],
};

static WAIT: Record = Record {
    name: "a Wait state",
    fields: &[
        TYPE,
        COMMENT,
        LANGUAGE,
        NEXT,
        END,
        ASSIGN,
        OUTPUT,
        INPUT_PATH,
        OUTPUT_PATH,
        Field::optional("Seconds", Form::Whole(0, LONGEST)).evaluated(),
        Field::optional("SecondsPath", PATH).jsonpath("write `Seconds` as `{% ... %}`"),
        Field::optional("Timestamp", Form::Time).evaluated(),
        Field::optional("TimestampPath", PATH).jsonpath("write `Timestamp` as `{% ... %}`"),
    ],
    groups: &[
        GOES_ON,
        Group {
            fields: &["Seconds", "Timestamp", "SecondsPath", "TimestampPath"],
            need: Need::One,
            code: code::EXCLUSIVE,
            help: "keep one: `Seconds` for a duration, `Timestamp` for a moment",
        },
    ],
};

static SUCCEED: Record = Record {
    name: "a Succeed state",
    fields: &[TYPE, COMMENT, LANGUAGE, OUTPUT, INPUT_PATH, OUTPUT_PATH],
    groups: &[],
};

static FAIL: Record = Record {
    name: "a Fail state",
    fields: &[
        TYPE,
        COMMENT,
        LANGUAGE,
        Field::optional("Error", Form::Text).evaluated(),
        Field::optional("ErrorPath", PATH).jsonpath("write `Error` as `{% ... %}`"),
        Field::optional("Cause", Form::Text).evaluated(),
        Field::optional("CausePath", PATH).jsonpath("write `Cause` as `{% ... %}`"),
    ],
    groups: &[
        either(&["Error", "ErrorPath"]),
        either(&["Cause", "CausePath"]),
    ],
};

static PARALLEL: Record = Record {
    name: "a Parallel state",
    fields: &[
        TYPE,
        COMMENT,
        LANGUAGE,
        Field::required("Branches", Form::List),
        ARGUMENTS,
        NEXT,
        END,
        ASSIGN,
        OUTPUT,
        INPUT_PATH,
        OUTPUT_PATH,
        PARAMETERS,
        RESULT_SELECTOR,
        RESULT_PATH,
        RETRY,
        CATCH,
    ],
    groups: &[GOES_ON],
};

static MAP: Record = Record {
    name: "a Map state",
    fields: &[
        TYPE,
        COMMENT,
        LANGUAGE,
        Field::optional("ItemProcessor", Form::Object),
        Field::optional("Iterator", Form::Object),
        Field::optional("Items", Form::Items)
            .evaluated()
            .jsonata("rename it to `ItemsPath`"),
        Field::optional("ItemsPath", PATH).jsonpath("write `Items` as `{% $states.input.items %}`"),
        Field::optional("ItemSelector", Form::Object).evaluated(),
        Field::optional("ItemReader", Form::Record(&ITEM_READER)),
        Field::optional("ItemBatcher", Form::Record(&ITEM_BATCHER)),
        Field::optional("ResultWriter", Form::Record(&RESULT_WRITER)),
        Field::optional("MaxConcurrency", Form::Whole(0, 10_000)).evaluated(),
        Field::optional("MaxConcurrencyPath", PATH)
            .jsonpath("write `MaxConcurrency` as `{% ... %}`"),
        Field::optional("Label", Form::Label(40)),
        Field::optional("ToleratedFailureCount", Form::Whole(0, u64::MAX)).evaluated(),
        Field::optional("ToleratedFailureCountPath", PATH)
            .jsonpath("write `ToleratedFailureCount` as `{% ... %}`"),
        Field::optional("ToleratedFailurePercentage", Form::Number(0.0, 100.0)).evaluated(),
        Field::optional("ToleratedFailurePercentagePath", PATH)
            .jsonpath("write `ToleratedFailurePercentage` as `{% ... %}`"),
        NEXT,
        END,
        ASSIGN,
        OUTPUT,
        INPUT_PATH,
        OUTPUT_PATH,
        PARAMETERS,
        RESULT_SELECTOR,
        RESULT_PATH,
        RETRY,
        CATCH,
    ],
    groups: &[
        GOES_ON,
        Group {
            fields: &["ItemProcessor", "Iterator"],
            need: Need::One,
            code: code::EXCLUSIVE,
            help: "write the states that each item goes through in `ItemProcessor`",
        },
        either(&["ItemSelector", "Parameters"]),
        either(&["MaxConcurrency", "MaxConcurrencyPath"]),
        either(&["ToleratedFailureCount", "ToleratedFailureCountPath"]),
        either(&[
            "ToleratedFailurePercentage",
            "ToleratedFailurePercentagePath",
        ]),
    ],
};

const fn either(fields: &'static [&'static str]) -> Group {
    Group {
        fields,
        need: Need::OneAtMost,
        code: code::EXCLUSIVE,
        help: "keep one of them",
    }
}
