//! Steps that are several states: choices, loops, handlers of errors.

use serde_json::{Value, json};

use super::fields::started;
use super::{Emitter, Entry, Fields, Onward, Place, States, go, state};
use crate::ir::{Arm, Block, Handler, Repeat};
use crate::node::{Node, NodeId, Root, operator};
use crate::render::{Alias, Site};

/// A way of a choice, emitted.
struct Way {
    condition: NodeId,
    entry: Entry,
    states: States,
}

impl Emitter<'_> {
    pub(super) fn choice(
        &self,
        place: &Place<'_>,
        arms: &[Arm],
        otherwise: Option<&Block>,
        states: &mut States,
    ) {
        let step = place.step;
        let mut ways: Vec<Way> = Vec::new();
        for (number, arm) in arms.iter().enumerate() {
            let hint = format!("{}: way {}", step.name, number + 1);
            let mut inner = States::default();
            let entry = self.enter(place, &arm.block, &hint, &place.site, &mut inner);
            let condition = arm.condition;
            let same = ways
                .iter_mut()
                .find(|way| way.entry == entry && !inner.is_empty() && way.states.equal(&inner));
            match same {
                Some(way) => way.condition = self.either(way.condition, condition),
                None => ways.push(Way {
                    condition,
                    entry,
                    states: inner,
                }),
            }
        }
        let renderer = self.at(&place.site, step.location);
        let rule = |way: &Way| {
            let mut rule = Fields::new();
            rule.insert("Condition".to_owned(), json!(renderer.code(way.condition)));
            assign(&mut rule, &place.binding, &way.entry.assign);
            rule.insert("Next".to_owned(), json!(way.entry.next));
            Value::Object(rule)
        };
        let mut body = started(step, "Choice");
        body.insert("Choices".to_owned(), ways.iter().map(rule).collect());
        let mut last = States::default();
        if let Some(otherwise) = otherwise {
            let hint = format!("{}: otherwise", step.name);
            let entry = self.enter(place, otherwise, &hint, &place.site, &mut last);
            assign(&mut body, &place.binding, &entry.assign);
            body.insert("Default".to_owned(), json!(entry.next));
        }
        states.push(&step.name, step.location, body);
        for way in ways {
            states.append(way.states);
        }
        states.append(last);
    }

    fn either(&self, left: NodeId, right: NodeId) -> NodeId {
        let operator = &operator::OR;
        self.store.add(Node::Binary {
            left,
            operator,
            right,
        })
    }

    /// How a block is entered from a rule or a catcher. One without steps is no state: its value is assigned on the way, or
    /// is the output of a state that ends.
    fn enter(
        &self,
        place: &Place<'_>,
        block: &Block,
        hint: &str,
        site: &Site,
        states: &mut States,
    ) -> Entry {
        let onward = &place.onward;
        if let Some(first) = block.steps.first() {
            self.block(block, Site::default(), Fields::new(), onward, states);
            return Entry {
                next: first.name.clone(),
                assign: Fields::new(),
            };
        }
        let location = place.step.location;
        if let Some(next) = &onward.next {
            let mut body = Fields::new();
            self.sink(block.value, onward.sink, site, location, &mut body);
            let assign = match body.remove("Assign") {
                Some(Value::Object(assign)) => assign,
                _ => Fields::new(),
            };
            return Entry {
                next: next.clone(),
                assign,
            };
        }
        let mut result = state("Pass");
        self.sink(
            block.value,
            onward.sink,
            &Site::default(),
            location,
            &mut result,
        );
        go(&mut result, None);
        states.push(hint, location, result);
        Entry {
            next: hint.to_owned(),
            assign: Fields::new(),
        }
    }

    /// A catcher, and the states of its handler.
    pub(super) fn catcher(
        &self,
        place: &Place<'_>,
        handler: &Handler,
        number: usize,
        binding: &Fields,
        states: &mut States,
    ) -> Value {
        let error = Root::Variable(handler.error);
        let site = place
            .site
            .with(error, Alias::Code("$states.errorOutput".to_owned()));
        let hint = format!("{}: caught {}", place.step.name, number + 1);
        let entry = self.enter(place, &handler.block, &hint, &site, states);
        let mut own = binding.clone();
        if self.known.contains(&handler.error) {
            let name = self.store.variable_name(handler.error);
            own.insert(name, json!("{% $states.errorOutput %}"));
        }
        let mut catcher = Fields::new();
        catcher.insert("ErrorEquals".to_owned(), json!(handler.errors));
        assign(&mut catcher, &own, &entry.assign);
        catcher.insert("Next".to_owned(), json!(entry.next));
        Value::Object(catcher)
    }

    /// A loop: a counter, the steps, a choice, a pause, and a failure when the rounds are used up.
    pub(super) fn repeat(&self, place: &Place<'_>, repeat: &Repeat, states: &mut States) {
        let step = place.step;
        let Some(first) = repeat.body.steps.first() else {
            return;
        };
        let own = |suffix: &str| format!("{}: {suffix}", step.name);
        let (check, pause, give_up) = (own("done?"), own("pause"), own("give up"));
        let counter = self.store.variable_name(repeat.counter);
        let mut begin = started(step, "Pass");
        let mut first_round = Fields::new();
        first_round.insert(counter.clone(), json!(1));
        assign(&mut begin, &place.binding, &first_round);
        go(&mut begin, Some(&first.name));
        states.push(&step.name, step.location, begin);

        let round = Onward {
            next: Some(check.clone()),
            sink: self.own_sink(step),
        };
        self.block(&repeat.body, Site::default(), Fields::new(), &round, states);

        let site = Site::default();
        let mut exits = States::default();
        let exit = Block {
            steps: Vec::new(),
            value: self.store.read(step.result),
        };
        let exit = self.enter(place, &exit, &own("result"), &site, &mut exits);
        let mut done = Fields::new();
        let until = self.at(&site, step.location).code(repeat.until);
        done.insert("Condition".to_owned(), json!(until));
        assign(
            &mut done,
            &Fields::new(),
            &self.without_copy(step.result, exit.assign),
        );
        done.insert("Next".to_owned(), json!(exit.next));
        let most = repeat.at_most;
        let exhausted = json!({
            "Condition": format!("{{% ${counter} >= {most} %}}"),
            "Next": give_up,
        });
        let mut choice = state("Choice");
        choice.insert("Choices".to_owned(), json!([done, exhausted]));
        choice.insert("Default".to_owned(), json!(pause));
        states.push(&check, step.location, choice);

        let mut wait = state("Wait");
        wait.insert("Seconds".to_owned(), json!(repeat.pause.as_secs()));
        let mut next_round = Fields::new();
        next_round.insert(counter.clone(), json!(format!("{{% ${counter} + 1 %}}")));
        assign(&mut wait, &Fields::new(), &next_round);
        go(&mut wait, Some(&first.name));
        states.push(&pause, step.location, wait);

        let mut fail = state("Fail");
        fail.insert(
            "Error".to_owned(),
            json!(format!("{}.Exhausted", step.name)),
        );
        let rounds = if most == 1 { "round" } else { "rounds" };
        let cause = format!("the condition did not hold after {most} {rounds}");
        fail.insert("Cause".to_owned(), json!(cause));
        states.push(&give_up, step.location, fail);
        states.append(exits);
    }

    /// Assignments but the one of a variable to itself.
    fn without_copy(&self, variable: crate::node::VariableId, mut assign: Fields) -> Fields {
        let name = self.store.variable_name(variable);
        if assign.get(&name) == Some(&json!(format!("{{% ${name} %}}"))) {
            assign.remove(&name);
        }
        assign
    }
}

/// Adds assignments, if there are any.
fn assign(body: &mut Fields, first: &Fields, second: &Fields) {
    let all = first.iter().chain(second);
    let all: Fields = all
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !all.is_empty() {
        body.insert("Assign".to_owned(), Value::Object(all));
    }
}
