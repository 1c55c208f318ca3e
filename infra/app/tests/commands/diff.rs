//! `infra diff`: files, revisions, formats and exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A program in a folder. In a hook git names the repository by variables: with them, what is meant for a folder of a test would
/// be done to the repository that the hook is of.
fn program(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder);
    for variable in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR",
    ] {
        command.env_remove(variable);
    }
    command
}

fn infra(folder: &Path, arguments: &[&str]) -> Output {
    let binary = program(env!("CARGO_BIN_EXE_infra"), folder)
        .args(arguments)
        .env_remove("CLICOLOR_FORCE")
        .output();
    binary.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = [
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@localhost",
        "-c",
        "commit.gpgsign=false",
    ];
    let output = program("git", folder)
        .args(identity)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

const TABLE: &str = "Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: NAME
      KeySchema: [{AttributeName: id, KeyType: HASH}]
";

/// Two templates, the old one in JSON.
fn tables() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let old = r#"{"Resources": {"Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {
        "TableName": {"Fn::Sub": "orders-${AWS::Region}"}, "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}}}}"#;
    fs::write(folder.path().join("old.json"), old).unwrap();
    let new = |name: &str, file| {
        fs::write(folder.path().join(file), TABLE.replace("NAME", name)).unwrap();
    };
    new("!Join ['-', [orders, !Ref AWS::Region]]", "same.yaml");
    new("sales", "new.yaml");
    folder
}

#[test]
fn templates_of_one_meaning_do_not_differ() {
    let folder = tables();
    let output = infra(
        folder.path(),
        &["diff", "old.json", "same.yaml", "--fail-on", "any"],
    );
    assert_eq!(
        (text(&output.stdout).trim(), output.status.code()),
        ("no changes", Some(0))
    );
}

#[test]
fn what_must_not_happen_decides_the_exit_code() {
    let folder = tables();
    for (fail_on, code) in [
        (None, 4),
        (Some("none"), 0),
        (Some("replacement"), 6),
        (Some("iam-widened"), 0),
        (Some("any"), 7),
        (Some("any,replacement,data-loss"), 4),
    ] {
        let mut arguments = vec!["diff", "old.json", "new.yaml"];
        arguments.extend(fail_on.map(|_| "--fail-on"));
        arguments.extend(fail_on);
        let output = infra(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(code), "{fail_on:?}");
        assert!(text(&output.stdout).contains("DATA IS LOST"), "{fail_on:?}");
    }
}

/// A table of columns, and a machine that calls a function.
const SYSTEMS: &str = r#"Resources:
  Orders:
    Type: AWS::Glue::Table
    Properties:
      DatabaseName: shop
      CatalogId: "111111111111"
      TableInput:
        Name: orders
        StorageDescriptor:
          Columns: [{Name: id, Type: string}, {Name: COLUMN, Type: string}]
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111111111111:role/machine
      Definition:
        StartAt: Read
        States: {Read: {Type: Task, Resource: !GetAtt FUNCTION.Arn, End: true}}
  FUNCTION:
    Type: AWS::Lambda::Function
    Properties: {Role: arn:aws:iam::111111111111:role/FUNCTION}
"#;

#[test]
fn readers_and_executions_in_flight_decide_the_exit_code_too() {
    let folder = tempfile::tempdir().unwrap();
    for (file, column, function) in [
        ("old.yaml", "pages", "Read"),
        ("columns.yaml", "sheets", "Read"),
        ("function.yaml", "pages", "Fetch"),
    ] {
        let template = SYSTEMS.replace("COLUMN", column);
        let template = template.replace("FUNCTION", function);
        fs::write(folder.path().join(file), template).unwrap();
    }
    for (file, fail_on, code) in [
        ("columns.yaml", "breaking-schema", 8),
        ("columns.yaml", "in-flight", 0),
        ("columns.yaml", "any,in-flight,breaking-schema", 8),
        ("function.yaml", "in-flight", 9),
        ("function.yaml", "breaking-schema", 0),
        ("function.yaml", "any,in-flight,breaking-schema", 9),
    ] {
        let arguments = ["diff", "old.yaml", file, "--fail-on", fail_on];
        let output = infra(folder.path(), &arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{file} {fail_on}: {}",
            text(&output.stdout)
        );
    }
}

#[test]
fn programs_read_json_by_its_schema_and_sarif() {
    let folder = tables();
    let json = |format: &str| -> Value {
        let output = infra(
            folder.path(),
            &["diff", "old.json", "new.yaml", "--format", format],
        );
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let review = json("json");
    let change = &review["stacks"][0]["changes"][0];
    assert_eq!(
        (&change["replacement"], &change["data_loss"]),
        (&"will".into(), &true.into())
    );
    let schema = json("schema");
    let described = &schema["properties"]["stacks"];
    assert_eq!(described["items"]["$ref"], "#/$defs/StackReview");
    let result = json("sarif")["runs"][0]["results"][0].clone();
    assert_eq!(
        (&result["ruleId"], &result["level"]),
        (&"data-loss".into(), &"error".into())
    );
}

#[test]
fn findings_have_the_line_of_the_template() {
    let folder = tables();
    let gone = r#"{"Resources": {
        "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders", "KeySchema": []}},
        "Gone": {"Type": "AWS::S3::Bucket"}
    }}"#;
    fs::write(folder.path().join("gone.json"), gone).unwrap();
    let new = folder.path().canonicalize().unwrap().join("new.yaml");
    let review = |format: &str| {
        let files = ["./gone.json", new.to_str().unwrap()];
        let arguments = ["diff", files[0], files[1], "--format", format];
        text(&infra(folder.path(), &arguments).stdout)
    };
    for (format, removed, renamed) in [
        ("text", "at gone.json:3\n", "at new.yaml:5\n"),
        ("markdown", "at `gone.json:3`", "at `new.yaml:5`"),
    ] {
        let written = review(format);
        assert!(written.contains(removed), "{written}");
        assert!(written.contains(renamed), "{written}");
    }
    let sarif: Value = serde_json::from_str(&review("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let places = results.iter().map(|result| {
        let place = &result["locations"][0]["physicalLocation"];
        (
            &place["artifactLocation"]["uri"],
            &place["region"]["startLine"],
        )
    });
    let expected = [
        ("gone.json".into(), 3.into()),
        ("new.yaml".into(), 5.into()),
    ];
    assert!(
        places.eq(expected.iter().map(|(uri, line)| (uri, line))),
        "{results:#?}"
    );
}

#[test]
fn what_is_no_template_is_told_from_what_differs() {
    let folder = tables();
    fs::write(folder.path().join("broken.yaml"), "Resources:\n  A: [\n").unwrap();
    fs::write(folder.path().join("other.yaml"), "a: 1\n").unwrap();
    for (file, expected) in [
        ("missing.json", "cannot read the template `missing.json`"),
        ("broken.yaml", "line 2, column 6"),
        ("other.yaml", "it has no `Resources`"),
    ] {
        let output = infra(folder.path(), &["diff", "old.json", file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(
            text(&output.stderr).contains(expected),
            "{}",
            text(&output.stderr)
        );
    }
}

/// A repository with the snapshots of all stacks as they are now.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("infra/app")).unwrap();
    fs::write(root.join("infra/app/Cargo.toml"), "").unwrap();
    for stack in ["vision", "batch"] {
        let template = infra(root, &["synth", stack, "--print", "json"]).stdout;
        let snapshots = root.join("snapshots").join(stack);
        fs::create_dir_all(&snapshots).unwrap();
        let snapshot = format!("---\nsource: a test\n---\n{}", text(&template));
        fs::write(snapshots.join("template.json.snap"), snapshot).unwrap();
    }
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "Begin"]);
    folder
}

#[test]
fn the_working_tree_is_held_against_a_revision() {
    let folder = repository();
    let root = folder.path();
    let review = |arguments: &[&str]| {
        let output = infra(root, &[&["diff"], arguments].concat());
        (
            text(&output.stdout),
            text(&output.stderr),
            output.status.code(),
        )
    };
    assert_eq!(review(&["--fail-on", "any"]).0.trim(), "no changes");

    // As if the commit had had one bucket less, another retention, and a stack that is no more.
    let file = root.join("snapshots/vision/template.json.snap");
    let snapshot = fs::read_to_string(&file).unwrap();
    fs::write(&file, snapshot.replace("\"RawBucket\": {", "\"Landed\": {")).unwrap();
    let other = root.join("snapshots/gone");
    fs::create_dir_all(&other).unwrap();
    let gone =
        "---\nsource: a test\n---\n{\"Resources\": {\"Old\": {\"Type\": \"AWS::S3::Bucket\"}}}\n";
    fs::write(other.join("template.json.snap"), gone).unwrap();
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "Change"]);

    let (stdout, _, code) = review(&["--stack", "vision"]);
    assert!(stdout.contains("renamed from Landed"), "{stdout}");
    assert!(
        stdout.contains("infra/app/src/stacks/vision.rs:"),
        "{stdout}"
    );
    assert_ne!(code, Some(7));
    let (stdout, _, code) = review(&["--stack", "gone"]);
    assert!(stdout.contains("Old  AWS::S3::Bucket  removed"), "{stdout}");
    assert_eq!(code, Some(4));
    assert_eq!(review(&["--base", "HEAD~1"]).0.trim(), "no changes");
    let between = review(&["--base", "HEAD~1", "--head", "HEAD"]).0;
    assert!(between.contains("renamed from RawBucket"), "{between}");
    assert!(between.contains("Old  AWS::S3::Bucket  added"), "{between}");
    let same = review(&["--base", "HEAD", "--head", "HEAD", "--stack", "gone"]);
    assert_eq!((same.0.trim(), same.2), ("no changes", Some(0)));
    let (_, stderr, code) = review(&["--base", "nowhere"]);
    assert!(
        stderr.contains("there is no revision `nowhere`"),
        "{stderr}"
    );
    assert_eq!(code, Some(1));
    let (_, stderr, _) = review(&["--stack", "nothing"]);
    assert!(stderr.contains("there is no stack `nothing`"), "{stderr}");
}

/// The pipeline of a stack needs more than what was reviewed.
#[test]
fn the_roles_that_deploy_a_stack_are_held_against_a_revision() {
    let folder = repository();
    let root = folder.path();
    let roles = text(&infra(root, &["deploy-role", "vision"]).stdout);
    let less = roles.replace("\"sqs:DeleteQueue\",", "");
    assert_ne!(roles, less);
    let snapshots = root.join("snapshots/vision-deploy-role");
    fs::create_dir_all(&snapshots).unwrap();
    let snapshot = format!("---\nsource: a test\n---\n{less}");
    fs::write(snapshots.join("template.json.snap"), snapshot).unwrap();
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "Roles"]);
    for arguments in [vec!["diff"], vec!["diff", "--stack", "vision"]] {
        let output = infra(
            root,
            &[arguments, vec!["--fail-on", "iam-widened"]].concat(),
        );
        let stdout = text(&output.stdout);
        assert!(
            stdout.contains("vision-deploy-role") && stdout.contains("sqs:DeleteQueue"),
            "{stdout}"
        );
        assert_eq!(output.status.code(), Some(5), "{stdout}");
    }
    let other = infra(root, &["diff", "--stack", "batch"]);
    assert_eq!(text(&other.stdout).trim(), "no changes");
}
