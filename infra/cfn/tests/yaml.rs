//! YAML that readers of YAML 1.1 read as it was meant.
#![expect(clippy::expect_used, reason = "a failed expectation is a failed test")]

use cfn::{Node, Output, RawResource, Template};

/// Texts that YAML 1.1 or 1.2 reads as something else when they are not quoted.
const AMBIGUOUS: &[&str] = &[
    "",
    " ",
    "~",
    "null",
    "Null",
    "NULL",
    "true",
    "True",
    "false",
    "FALSE",
    "yes",
    "Yes",
    "YES",
    "no",
    "No",
    "on",
    "On",
    "off",
    "OFF",
    "y",
    "Y",
    "n",
    "N",
    "12:30:45",
    "1:20",
    "190:20:30.15",
    "2012-10-17",
    "2001-12-14t21:59:43.10-05:00",
    "1_000",
    "0o17",
    "017",
    "0x1F",
    "0b11",
    "1e3",
    "1.5",
    ".5",
    "+1",
    "-0",
    "685_230.15",
    ".inf",
    "-.INF",
    ".NaN",
    "=",
    "<<",
    "-",
    "?",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "!a",
    "&a",
    "*a",
    "@a",
    "`a",
    "%a",
    "|",
    ">",
    "'a'",
    "\"a\"",
    "[a]",
    "{a}",
    ",",
    "a\nb",
    "a\tb",
    "a:",
    " a",
    "a ",
    "\u{feff}a",
    "\u{85}",
    "\u{2028}",
];

fn yaml_of(value: &str, key: &str) -> String {
    let mut template = Template::new("Ambiguous");
    template.add(
        "Handle",
        RawResource::new("AWS::CloudFormation::WaitConditionHandle")
            .raw("Value", value)
            .raw(key.to_owned(), 1),
    );
    template
        .synthesize()
        .expect("the template is valid")
        .to_yaml()
}

#[test]
fn ambiguous_texts_are_quoted_as_values() {
    for text in AMBIGUOUS {
        let yaml = yaml_of(text, "Key");
        let (_, written) = yaml
            .split_once("      Value: ")
            .expect("the value is there");
        assert!(
            written.starts_with(['"', '\'']),
            "{text:?} is written as {written}"
        );
    }
}

#[test]
fn ambiguous_texts_are_quoted_as_keys() {
    for text in AMBIGUOUS {
        let yaml = yaml_of("value", text);
        let (_, written) = yaml
            .split_once("      Value: value\n      ")
            .expect("the key is there");
        assert!(
            written.starts_with(['"', '\'']),
            "{text:?} is written as {written}"
        );
    }
}

#[test]
fn ambiguous_texts_are_quoted_behind_tags() {
    for text in AMBIGUOUS {
        let mut template = Template::new("Ambiguous");
        template.add(
            "Handle",
            RawResource::new("AWS::CloudFormation::WaitConditionHandle"),
        );
        template.output("Value", Output::new(cfn::intrinsics::sub(*text)));
        let yaml = template
            .synthesize()
            .expect("the template is valid")
            .to_yaml();
        let (_, written) = yaml
            .split_once("    Value: !Sub ")
            .expect("the value is there");
        assert!(
            written.starts_with(['"', '\'']),
            "{text:?} is written as {written}"
        );
    }
}

#[test]
fn a_reader_gets_back_what_was_written() {
    for text in AMBIGUOUS {
        let yaml = yaml_of(text, text);
        let read: Node = serde_saphyr::from_str(&yaml).expect("it is YAML");
        let properties = read
            .get("Resources")
            .and_then(|resources| resources.get("Handle")?.get("Properties"));
        let properties = properties.expect("the properties are there");
        assert_eq!(
            properties.get("Value").and_then(Node::as_text),
            Some(*text),
            "{yaml}"
        );
        assert_eq!(properties.get(text), Some(&Node::Integer(1)), "{yaml}");
    }
}
