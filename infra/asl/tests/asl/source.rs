//! Reading definitions and templates from text.

use asl::Pointer;
use asl::source::{ReadError, read, read_json};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn keys_that_are_there_twice_are_noticed() {
    let json =
        r#"{"States": {"A": {"Type": "Pass"}, "B": {}, "A": {"Type": "Wait", "Type": "Fail"}}}"#;
    let document = read(json).unwrap();
    assert_eq!(
        document.value,
        json!({"States": {"A": {"Type": "Fail"}, "B": {}}})
    );
    let duplicates: Vec<_> = document
        .duplicates
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(duplicates, ["/States/A/Type", "/States/A"]);

    let yaml = "States:\n  A: 1\n  B: 2\n  A: 3\n";
    let document = read(yaml).unwrap();
    assert_eq!(document.value, json!({"States": {"A": 3, "B": 2}}));
    assert_eq!(document.duplicates[0].to_string(), "/States/A");
}

#[test]
fn lines_are_known_in_json_and_in_yaml() {
    let json = r#"{
  "States": {"A": 1,
    "B": [10,
      20,

      {"Type": "Pass"}],
    "C":
      "text"
  }
}"#;
    let yaml = "# A comment
States: {A: 1,
    B: [10,
      20,

      Type: Pass],
    C:
      'text'}
Block:
  - !Sub a
  - Key: b
    Value: c
Text: |
  one
  two
After: &shared {D: 1}
Again: *shared
";
    let lines = |text: &str, places: &[(&str, usize)]| {
        let document = read(text).unwrap();
        for (place, line) in places {
            let found = document.line(&Pointer::from((*place).to_owned()));
            assert_eq!(found, *line, "{place}");
        }
    };
    let both = [
        ("/States", 2),
        ("/States/A", 2),
        ("/States/B", 3),
        ("/States/B/0", 3),
        ("/States/B/1", 4),
        ("/States/B/2", 6),
        ("/States/B/2/Type", 6),
        ("/States/C", 7),
        ("/States/Missing", 2),
        ("/States/B/2/Type/further", 6),
    ];
    lines(json, &both);
    lines(yaml, &both);
    let in_yaml = [
        ("/Block/0", 10),
        ("/Block/1", 11),
        ("/Block/1/Value", 12),
        ("/After", 16),
        ("/Again/D", 17),
    ];
    lines(yaml, &in_yaml);
    lines("[\n1\n,\n2]", &[("", 1), ("/0", 2), ("/1", 4)]);
}

#[test]
fn short_forms_become_long_ones() {
    let yaml = r#"
Role: !GetAtt Role.Arn
Name: !Sub "${AWS::StackName}-orders"
Table: !Ref Table
Count: 3
Rate: 1.5
Live: true
Nothing:
Account: "012"
List: !Join
  - "-"
  - [a, !Ref B]
Shared: &shared {Type: Succeed}
Again: *shared
"#;
    assert_eq!(
        read(yaml).unwrap().value,
        json!({
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Name": {"Fn::Sub": "${AWS::StackName}-orders"},
            "Table": {"Ref": "Table"},
            "Count": 3,
            "Rate": 1.5,
            "Live": true,
            "Nothing": null,
            "Account": "012",
            "List": {"Fn::Join": ["-", ["a", {"Ref": "B"}]]},
            "Shared": {"Type": "Succeed"},
            "Again": {"Type": "Succeed"},
        })
    );
}

#[test]
fn problems_have_a_place() {
    assert_eq!(read("  \n"), Err(ReadError::Empty));
    let message = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        message("{\n  \"StartAt\": \"A\",\n}"),
        "not JSON: line 3, column 1: trailing comma; correct the text there"
    );
    assert!(message("{} {}").starts_with("not JSON: line 1, column 4"));
    let broken = message("A:\n  - b\n  c: d\n");
    assert!(broken.starts_with("not YAML: line 3, column"), "{broken}");
    let two = message("A: 1\n---\nB: 2\n");
    assert_eq!(
        two,
        "not YAML: line 3, column 1: a second document; keep one per file; correct the text there"
    );
}

#[test]
fn attempts_on_stack_and_memory_are_refused() {
    let deep = format!("a: {}{}", "[".repeat(150), "]".repeat(150));
    assert!(read(&deep).unwrap_err().to_string().contains("too deep"));
    let levels = (1..9).map(|level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("a{level}: &a{level} [{aliases}]\n")
    });
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    let bomb: String = std::iter::once(first).chain(levels).collect();
    assert!(read(&bomb).unwrap_err().to_string().contains("1 MiB"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        prop_oneof![
            Just("A"),
            Just("JSONata"),
            Just("Pass"),
            Just("Task"),
            Just("Map"),
            Just("Choice"),
            Just("{% $states.input %}"),
            Just("${X}"),
            Just("$.a"),
            Just("States.ALL"),
        ]
        .prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("StartAt"),
        Just("States"),
        Just("A"),
        Just("Type"),
        Just("Next"),
        Just("End"),
        Just("Branches"),
        Just("ItemProcessor"),
        Just("Choices"),
        Just("Retry"),
        Just("Catch"),
        Just("ErrorEquals"),
        Just("Resource"),
        Just("Parameters"),
        Just("QueryLanguage"),
        Just("And"),
        Just("a.$"),
        Just("Resources"),
        Just("Properties"),
        Just("Definition"),
        Just("DefinitionString"),
        Just("Fn::Sub"),
    ]
    .prop_map(str::to_owned);
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_read_as_it_is(value in any_json()) {
        let text = value.to_string();
        prop_assert_eq!(&read_json(&text).unwrap().value, &value);
    }

    #[test]
    fn any_json_can_be_checked(value in any_json()) {
        let schemas = asl::Schemas::default();
        asl::check(&value, &schemas);
        for machine in asl::template::machines(&value) {
            machine.check(&schemas);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[{\\[]?[-a: \\n!&*\"'{}\\[\\],|>#%@]{0,60}") {
        let _ = read(&text);
    }
}
