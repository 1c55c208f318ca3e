//! The stable codes of findings. A suppression names the part before the space.

macro_rules! codes {
    ($($name:ident = $code:literal, $what:literal;)*) => {
        $(#[doc = $what] pub const $name: &str = $code;)*

        /// Every code with what it means, in order.
        pub const ALL: &[(&str, &str)] = &[$(($code, $what)),*];
    };
}

codes! {
    SUPPRESSION = "V001 suppression", "A suppression is malformed, names no known code, or gives no reason.";
    UNUSED_SUPPRESSION = "V002 unused-suppression", "A suppression that suppresses nothing.";
    UNKNOWN_TYPE = "V003 unknown-resource-type", "A resource type that the specification does not have; it is not checked.";
    STRUCTURE = "V010 structure", "A section or an entry of the template has the wrong form.";
    LIMIT = "V011 limit", "A limit of CloudFormation is exceeded.";
    LOGICAL_ID = "V012 logical-id", "A name is not alphanumeric or too long.";
    DUPLICATE_EXPORT = "V013 duplicate-export", "Two outputs export the same name.";
    UNUSED_PARAMETER = "V014 unused-parameter", "A parameter that nothing refers to.";
    INTRINSIC = "V020 intrinsic", "An intrinsic function is unknown, misplaced, or has the wrong arguments.";
    UNRESOLVED = "V021 unresolved-reference", "A reference to something that the template does not have.";
    UNKNOWN_ATTRIBUTE = "V022 unknown-attribute", "`Fn::GetAtt` of an attribute that the resource type does not have.";
    UNKNOWN_CONDITION = "V023 unknown-condition", "A condition that the template does not have.";
    UNKNOWN_MAPPING = "V024 unknown-mapping", "A mapping, or a key in it, that the template does not have.";
    RELATIONSHIP = "V025 relationship", "A property refers to a resource, or a value of it, that does not fit there.";
    CYCLE = "V026 cycle", "Resources or conditions that depend on each other in a circle.";
    MISSING_SUB = "V027 missing-sub", "A `${AWS::...}` outside `Fn::Sub`, which stays as it is written.";
    TYPE = "V030 type", "A value of the wrong type.";
    PATTERN = "V031 pattern", "A text that does not match the property's regular expression.";
    ENUM = "V032 enum", "A value that is none of the allowed ones.";
    RANGE = "V033 range", "A number out of bounds.";
    LENGTH = "V034 length", "A text that is too short or too long.";
    ITEMS = "V035 items", "A list with too few or too many items.";
    UNIQUE = "V036 unique", "A list, or a list of tags, with duplicates.";
    FORMAT = "V037 format", "A text that is not an ARN, a time or JSON where it must be.";
    NULL = "V038 null", "A null, which CloudFormation refuses.";
    UNKNOWN_PROPERTY = "V040 unknown-property", "A property that the resource type does not have.";
    REQUIRED = "V041 required", "A required property is missing.";
    READ_ONLY = "V042 read-only", "A property that only AWS sets.";
    EXCLUSIVE = "V043 exclusive", "Properties that exclude each other.";
    INCOMPLETE = "V044 incomplete", "A property that needs another one, or none of several alternatives.";
    DEPRECATED = "V045 deprecated", "A property that should not be used any more.";
    FUNCTION_LIMIT = "V100 function-limit", "A Lambda setting above what a function may have.";
    FUNCTION_CODE = "V101 function-code", "A function from a ZIP file without handler or runtime, or an image with them.";
    VISIBILITY_TIMEOUT = "V102 visibility-timeout", "A queue's visibility timeout is too short for the function that reads it.";
    SCHEDULE = "V110 schedule", "A `rate`, `cron` or `at` expression that AWS refuses.";
    NOTIFICATION_PERMISSION = "V120 notification-permission", "A bucket notifies something that does not let it.";
    NOTIFICATION_ORDER = "V121 notification-order", "A bucket may be created before it is allowed to notify.";
    COLUMN_TYPE = "V130 column-type", "A Glue column with a type that Athena does not know.";
    DUPLICATE_COLUMN = "V131 duplicate-column", "A Glue table with two columns of one name.";
    STATEFUL = "V140 stateful", "A resource that holds data, without a decision on what happens to it.";
    POLICY = "V150 policy", "An IAM policy document of the wrong form.";
    POLICY_ACTION = "V151 policy-action", "An IAM action that is not `service:Action`.";
    POLICY_WILDCARD = "V152 policy-wildcard", "An IAM statement that allows every action of every service.";
    STATE_MACHINE = "V160 state-machine", "A state machine whose definition Step Functions would refuse, or that would fail when it runs.";
    STATE_MACHINE_ADVICE = "V161 state-machine-advice", "A state machine that works, and may cost or surprise.";
}

/// The part of a code before the space: `V031`.
pub(crate) fn number(code: &str) -> &str {
    code.split_once(' ').map_or(code, |(number, _)| number)
}
