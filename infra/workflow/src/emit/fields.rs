//! The fields of single states.

use serde_json::{Value, json};

use super::states::Named;
use super::{Emitter, Fields, Input, state};
use crate::error_name::RetryRule;
use crate::ir::{Block, Call, Handling, Kind, MapStep, Source, Step};
use crate::node::Root;
use crate::render::Site;

impl Emitter<'_> {
    /// A state's fields but for what it leads to; the names of the states inside are added to `inner`.
    pub(super) fn fields(&self, step: &Step, site: &Site, inner: &mut Vec<Named>) -> Fields {
        let renderer = self.at(site, step.location);
        match &step.kind {
            Kind::Task(call) => self.task(step, call, site),
            Kind::Wait { field, value } => {
                let mut body = started(step, "Wait");
                body.insert((*field).to_owned(), renderer.json(*value));
                body
            }
            Kind::Succeed { output } => {
                let mut body = started(step, "Succeed");
                body.insert("Output".to_owned(), renderer.json(*output));
                body
            }
            Kind::Fail { error, cause } => {
                let mut body = started(step, "Fail");
                body.insert("Error".to_owned(), renderer.json(*error));
                body.insert("Cause".to_owned(), renderer.json(*cause));
                body
            }
            Kind::Parallel { branches, handling } => {
                let mut body = started(step, "Parallel");
                let branches = branches.iter().enumerate().map(|(number, branch)| {
                    let name = format!("{}: branch {}", step.name, number + 1);
                    Value::Object(self.inner_states(branch, None, &name, step, inner))
                });
                body.insert("Branches".to_owned(), branches.collect());
                retry(&mut body, handling);
                body
            }
            Kind::Map(map) => self.map(step, map, site, inner),
            _ => started(step, "Pass"),
        }
    }

    fn task(&self, step: &Step, call: &Call, site: &Site) -> Fields {
        let mut body = started(step, "Task");
        let resource = self.store.integration(&call.resource);
        body.insert("Resource".to_owned(), json!(resource));
        let arguments = self.at(site, step.location).json(call.arguments);
        body.insert("Arguments".to_owned(), arguments);
        let spans = [
            ("TimeoutSeconds", call.timeout),
            ("HeartbeatSeconds", call.heartbeat),
        ];
        for (field, span) in spans {
            if let Some(span) = span {
                body.insert(field.to_owned(), json!(span.as_secs()));
            }
        }
        retry(&mut body, &call.handling);
        body
    }

    fn map(&self, step: &Step, map: &MapStep, site: &Site, inner: &mut Vec<Named>) -> Fields {
        let renderer = self.at(site, step.location);
        let mut body = started(step, "Map");
        match &map.source {
            Source::Items(items) => {
                body.insert("Items".to_owned(), renderer.json(*items));
            }
            Source::Reader {
                resource,
                configuration,
                arguments,
            } => {
                let mut reader = Fields::new();
                reader.insert(
                    "Resource".to_owned(),
                    json!(self.store.integration(resource)),
                );
                if !configuration.is_empty() {
                    reader.insert("ReaderConfig".to_owned(), json!(configuration));
                }
                reader.insert("Arguments".to_owned(), renderer.json(*arguments));
                body.insert("ItemReader".to_owned(), Value::Object(reader));
            }
        }
        if let Some(selector) = map.selector {
            body.insert("ItemSelector".to_owned(), renderer.json(selector));
        }
        for (field, value) in &map.computed {
            body.insert((*field).to_owned(), renderer.json(*value));
        }
        body.extend(map.settings.clone());
        let input = Input {
            root: Root::Variable(map.item),
            variable: Some(map.item),
        };
        let mut processor = Fields::new();
        processor.insert("ProcessorConfig".to_owned(), json!(map.processor));
        processor.extend(self.inner_states(&map.body, Some(input), &step.name, step, inner));
        body.insert("ItemProcessor".to_owned(), Value::Object(processor));
        retry(&mut body, &map.handling);
        body
    }

    fn inner_states(
        &self,
        block: &Block,
        input: Option<Input>,
        name: &str,
        step: &Step,
        inner: &mut Vec<Named>,
    ) -> Fields {
        let states = self.scope(block, input, name, step.location);
        inner.extend(states.names());
        states.into_fields()
    }
}

/// Type and comment.
pub(super) fn started(step: &Step, kind: &str) -> Fields {
    let mut body = state(kind);
    if let Some(comment) = &step.comment {
        body.insert("Comment".to_owned(), json!(comment));
    }
    body
}

fn retry(body: &mut Fields, handling: &Handling) {
    if !handling.retry.is_empty() {
        let rules = handling.retry.iter().map(RetryRule::to_json);
        body.insert("Retry".to_owned(), rules.collect());
    }
}
