//! From blocks of steps to states.
//!
//! A block is emitted towards where it leads: the next state or the end, and what becomes of its value there. The value goes
//! into the `Assign` or the `Output` of the block's last state; a state of its own is made only where no state can take it.

mod branching;
mod fields;
mod states;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::Location;

use serde_json::{Map, Value, json};

pub(crate) use states::States;

use crate::ir::{Block, Handling, Kind, Step};
use crate::node::{NodeId, Root, VariableId};
use crate::render::{Alias, Renderer, Site};
use crate::store::Store;

/// A state's fields.
type Fields = Map<String, Value>;

/// What becomes of a block's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sink {
    Nothing,
    Variable(VariableId),
    /// The output of the machine, iteration or branch.
    Output,
}

/// Where a block leads: to a state, or to the end.
#[derive(Clone, Debug)]
struct Onward {
    next: Option<String>,
    sink: Sink,
}

/// How a block is entered: by which state, and by which assignments on the way.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    next: String,
    assign: Fields,
}

/// The input of a scope, which its first state reads as `$states.input`.
#[derive(Clone, Copy, Debug)]
struct Input {
    root: Root,
    /// The variable that later states read it by; the execution's input needs none.
    variable: Option<VariableId>,
}

/// Where one step stands.
struct Place<'a> {
    step: &'a Step,
    site: Site,
    /// What the step assigns beside its own result: the input of the scope, when the step is the first.
    binding: Fields,
    /// What goes into the state's own `Assign` or `Output`.
    value: NodeId,
    onward: Onward,
}

/// Emits a machine once.
pub(crate) struct Emitter<'a> {
    store: &'a Store,
    /// What is read anywhere, as far as it is known; only that is assigned.
    known: &'a BTreeSet<VariableId>,
    /// What was read this time.
    read: RefCell<BTreeSet<VariableId>>,
}

/// The states of a machine. What is read is known only when everything was emitted, and what is then assigned may read more:
/// so it is done again until nothing new is found.
pub(crate) fn machine(
    store: &Store,
    body: &Block,
    name: &str,
    at: &'static Location<'static>,
) -> States {
    let input = Input {
        root: Root::Input,
        variable: None,
    };
    let mut known = BTreeSet::new();
    loop {
        let emitter = Emitter {
            store,
            known: &known,
            read: RefCell::default(),
        };
        let states = emitter.scope(body, Some(input), name, at);
        let read = emitter.read.into_inner();
        if read.is_subset(&known) {
            return states;
        }
        known.extend(read);
    }
}

impl Emitter<'_> {
    /// A scope of its own: the machine, a branch, an iteration.
    fn scope(
        &self,
        block: &Block,
        input: Option<Input>,
        name: &str,
        at: &'static Location<'static>,
    ) -> States {
        let mut states = States::default();
        let onward = Onward {
            next: None,
            sink: Sink::Output,
        };
        let Some(first) = block.steps.first() else {
            let site = input.map_or_else(Site::default, first_site);
            let only = format!("{name}: result");
            states.push(&only, at, self.result_state(block.value, &site, at));
            return states;
        };
        let binding = self.binding(input);
        let site = match (&first.kind, input) {
            // The first state of a loop is entered again, with another input.
            (Kind::Repeat(_), _) | (_, None) => Site::default(),
            (_, Some(input)) => first_site(input),
        };
        if !binding.is_empty() && !assigns(&first.kind) {
            let mut bind = state("Pass");
            bind.insert("Assign".to_owned(), Value::Object(binding));
            bind.insert("Next".to_owned(), json!(first.name));
            states.push(&format!("{name}: item"), at, bind);
            self.block(block, site, Fields::new(), &onward, &mut states);
            return states;
        }
        self.block(block, site, binding, &onward, &mut states);
        states
    }

    /// What the first state assigns so that later ones can read the scope's input.
    fn binding(&self, input: Option<Input>) -> Fields {
        let variable = input.and_then(|input| input.variable);
        let read = variable.filter(|variable| self.known.contains(variable));
        let names = read.map(|variable| self.store.variable_name(variable));
        names
            .map(|name| (name, json!("{% $states.input %}")))
            .into_iter()
            .collect()
    }

    /// The states of a block that has steps.
    fn block(
        &self,
        block: &Block,
        first: Site,
        binding: Fields,
        onward: &Onward,
        states: &mut States,
    ) {
        let (mut site, mut binding) = (first, binding);
        let Some((last, before)) = block.steps.split_last() else {
            return;
        };
        let successors = block.steps.iter().skip(1);
        for (step, successor) in before.iter().zip(successors) {
            let place = Place {
                step,
                site: std::mem::take(&mut site),
                binding: std::mem::take(&mut binding),
                value: block.value,
                onward: Onward {
                    next: Some(successor.name.clone()),
                    sink: self.own_sink(step),
                },
            };
            self.step(place, states);
        }
        self.last(block, last, site, binding, onward, states);
    }

    /// The last step takes the block's value along, where it can.
    fn last(
        &self,
        block: &Block,
        step: &Step,
        site: Site,
        binding: Fields,
        onward: &Onward,
        states: &mut States,
    ) {
        let is_own =
            self.store.as_variable(block.value) == Some(step.result) && step.kind.has_result();
        let takes_it = step.kind.is_final() || is_own || step.kind.takes_values();
        let mut place = Place {
            step,
            site,
            binding,
            value: block.value,
            onward: onward.clone(),
        };
        if takes_it || onward.sink == Sink::Nothing {
            self.step(place, states);
            return;
        }
        let after = format!("{}: result", step.name);
        place.onward = Onward {
            next: Some(after.clone()),
            sink: self.own_sink(step),
        };
        self.step(place, states);
        let site = Site::default();
        let mut result = state("Pass");
        self.sink(block.value, onward.sink, &site, step.location, &mut result);
        go(&mut result, onward.next.as_deref());
        states.push(&after, step.location, result);
    }

    /// What becomes of a step's own result.
    fn own_sink(&self, step: &Step) -> Sink {
        if self.known.contains(&step.result) && step.kind.has_result() {
            Sink::Variable(step.result)
        } else {
            Sink::Nothing
        }
    }

    fn step(&self, place: Place<'_>, states: &mut States) {
        match &place.step.kind {
            Kind::Choice { arms, otherwise } => {
                self.choice(&place, arms, otherwise.as_ref(), states);
            }
            Kind::Repeat(repeat) => self.repeat(&place, repeat, states),
            _ => self.plain(place, states),
        }
    }

    /// A step that is one state.
    fn plain(&self, mut place: Place<'_>, states: &mut States) {
        let step = place.step;
        let mut inner = Vec::new();
        let mut body = self.fields(step, &place.site, &mut inner);
        if step.kind.is_final() {
            states.push_with(&step.name, step.location, body, inner);
            return;
        }
        let binding = std::mem::take(&mut place.binding);
        let mut handlers = States::default();
        if let Some(Handling { catch, .. }) = step.kind.handling()
            && !catch.is_empty()
        {
            let numbered = catch.iter().enumerate();
            let catchers = numbered.map(|(number, handler)| {
                self.catcher(&place, handler, number, &binding, &mut handlers)
            });
            body.insert("Catch".to_owned(), catchers.collect());
        }
        let mut assign = binding;
        if let Kind::Assign { variable, value } = step.kind {
            let value = self.at(&place.site, step.location).json(value);
            assign.insert(self.store.variable_name(variable), value);
        }
        body.insert("Assign".to_owned(), Value::Object(assign));
        let Onward { next, sink } = &place.onward;
        let is_own = *sink == Sink::Variable(step.result);
        let value = if is_own {
            self.store.read(step.result)
        } else {
            place.value
        };
        let own = own_result(&step.kind);
        let site = place.site.with(Root::Variable(step.result), own);
        self.sink(value, *sink, &site, step.location, &mut body);
        drop_empty(&mut body, "Assign");
        go(&mut body, next.as_deref());
        states.push_with(&step.name, step.location, body, inner);
        states.append(handlers);
    }

    /// Puts a value where it belongs.
    fn sink(
        &self,
        value: NodeId,
        sink: Sink,
        site: &Site,
        location: &'static Location<'static>,
        body: &mut Fields,
    ) {
        match sink {
            Sink::Nothing => {}
            Sink::Output => {
                let value = self.at(site, location).json(value);
                body.insert("Output".to_owned(), value);
            }
            Sink::Variable(variable) => {
                let value = self.at(site, location).json(value);
                let assign = body.entry("Assign").or_insert_with(|| json!({}));
                if let Value::Object(assign) = assign {
                    assign.insert(self.store.variable_name(variable), value);
                }
            }
        }
    }

    /// A state that does nothing but to have a value.
    fn result_state(&self, value: NodeId, site: &Site, at: &'static Location<'static>) -> Fields {
        let mut body = state("Pass");
        self.sink(value, Sink::Output, site, at, &mut body);
        go(&mut body, None);
        body
    }

    fn at<'b>(&'b self, site: &'b Site, location: &'static Location<'static>) -> Renderer<'b> {
        Renderer {
            store: self.store,
            site,
            read: &self.read,
            location,
        }
    }
}

fn first_site(input: Input) -> Site {
    Site::default().with(input.root, Alias::Code("$states.input".to_owned()))
}

/// Whether a state can assign before anything inside it is run.
fn assigns(kind: &Kind) -> bool {
    !matches!(kind, Kind::Map(_) | Kind::Parallel { .. })
}

/// What a step's result is called in its own `Assign` and `Output`.
fn own_result(kind: &Kind) -> Alias {
    match kind {
        Kind::Pass { value } => Alias::Node(*value),
        Kind::Task(call) => Alias::Code(format!("$states.result{}", call.result)),
        _ => Alias::Code("$states.result".to_owned()),
    }
}

fn state(kind: &str) -> Fields {
    Fields::from_iter([("Type".to_owned(), json!(kind))])
}

fn go(body: &mut Fields, next: Option<&str>) {
    match next {
        Some(next) => body.insert("Next".to_owned(), json!(next)),
        None => body.insert("End".to_owned(), json!(true)),
    };
}

fn drop_empty(body: &mut Fields, field: &str) {
    if body.get(field) == Some(&json!({})) {
        body.remove(field);
    }
}
