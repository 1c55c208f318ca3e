//! The stable codes of findings.

macro_rules! codes {
    ($($name:ident = $code:literal, $what:literal;)*) => {
        $(#[doc = $what] pub const $name: &str = $code;)*

        /// Every code with what it means, in order.
        pub const ALL: &[(&str, &str)] = &[$(($code, $what)),*];
    };
}

// S0xx: structure. S1xx: data. S2xx: budgets.
codes! {
    STRUCTURE = "S001 structure", "A part of the definition has the wrong form.";
    MISSING_FIELD = "S002 missing-field", "A field that is required is missing.";
    UNKNOWN_FIELD = "S003 unknown-field", "A field that there is not.";
    EXCLUSIVE = "S004 exclusive-fields", "Fields that exclude each other, or none of several of which one is needed.";
    VALUE = "S005 value", "A number out of range, a text that is none of the allowed ones, or no time.";
    DUPLICATE_KEY = "S006 duplicate-key", "An object with the same key twice; readers take the last one.";
    SIZE = "S007 size", "A definition above 1 MiB.";
    PLACEHOLDER = "S008 placeholder", "A `${Name}` that no substitution of the template replaces.";
    STATE_TYPE = "S010 state-type", "A state without a type, or of a type that there is not.";
    STATE_NAME = "S011 state-name", "A name that is too long, or that two states have.";
    UNKNOWN_STATE = "S012 unknown-state", "`StartAt`, `Next` or `Default` names a state that there is not.";
    CROSSES_SCOPE = "S013 crosses-scope", "A state leads out of its branch or item processor, or into another one.";
    UNREACHABLE = "S014 unreachable", "A state that nothing leads to.";
    NO_END = "S015 no-end", "States that an execution never leaves.";
    ENDING = "S016 ending", "A state with neither `Next` nor `End`, with both, or with one where there is none.";
    WRONG_LANGUAGE = "S020 wrong-language", "A field, key or text of the other query language.";
    MIXED_LANGUAGES = "S021 mixed-languages", "A `JSONPath` state in a JSONata machine.";
    EXPRESSION = "S022 expression", "An expression that is not closed, or that stands where none is evaluated.";
    ERROR_NAME = "S030 error-name", "A `States.` error that there is not.";
    ERROR_ORDER = "S031 error-order", "`States.ALL` with other names, or not in the last entry.";
    SHADOWED = "S032 shadowed", "An error that an earlier entry takes.";
    UNHANDLED = "S033 unhandled", "An error that Step Functions does not retry or catch, or that a retry only repeats.";
    CHOICE = "S040 choice", "A rule that is not one condition.";
    NO_DEFAULT = "S041 no-default", "A Choice that fails when no rule fits.";
    DISTRIBUTED = "S050 distributed", "What only a distributed Map can do, in an inline one.";
    OUTDATED = "S051 outdated", "A field that still works and has a successor.";
    INTEGRATION = "S060 integration", "A resource that a task cannot call.";
    PATTERN = "S061 pattern", "A service that cannot be waited for in this way.";
    TOKEN = "S062 token", "A callback that nobody gets the token for.";
    EXPRESS = "S063 express", "What only a Standard workflow can do, in an Express one.";
    UNPARSABLE = "S100 unparsable-expression", "An expression or path that cannot be parsed.";
    NO_SUCH_FIELD = "S101 no-such-field", "A reference to a field or an item that cannot be there.";
    NEVER_THERE = "S102 never-there", "A test whether something is there that cannot be.";
    STATES_MEMBER = "S103 states-member", "A member that `$states` or the context object does not have, or not in this place.";
    NO_DOCUMENT = "S104 no-document", "A bare name, `$` or `$$` in JSONata, which has no document here; or a path that does not begin with `$`.";
    UNKNOWN_FUNCTION = "S105 unknown-function", "A function that there is not.";
    REFUSED = "S106 refused", "A function or an operator that Step Functions does not evaluate.";
    ARGUMENT_COUNT = "S107 argument-count", "Too few or too many arguments.";
    ARGUMENT_TYPE = "S108 argument-type", "An argument or operand of a type that is never taken.";
    ALWAYS_NOTHING = "S109 always-nothing", "An expression that always yields nothing, which fails.";
    NEVER_EQUAL = "S110 never-equal", "A comparison that never holds.";
    FIELD_TYPE = "S111 field-type", "A field of a state that gets a value of the wrong type.";
    REFERENCE_PATH = "S112 reference-path", "A path that has to name one place, and names several.";
    NOT_REQUIRED = "S113 not-required", "A field that a schema does not require, read as if it were always there.";
    UNASSIGNED = "S120 unassigned-variable", "A variable that no way here assigns.";
    PERHAPS_UNASSIGNED = "S121 perhaps-unassigned", "A variable that some ways here do not assign.";
    VARIABLE_SCOPE = "S122 variable-scope", "An inner state assigns a variable of the states around, or a distributed map reads one.";
    VARIABLE_NAME = "S123 variable-name", "A name that a variable cannot have.";
    REQUIRED_ARGUMENT = "S130 required-argument", "An argument that the service needs is missing.";
    ATTRIBUTE = "S131 attribute", "A DynamoDB attribute of another type than it says.";
    PAYLOAD = "S200 payload", "Data that may be larger than the 256 KiB which a state hands on.";
    HISTORY = "S201 history", "An execution whose history may need more than 25,000 events.";
    NO_TIMEOUT = "S202 no-timeout", "A task that may wait for a year.";
    NO_HEARTBEAT = "S203 no-heartbeat", "A worker whose death is noticed late.";
    RESUBMISSION = "S204 resubmission", "A retry that may do paid work, or send a message, twice.";
    UNBOUNDED_LOOP = "S205 unbounded-loop", "A loop that waits, and that nothing ends.";
    CONCURRENCY = "S206 concurrency", "More iterations at once than an inline Map runs.";
}
