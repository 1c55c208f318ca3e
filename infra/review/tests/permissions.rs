//! Verdicts on permissions against an independent evaluator: is a request allowed by these statements?

#![expect(clippy::unwrap_used, reason = "a helper of tests may panic")]

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::TestRunner;
use review::{PermissionRequest, StackReview, Verdict, review};
use serde_json::{Value, json};

/// Some that are there, and one of each service that is not yet.
const ACTIONS: [&str; 7] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:FoldObject",
    "sqs:SendMessage",
    "sqs:DeleteMessage",
    "sqs:FoldMessage",
];
const ACTION_PATTERNS: [&str; 12] = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:*Object",
    "s3:Get*",
    "S3:getobjec?",
    "s3:*",
    "sqs:SendMessage",
    "sqs:DeleteMessage",
    "sqs:*Message",
    "sqs:*",
    "sqs:?endMessage",
];
const RESOURCES: [&str; 5] = ["a", "b", "ab", "ba", "abc"];
const RESOURCE_PATTERNS: [&str; 10] = ["*", "a", "b", "a*", "*b", "?b", "a?c", "*a*", "ab*", "??"];
const PRINCIPALS: [&str; 3] = ["red.amazonaws.com", "green.amazonaws.com", "other"];
const KEYS: [&str; 2] = ["aws:k", "aws:l"];
const VALUES: [&str; 3] = ["x", "xy", "z"];
const VALUE_PATTERNS: [&str; 5] = ["x", "xy", "z", "x*", "?"];
const OPERATORS: [&str; 6] = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "Null",
];

/// A request as the evaluator sees it.
#[derive(Clone, Debug)]
struct Asked {
    principal: String,
    action: String,
    resource: String,
    context: BTreeMap<String, String>,
}

impl From<&PermissionRequest> for Asked {
    fn from(request: &PermissionRequest) -> Self {
        Self {
            principal: request.principal.clone().unwrap_or_default(),
            action: request.action.clone(),
            resource: request.resource.clone(),
            context: request.context.clone(),
        }
    }
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(b'*'), _) => {
            glob(&pattern[1..], text) || (!text.is_empty() && glob(pattern, &text[1..]))
        }
        (Some(b'?'), Some(_)) => glob(&pattern[1..], &text[1..]),
        (Some(wanted), Some(letter)) => wanted == letter && glob(&pattern[1..], &text[1..]),
        _ => false,
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
}

fn any_glob(patterns: &Value, text: &str) -> bool {
    texts(patterns).any(|pattern| glob(pattern.as_bytes(), text.as_bytes()))
}

fn element(statement: &Value, name: &str, text: &str, lower: bool) -> bool {
    let in_case = |text: &str| {
        if lower {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    };
    let is_any = |patterns: &Value| {
        let text = in_case(text);
        texts(patterns).any(|pattern| glob(in_case(pattern).as_bytes(), text.as_bytes()))
    };
    match statement.get(name) {
        Some(patterns) => is_any(patterns),
        None => !is_any(&statement[format!("Not{name}")]),
    }
}

fn principal(statement: &Value, asking: &str) -> bool {
    let is_among = |named: &Value| match named {
        Value::String(_) => true,
        named => texts(&named["Service"]).any(|one| one == asking),
    };
    match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(named), _) => is_among(named),
        (None, Some(named)) => !is_among(named),
        (None, None) => true,
    }
}

fn condition(operator: &str, values: &Value, found: Option<&String>) -> bool {
    let equal = |found: &String| texts(values).any(|value| value == found);
    match operator {
        "Null" => texts(values).any(|value| (value == "true") == found.is_none()),
        "StringEquals" => found.is_some_and(equal),
        "StringNotEquals" => !found.is_some_and(equal),
        "StringEqualsIfExists" => found.is_none_or(equal),
        "StringLike" => found.is_some_and(|found| any_glob(values, found)),
        "StringNotLike" => !found.is_some_and(|found| any_glob(values, found)),
        other => unreachable!("{other}"),
    }
}

fn holds(statement: &Value, context: &BTreeMap<String, String>) -> bool {
    let conditions = statement["Condition"].as_object().unwrap().iter();
    let mut clauses = conditions.flat_map(|(operator, keys)| {
        (keys.as_object().unwrap().iter()).map(move |(key, values)| (operator, key, values))
    });
    clauses.all(|(operator, key, values)| condition(operator, values, context.get(key)))
}

fn applies(statement: &Value, asked: &Asked) -> bool {
    principal(statement, &asked.principal)
        && element(statement, "Action", &asked.action, true)
        && element(statement, "Resource", &asked.resource, false)
        && holds(statement, &asked.context)
}

fn is_denied(statements: &[Value], asked: &Asked) -> bool {
    (statements.iter()).any(|statement| statement["Effect"] == "Deny" && applies(statement, asked))
}

fn is_allowed(statements: &[Value], asked: &Asked) -> bool {
    !is_denied(statements, asked)
        && (statements.iter())
            .any(|statement| statement["Effect"] == "Allow" && applies(statement, asked))
}

/// The requests of a small world: by principal, action, resource and context.
struct World {
    principals: &'static [&'static str],
    contexts: Vec<BTreeMap<String, String>>,
}

impl World {
    fn of(principals: &'static [&'static str]) -> Self {
        let mut contexts = vec![BTreeMap::new()];
        for key in KEYS {
            for context in contexts.clone() {
                contexts.extend(VALUES.map(|value| {
                    let mut context: BTreeMap<String, String> = context.clone();
                    context.insert(key.to_owned(), value.to_owned());
                    context
                }));
            }
        }
        Self {
            principals,
            contexts,
        }
    }

    fn len(&self) -> usize {
        self.principals.len() * ACTIONS.len() * RESOURCES.len() * self.contexts.len()
    }

    fn request(&self, mut number: usize) -> Asked {
        let mut pick = |count: usize| {
            let picked = number % count;
            number /= count;
            picked
        };
        Asked {
            context: self.contexts[pick(self.contexts.len())].clone(),
            resource: RESOURCES[pick(RESOURCES.len())].to_owned(),
            action: ACTIONS[pick(ACTIONS.len())].to_owned(),
            principal: self.principals[pick(self.principals.len())].to_owned(),
        }
    }

    /// Which requests, by number, statements of an effect are about.
    fn named(&self, statements: &[Value], effect: &str) -> Vec<bool> {
        let mut named = vec![false; self.len()];
        for statement in (statements.iter()).filter(|statement| statement["Effect"] == effect) {
            let [contexts, resources, actions, principals] = self.elements(statement);
            let mut number = 0;
            for principal in &principals {
                for action in &actions {
                    for resource in &resources {
                        for context in &contexts {
                            named[number] |= *principal && *action && *resource && *context;
                            number += 1;
                        }
                    }
                }
            }
        }
        named
    }

    /// Which values of each element a statement is about: they do not depend on each other.
    fn elements(&self, statement: &Value) -> [Vec<bool>; 4] {
        let contexts = self.contexts.iter();
        let resources = RESOURCES.iter();
        let actions = ACTIONS.iter();
        let principals = self.principals.iter();
        [
            contexts.map(|context| holds(statement, context)).collect(),
            resources
                .map(|one| element(statement, "Resource", one, false))
                .collect(),
            actions
                .map(|one| element(statement, "Action", one, true))
                .collect(),
            principals.map(|one| principal(statement, one)).collect(),
        ]
    }
}

/// What is allowed and denied of a world.
struct Decided {
    allowed: Vec<bool>,
    denied: Vec<bool>,
}

impl Decided {
    fn of(statements: &[Value], world: &World) -> Self {
        let denied = world.named(statements, "Deny");
        let mut allowed = world.named(statements, "Allow");
        for (allowed, denied) in allowed.iter_mut().zip(&denied) {
            *allowed &= !denied;
        }
        Self { allowed, denied }
    }
}

fn conditions() -> impl Strategy<Value = Value> {
    let clause = (
        select(&OPERATORS[..]),
        select(&KEYS[..]),
        subsequence(&VALUE_PATTERNS[..], 1..3),
        any::<bool>(),
    );
    let clause = clause.prop_map(|(operator, key, values, truth)| match operator {
        "Null" => (operator, json!({key: [truth.to_string()]})),
        _ => (operator, json!({key: values})),
    });
    let clauses = prop::collection::vec(clause, 0..3);
    (any::<bool>(), clauses).prop_map(|(is_bare, clauses)| {
        let clauses: BTreeMap<_, _> = clauses.into_iter().filter(|_| !is_bare).collect();
        json!(clauses)
    })
}

fn statement(with_principal: bool) -> impl Strategy<Value = Value> {
    let effect = select(vec!["Allow", "Allow", "Deny"]);
    let actions = subsequence(&ACTION_PATTERNS[..], 1..4);
    let resources = subsequence(&RESOURCE_PATTERNS[..], 1..3);
    let negations = prop::collection::vec(prop::bool::weighted(0.08), 3);
    let principal = select(vec![
        json!("*"),
        json!({"Service": ["red.amazonaws.com"]}),
        json!({"Service": ["green.amazonaws.com", "red.amazonaws.com"]}),
    ]);
    let parts = (
        effect,
        actions,
        resources,
        negations,
        principal,
        conditions(),
    );
    parts.prop_map(
        move |(effect, actions, resources, negations, principal, condition)| {
            let name = |negated: bool, name: &str| {
                if negated {
                    format!("Not{name}")
                } else {
                    name.to_owned()
                }
            };
            let mut statement = json!({
                "Effect": effect,
                name(negations[0], "Action"): actions,
                name(negations[1], "Resource"): resources,
                "Condition": condition,
            });
            if with_principal {
                let negated = negations[2] && principal.is_object();
                statement[name(negated, "Principal")] = principal;
            }
            statement
        },
    )
}

/// Two lists of statements that have some in common, as changes do.
fn change(with_principal: bool) -> impl Strategy<Value = [Vec<Value>; 2]> {
    let some = move |count| prop::collection::vec(statement(with_principal), count);
    (some(0..3), some(0..3), some(0..3))
        .prop_map(|(both, old, new)| [[both.clone(), old].concat(), [new, both].concat()])
}

fn role(statements: &[Value]) -> Value {
    let (inline, managed) = statements.split_at(statements.len() / 2);
    json!({"Resources": {
        "Reader": {"Type": "AWS::IAM::Role", "Properties": {
            "Policies": [{"PolicyName": "inline", "PolicyDocument": {"Version": "2012-10-17", "Statement": inline}}],
        }},
        "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {
            "PolicyDocument": {"Version": "2012-10-17", "Statement": managed},
            "Roles": [{"Ref": "Reader"}],
        }},
    }})
}

/// A role whose boundary is in the template, where it has one.
fn bounded_role(statements: &[Value], bound: Option<&Value>) -> Value {
    let mut template = role(statements);
    let Some(bound) = bound else {
        return template;
    };
    let resources = &mut template["Resources"];
    resources["Reader"]["Properties"]["PermissionsBoundary"] = json!({"Ref": "Bound"});
    resources["Bound"] = json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": {
        "PolicyDocument": {"Version": "2012-10-17", "Statement": bound},
    }});
    template
}

fn bucket(statements: &[Value]) -> Value {
    json!({"Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "BucketPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": {
            "Bucket": {"Ref": "Bucket"},
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        }},
    }})
}

/// Whether somebody could be hurt by taking the review at its word.
fn is_safe(review: &StackReview) -> bool {
    !(review.iam.iter())
        .any(|change| matches!(change.verdict, Verdict::Widened | Verdict::NotComparable))
}

/// Whether a request is gained, by its number in the world, or as a witness.
struct Gained<'a> {
    in_world: &'a dyn Fn(usize) -> bool,
    of: &'a dyn Fn(&Asked) -> bool,
}

fn check(review: &StackReview, world: &World, gained: &Gained<'_>) {
    if is_safe(review) {
        let found = (0..world.len()).find(|number| (gained.in_world)(*number));
        let found = found.map(|number| world.request(number));
        assert!(
            found.is_none(),
            "{found:?} is allowed now, but: {:#?}",
            review.iam
        );
    }
    let widened = (review.iam.iter()).filter(|change| change.verdict == Verdict::Widened);
    for change in widened {
        let request = change.witness.request.as_ref().unwrap();
        assert!(
            (gained.of)(&Asked::from(request)),
            "it is not allowed now: {change:#?}"
        );
    }
}

/// Random changes that each of the tests tries.
const CASES: u32 = 2_000;

fn has(review: &StackReview, verdict: Verdict) -> bool {
    review.iam.iter().any(|change| change.verdict == verdict)
}

/// Runs the cases. In `most` of a hundred the review may say that it does not know.
fn run<S: Strategy>(most: usize, changes: &S, check: impl Fn(S::Value) -> StackReview) {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let not_comparable = Cell::new(0);
    let result = runner.run(changes, |change| {
        let review = check(change);
        let is_open = has(&review, Verdict::NotComparable) && !has(&review, Verdict::Widened);
        not_comparable.set(not_comparable.get() + usize::from(is_open));
        Ok(())
    });
    result.unwrap();
    let found = not_comparable.get();
    assert!(
        found * 100 <= most * CASES as usize,
        "{found} of {CASES} cases are not comparable"
    );
}

#[test]
fn verdicts_on_roles_agree_with_the_evaluator() {
    let world = World::of(&[""]);
    run(15, &change(false), |[old, new]| {
        let found = review("", &role(&old), &role(&new));
        let [before, after] = [&old, &new].map(|statements| Decided::of(statements, &world));
        check(
            &found,
            &world,
            &Gained {
                in_world: &|number| after.allowed[number] && !before.allowed[number],
                of: &|asked| is_allowed(&new, asked) && !is_allowed(&old, asked),
            },
        );
        if found.iam.is_empty() || has(&found, Verdict::Equivalent) {
            assert_eq!(before.allowed, after.allowed, "{:#?}", found.iam);
        }
        found
    });
}

/// Beside the policy of a bucket, the policies of its users allow: so what it no longer denies counts, too.
#[test]
fn verdicts_on_resources_agree_with_the_evaluator() {
    let world = World::of(&PRINCIPALS);
    run(5, &change(true), |[old, new]| {
        let found = review("", &bucket(&old), &bucket(&new));
        let [before, after] = [&old, &new].map(|statements| Decided::of(statements, &world));
        check(
            &found,
            &world,
            &Gained {
                in_world: &|number| {
                    (after.allowed[number] && !before.allowed[number])
                        || (before.denied[number] && !after.denied[number])
                },
                of: &|asked| {
                    (is_allowed(&new, asked) && !is_allowed(&old, asked))
                        || (is_denied(&old, asked) && !is_denied(&new, asked))
                },
            },
        );
        found
    });
}

/// A boundary, or none.
fn bound() -> impl Strategy<Value = Option<Vec<Value>>> {
    prop::option::weighted(0.7, prop::collection::vec(statement(false), 1..3))
}

/// A boundary must allow what policies do, and denies what it denies. Where the change leaves it alone it may be larger.
#[test]
fn verdicts_on_bounded_roles_agree_with_the_evaluator() {
    let world = World::of(&[""]);
    let changes = (change(false), bound(), bound(), any::<bool>());
    let changes = changes.prop_map(|(policies, old, new, is_kept)| {
        let new = if is_kept { old.clone() } else { new };
        (policies, [old, new])
    });
    run(35, &changes, |(policies, bounds)| {
        let sides: [_; 2] = std::array::from_fn(|at| (&policies[at], bounds[at].as_deref()));
        let [old, new] = sides
            .map(|(statements, bound)| bounded_role(statements, bound.map(Value::from).as_ref()));
        let found = review("", &old, &new);
        let [before, after] = sides.map(|(statements, bound)| {
            let mut allowed = Decided::of(statements, &world).allowed;
            if let Some(bound) = bound {
                let bounds = Decided::of(bound, &world).allowed;
                (allowed.iter_mut().zip(bounds)).for_each(|(allowed, bound)| *allowed &= bound);
            }
            allowed
        });
        let [was_allowed, is_allowed] = sides.map(|(statements, bound)| {
            move |asked: &Asked| {
                is_allowed(statements, asked) && bound.is_none_or(|bound| is_allowed(bound, asked))
            }
        });
        check(
            &found,
            &world,
            &Gained {
                in_world: &|number| after[number] && !before[number],
                of: &|asked| is_allowed(asked) && !was_allowed(asked),
            },
        );
        if found.iam.is_empty() || has(&found, Verdict::Equivalent) {
            assert_eq!(before, after, "{:#?}", found.iam);
        }
        found
    });
}
