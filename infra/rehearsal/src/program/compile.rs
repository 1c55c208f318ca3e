//! From a definition to a program.

use std::time::Duration;

use asl::definition::{self, Definition, QueryLanguage, States, Transition};
use serde_json::Value;

use super::fields::{Fields, Refusals};
use super::{
    Catcher, Flow, Group, Kind, Map, Program, Rescue, Retrier, Rule, State, Task, Test, Wait,
};
use crate::error::Refusal;

/// Fields of every state, and those that only tell something.
const COMMON: &[&str] = &["Type", "Comment", "QueryLanguage"];
const ONWARD: &[&str] = &["Next", "End"];
const HANDLERS: &[&str] = &["Retry", "Catch"];
const TIMES: &[&str] = &["TimeoutSeconds", "HeartbeatSeconds"];
const TIME_PATHS: &[&str] = &["TimeoutSecondsPath", "HeartbeatSecondsPath"];
const INPUT_OUTPUT: &[&str] = &["InputPath", "OutputPath"];
const RESULT: &[&str] = &["ResultSelector", "ResultPath"];
const MAP: &[&str] = &[
    "ItemProcessor",
    "Iterator",
    "ItemSelector",
    "MaxConcurrency",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
    "Label",
];
const MAP_PATHS: &[&str] = &[
    "ItemsPath",
    "MaxConcurrencyPath",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath",
];

/// The fields that are rehearsed, by type of state.
fn known(kind: &str, language: QueryLanguage) -> Vec<&'static [&'static str]> {
    let jsonata = language == QueryLanguage::Jsonata;
    let mut known: Vec<&[&str]> = vec![COMMON];
    known.push(if jsonata {
        &["Output", "Assign"]
    } else {
        INPUT_OUTPUT
    });
    known.extend::<&[&[&str]]>(match (kind, jsonata) {
        ("Pass", true) => &[ONWARD],
        ("Pass", false) => &[ONWARD, &["Result", "Parameters", "ResultPath", "Assign"]],
        ("Task", true) => &[ONWARD, HANDLERS, TIMES, &["Resource", "Arguments"]],
        ("Task", false) => &[
            ONWARD,
            HANDLERS,
            TIMES,
            TIME_PATHS,
            RESULT,
            &["Resource", "Parameters", "Assign"],
        ],
        ("Choice", true) => &[&["Choices", "Default"]],
        ("Choice", false) => &[&["Choices", "Default", "Assign"]],
        ("Wait", true) => &[ONWARD, &["Seconds", "Timestamp"]],
        ("Wait", false) => &[
            ONWARD,
            &[
                "Seconds",
                "SecondsPath",
                "Timestamp",
                "TimestampPath",
                "Assign",
            ],
        ],
        ("Fail", true) => &[&["Error", "Cause"]],
        ("Fail", false) => &[&["Error", "ErrorPath", "Cause", "CausePath"]],
        ("Parallel", true) => &[ONWARD, HANDLERS, &["Branches", "Arguments"]],
        ("Parallel", false) => &[
            ONWARD,
            HANDLERS,
            RESULT,
            &["Branches", "Parameters", "Assign"],
        ],
        ("Map", true) => &[ONWARD, HANDLERS, MAP, &["Items"]],
        ("Map", false) => &[
            ONWARD,
            HANDLERS,
            RESULT,
            MAP,
            MAP_PATHS,
            &["Parameters", "Assign"],
        ],
        _ => &[],
    });
    known
}

/// The program, as far as it can be made, and all that was refused.
pub(super) fn program(definition: &Definition<'_>) -> (Option<Program>, Vec<Refusal>) {
    let refusals = Refusals::default();
    let program = group(&definition.states, &refusals).map(|states| Program {
        states,
        timeout: definition.timeout_seconds().map(Duration::from_secs),
    });
    (program, refusals.into_inner())
}

fn group(states: &States<'_>, refusals: &Refusals) -> Option<Group> {
    let start = index(states, states.start_at);
    if start.is_none() {
        let refusal = Refusal::new(
            &states.pointer.member("StartAt"),
            "it names none of the states beside it",
        );
        refusals.borrow_mut().push(refusal);
    }
    let compiled = states.all.iter();
    let compiled = all(compiled.map(|state| Compiler::of(state, states, refusals).state()));
    Some(Group {
        start: start?,
        states: compiled?,
    })
}

/// All or none, when all have been looked at.
fn all<T>(items: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let items: Vec<Option<T>> = items.collect();
    items.into_iter().collect()
}

/// Something that was refused already.
struct Refused;

fn index(states: &States<'_>, name: Option<&str>) -> Option<usize> {
    states.all.iter().position(|state| Some(state.name) == name)
}

struct Compiler<'a> {
    state: &'a definition::State<'a>,
    siblings: &'a States<'a>,
    fields: Fields<'a>,
}

impl<'a> Compiler<'a> {
    fn of(
        state: &'a definition::State<'a>,
        siblings: &'a States<'a>,
        refusals: &'a Refusals,
    ) -> Self {
        let fields = Fields {
            body: state.body,
            pointer: state.pointer.clone(),
            language: state.language,
            refusals,
        };
        Self {
            state,
            siblings,
            fields,
        }
    }

    fn state(&self) -> Option<State> {
        let state = self.state;
        self.fields.only(&known(state.kind.name(), state.language));
        let flow = Flow::compile(&self.fields);
        // Every part is looked at before one that is missing ends it, so that all that is wrong is told together.
        let next = self.next();
        let kind = self.kind(&flow);
        let catch = all(state.catch.iter().map(|catcher| self.catcher(catcher)));
        Some(State {
            name: state.name.to_owned(),
            pointer: state.pointer.clone(),
            kind: kind?,
            flow,
            next: next.ok()?,
            retry: state.retry.iter().map(retrier).collect(),
            catch: catch?,
        })
    }

    /// The state after this one, if it is not the last.
    fn next(&self) -> Result<Option<usize>, Refused> {
        use definition::Kind as K;
        match self.state.transition {
            Transition::Next(name) => {
                let target = self.target(&self.fields, "Next", Some(name));
                target.map(Some).ok_or(Refused)
            }
            Transition::End => Ok(None),
            Transition::None => match self.state.kind {
                K::Choice { .. } | K::Succeed | K::Fail | K::Unknown(_) => Ok(None),
                _ => {
                    let reason = "the state has neither `Next` nor `\"End\": true`";
                    self.fields.refuse("Next", reason);
                    Err(Refused)
                }
            },
        }
    }

    /// The state of this name, beside this one.
    fn target(&self, fields: &Fields<'_>, field: &str, name: Option<&str>) -> Option<usize> {
        let found = index(self.siblings, name);
        if found.is_none() {
            let name = name.unwrap_or_default();
            fields.refuse(field, format!("there is no state `{name}` beside this one"));
        }
        found
    }

    fn kind(&self, flow: &Flow) -> Option<Kind> {
        let fields = &self.fields;
        Some(match &self.state.kind {
            definition::Kind::Pass => Kind::Pass(fields.body.get("Result").cloned()),
            definition::Kind::Task(integration) => {
                Kind::Task(Task::compile(*integration, fields, flow))
            }
            definition::Kind::Choice { rules, default } => Kind::Choice {
                rules: all(rules.iter().map(|rule| self.rule(rule)))?,
                default: match default {
                    Some(name) => Some(self.target(fields, "Default", Some(name))?),
                    None => None,
                },
            },
            definition::Kind::Wait => Kind::Wait(self.wait()?),
            definition::Kind::Succeed => Kind::Succeed,
            definition::Kind::Fail => Kind::Fail {
                error: fields.scalar("Error"),
                cause: fields.scalar("Cause"),
            },
            definition::Kind::Parallel(branches) => {
                let branches = branches.iter();
                Kind::Parallel(all(branches.map(|branch| group(branch, fields.refusals)))?)
            }
            definition::Kind::Map(map) => {
                let Some(processor) = &map.processor else {
                    fields.refuse("ItemProcessor", "the map has no states to go through");
                    return None;
                };
                let processor = group(processor, fields.refusals)?;
                Kind::Map(Box::new(Map::compile(processor, map.mode, fields)))
            }
            definition::Kind::Unknown(name) => {
                let name = name.unwrap_or_default();
                fields.refuse("Type", format!("there is no type of state `{name}`"));
                return None;
            }
        })
    }

    fn wait(&self) -> Option<Wait> {
        let fields = &self.fields;
        let wait = fields.scalar("Seconds").map(Wait::Seconds);
        let wait = wait.or_else(|| fields.scalar("Timestamp").map(Wait::Until));
        if wait.is_none() {
            fields.refuse("Seconds", "the state does not say how long it waits");
        }
        wait
    }

    fn inner<'b>(
        &self,
        body: &'b serde_json::Map<String, Value>,
        pointer: &asl::Pointer,
    ) -> Fields<'b>
    where
        'a: 'b,
    {
        Fields {
            body,
            pointer: pointer.clone(),
            language: self.fields.language,
            refusals: self.fields.refusals,
        }
    }

    fn rule(&self, rule: &definition::ChoiceRule<'_>) -> Option<Rule> {
        let fields = self.inner(rule.body, &rule.pointer);
        Some(Rule {
            next: self.target(&fields, "Next", rule.next)?,
            test: Test::compile(&fields)?,
            flow: Flow::of_rule(&self.fields, &fields),
        })
    }

    fn catcher(&self, catcher: &definition::Catcher<'_>) -> Option<Catcher> {
        let fields = self.inner(catcher.body, &catcher.pointer);
        fields.only(&[&[
            "ErrorEquals",
            "Next",
            "Comment",
            "Assign",
            "Output",
            "ResultPath",
        ]]);
        Some(Catcher {
            errors: catcher
                .errors
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            next: self.target(&fields, "Next", catcher.next)?,
            rescue: Rescue::compile(&fields),
        })
    }
}

fn retrier(retrier: &definition::Retrier<'_>) -> Retrier {
    Retrier {
        errors: retrier
            .errors
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
        interval: retrier.interval_seconds(),
        attempts: retrier.max_attempts(),
        rate: retrier.backoff_rate(),
        longest: retrier.max_delay_seconds(),
        jitter: retrier.body.get("JitterStrategy") == Some(&Value::from("FULL")),
    }
}
