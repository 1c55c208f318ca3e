//! Any machine that can be described passes the checker, and does what its description says.
//!
//! A program is run twice: by a few lines of Rust here, and as a machine in a rehearsal. Both must end alike.

use std::cell::Cell;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rehearsal::{Failure, Rehearsal};
use serde_json::{Value, json};
use shared::{Contract, Variants};
use workflow::{Expr, Flow, Function, ItemReader, Machine, invoke};

use crate::support::data;

/// Rounds that a loop may take.
const MOST_ROUNDS: u32 = 3;

#[derive(Clone, Debug)]
enum Step {
    /// Calls a function that adds two known values.
    Add(usize, usize),
    /// Computes in a state of its own.
    Pass(usize),
    Wait,
    /// Assigns a variable once.
    Keep(usize),
    /// Doubles an assigned variable.
    Double(usize),
    /// Goes one way when a known value is above 7, else another.
    Choose(usize, Vec<Self>, Vec<Self>),
    /// Sums what becomes of two known values.
    Map(usize, usize, Vec<Self>),
    Distributed(usize, Vec<Self>),
    Parallel(Vec<Self>, Vec<Self>),
    /// Repeats until so many rounds are over.
    Repeat(u32, Vec<Self>),
    /// Calls a function that fails, and goes on.
    Recover(Vec<Self>),
    /// Fails when a known value is above 50.
    FailAbove(usize),
}

data! {
    struct Pair {
        left: u64,
        right: u64,
    }
    struct Sum {
        total: u64,
    }
}

#[derive(Clone, Copy, Debug, Variants)]
enum Broken {
    Broken,
}

struct Add;

impl Contract for Add {
    const NAME: &'static str = "add";
    type Event = Pair;
    type Response = Sum;
    type Failure = Broken;
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let simple = prop_oneof![
        (0..5_usize, 0..5_usize).prop_map(|(left, right)| Step::Add(left, right)),
        (0..5_usize).prop_map(Step::Pass),
        Just(Step::Wait),
        (0..5_usize).prop_map(Step::Keep),
        (0..5_usize).prop_map(Step::Double),
        (0..5_usize).prop_map(Step::FailAbove),
    ];
    let step = simple.prop_recursive(3, 24, 3, |step| {
        let block = || vec(step.clone(), 0..3);
        let some = || vec(step.clone(), 1..3);
        prop_oneof![
            (0..5_usize, block(), block())
                .prop_map(|(on, then, other)| Step::Choose(on, then, other)),
            (0..5_usize, 0..5_usize, block())
                .prop_map(|(left, right, each)| Step::Map(left, right, each)),
            (0..5_usize, block()).prop_map(|(item, each)| Step::Distributed(item, each)),
            (block(), block()).prop_map(|(left, right)| Step::Parallel(left, right)),
            (1..=MOST_ROUNDS + 1, some()).prop_map(|(rounds, body)| Step::Repeat(rounds, body)),
            block().prop_map(Step::Recover),
        ]
    });
    vec(step, 0..5)
}

/// What a program amounts to; none when it fails. Values are `known` in the order in which they were made.
fn run(steps: &[Step], known: &[u64]) -> Option<u64> {
    let mut known = known.to_vec();
    for step in steps {
        let at = |index: &usize| known[index % known.len()];
        let with = |value: u64| [known.as_slice(), &[value]].concat();
        let value = match step {
            Step::Add(left, right) => at(left) + at(right),
            Step::Pass(index) => at(index) + 1,
            Step::Wait => continue,
            Step::Double(index) => at(index) * 2,
            Step::Choose(on, then, _) if at(on) > 7 => run(then, &known)?,
            Step::Choose(_, _, otherwise) => run(otherwise, &known)?,
            Step::Map(left, right, each) => {
                run(each, &with(at(left)))? + run(each, &with(at(right)))?
            }
            Step::Distributed(item, each) => run(each, &[at(item)])?,
            Step::Parallel(left, right) => run(left, &known)? + run(right, &known)?,
            Step::Repeat(rounds, body) => {
                let mut value = 0;
                for round in 1..=(*rounds).min(MOST_ROUNDS) {
                    value = run(body, &known)? + u64::from(round);
                }
                if *rounds > MOST_ROUNDS {
                    return None;
                }
                value
            }
            Step::Recover(handler) => run(handler, &known)?,
            Step::FailAbove(index) if at(index) > 50 => return None,
            Step::Keep(index) | Step::FailAbove(index) => at(index),
        };
        known.push(value);
    }
    known.last().copied()
}

/// Gives every state a name of its own.
#[derive(Default)]
struct Names(Cell<u32>);

impl Names {
    fn next(&self, what: &str) -> String {
        self.0.set(self.0.get() + 1);
        format!("{what} {}", self.0.get())
    }
}

/// Adds the steps of a program to a flow.
fn describe<'s>(
    flow: &mut Flow<'s, '_>,
    steps: &[Step],
    known: &[Expr<'s, u64>],
    names: &Names,
) -> Expr<'s, u64> {
    let add = Function::<Add>::by_arn("AddFunction", "arn:add");
    let broken = Function::<Add>::by_arn("BrokenFunction", "arn:broken");
    let mut known = known.to_vec();
    for step in steps {
        let all = known.as_slice();
        let at = |index: &usize| all[index % all.len()];
        let value = match step {
            Step::Add(left, right) => {
                let pair = flow.object(PairFields {
                    left: at(left),
                    right: at(right),
                });
                flow.call(&names.next("Add"), &add, pair).total
            }
            Step::Pass(index) => flow.pass(&names.next("Pass"), at(index) + 1),
            Step::Wait => {
                flow.wait(&names.next("Wait"), Duration::from_secs(1));
                continue;
            }
            Step::Keep(index) => flow.variable(&names.next("Keep"), at(index)).get(),
            Step::Double(index) => {
                let double = flow.variable(&names.next("Once"), at(index));
                flow.assign(&names.next("Twice"), &double, double.get() + at(index));
                double.get()
            }
            Step::Choose(on, then, otherwise) => flow
                .choose(&names.next("Choose"))
                .when(at(on).is_above(7), |flow| describe(flow, then, all, names))
                .otherwise(|flow| describe(flow, otherwise, all, names)),
            Step::Map(left, right, each) => {
                let items = flow.list([at(left), at(right)]);
                flow.map(&names.next("Map"), items)
                    .each(|flow, item| {
                        let mut known = all.to_vec();
                        known.push(item);
                        describe(flow, each, &known, names)
                    })
                    .sum()
            }
            Step::Distributed(item, each) => {
                let items = ItemReader::list(flow.list([at(item)]));
                flow.distributed_map(&names.next("Distributed"), items)
                    .each(|flow, item| describe(flow, each, &[item], names))
                    .sum()
            }
            Step::Parallel(left, right) => {
                let (left, right) = flow
                    .parallel(&names.next("Parallel"))
                    .branch(|flow| describe(flow, left, all, names))
                    .branch(|flow| describe(flow, right, all, names))
                    .join();
                left + right
            }
            Step::Repeat(rounds, body) => {
                let count = flow.variable::<u64>(&names.next("Rounds"), 0);
                flow.repeat(&names.next("Repeat"), Duration::from_secs(1), MOST_ROUNDS)
                    .steps(|flow| {
                        let value = describe(flow, body, all, names);
                        flow.assign(&names.next("Count"), &count, count.get() + 1);
                        value + count.get()
                    })
                    .until(|_| count.get().is_at_least(u64::from(*rounds)))
            }
            Step::Recover(handler) => {
                let pair = flow.object(PairFields {
                    left: at(&0),
                    right: at(&0),
                });
                flow.try_run(&names.next("Recover"), invoke(&broken, pair))
                    .catch([Broken::Broken], |flow, error| {
                        let value = describe(flow, handler, all, names);
                        let total = error.error.equals("Broken").then(value, 0);
                        flow.object(SumFields { total })
                    })
                    .value()
                    .total
            }
            Step::FailAbove(index) => flow
                .choose(&names.next("Check"))
                .when(at(index).is_above(50), |flow| {
                    flow.fail(&names.next("Fail"), "TooMuch", "more than 50")
                })
                .otherwise(|_| at(index)),
        };
        known.push(value);
    }
    known.last().copied().unwrap_or_else(|| flow.value(0))
}

fn machine(steps: &[Step]) -> Machine<Sum, Sum> {
    Machine::<Sum, _>::new("Program", |flow, input| {
        let total = describe(flow, steps, &[input.total], &Names::default());
        flow.object(SumFields { total })
    })
}

/// Definitions of so many random machines.
pub(crate) fn definitions(count: usize) -> Vec<Value> {
    let (programs, mut runner) = (steps(), TestRunner::default());
    let one = || {
        let program = programs
            .new_tree(&mut runner)
            .expect("nothing is filtered out");
        machine(&program.current()).definition()
    };
    std::iter::repeat_with(one).take(count).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_machine_does_what_its_description_says(steps in steps(), start in 0..20_u64) {
        let machine = machine(&steps);
        let problems = machine.problems();
        prop_assert!(problems.is_empty(), "{problems:#?}");
        let definition = machine.definition();
        let calls = |function: &str| machine.substitutions().contains_key(function);
        let mut rehearsal = Rehearsal::of(&definition).input(json!({ "total": start }));
        if calls("AddFunction") {
            rehearsal = rehearsal.function("${AddFunction}", async |pair: Pair| {
                Ok::<_, Failure>(Sum { total: pair.left + pair.right })
            });
        }
        if calls("BrokenFunction") {
            rehearsal = rehearsal.function("${BrokenFunction}", async |_: Pair| {
                Err::<Sum, _>(Failure::new("Broken", "as always"))
            });
        }
        let outcome = rehearsal.run();
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let expected = run(&steps, &[start]);
        let told = format!("{:?}\n{:#}", outcome.status(), definition);
        let sum = outcome.output().map(|output| output["total"].as_f64());
        prop_assert_eq!(sum, expected.map(|sum| Some(f64::from(u32::try_from(sum).expect("small")))), "{}", told);
    }
}
