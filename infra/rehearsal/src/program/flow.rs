//! How data goes into a state and out of it.

use asl::definition::QueryLanguage;
use serde_json::{Map, Value, json};

use super::Template;
use super::fields::Fields;
use super::template::nothing_at;
use crate::failure::{Failure, name};
use crate::query::{Path, Place, View};

/// The fields of a state that shape its data.
#[derive(Debug)]
pub(crate) enum Flow {
    Jsonata(Box<Jsonata>),
    JsonPath(Box<JsonPath>),
}

/// `Arguments`, `Output` and `Assign`.
#[derive(Debug)]
pub(crate) struct Jsonata {
    arguments: Option<Template>,
    output: Option<Template>,
    assign: Option<Template>,
}

/// `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath` and `Assign`.
#[derive(Debug)]
pub(crate) struct JsonPath {
    input: Selection,
    parameters: Option<Template>,
    selector: Option<Template>,
    place: Place,
    output: Selection,
    assign: Option<Template>,
}

/// `InputPath` and `OutputPath`.
#[derive(Debug)]
enum Selection {
    All,
    /// `null`: an empty object.
    Nothing,
    Path(Path),
}

/// What a state leaves behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) output: Value,
    /// The variables that get new values.
    pub(crate) assign: Map<String, Value>,
}

impl Flow {
    pub(super) fn compile(fields: &Fields<'_>) -> Self {
        match fields.language {
            QueryLanguage::Jsonata => Self::Jsonata(Box::new(Jsonata {
                arguments: fields.template("Arguments", name::QUERY),
                output: fields.template("Output", name::QUERY),
                assign: fields.template("Assign", name::QUERY),
            })),
            QueryLanguage::JsonPath => Self::JsonPath(Box::new(JsonPath {
                input: Selection::compile(fields, "InputPath"),
                parameters: fields.template("Parameters", name::PARAMETER_PATH),
                selector: fields.template("ResultSelector", name::RUNTIME),
                place: place(fields),
                output: Selection::compile(fields, "OutputPath"),
                assign: fields.template("Assign", name::RUNTIME),
            })),
        }
    }

    /// Of a rule of a `Choice`: in JSONata it has its own `Output`; in `JSONPath`, the paths of the state hold.
    pub(super) fn of_rule(state: &Fields<'_>, rule: &Fields<'_>) -> Self {
        if rule.language == QueryLanguage::Jsonata {
            return Self::compile(rule);
        }
        Self::JsonPath(Box::new(JsonPath {
            input: Selection::compile(state, "InputPath"),
            parameters: None,
            selector: None,
            place: Place::Field(Vec::new()),
            output: Selection::compile(state, "OutputPath"),
            assign: rule.template("Assign", name::RUNTIME),
        }))
    }

    /// The input after `InputPath`.
    ///
    /// # Errors
    /// The path leads nowhere.
    pub(crate) fn effective_input(&self, view: &View<'_>) -> Result<Value, Failure> {
        match self {
            Self::Jsonata(_) => Ok(view.input.clone()),
            Self::JsonPath(flow) => flow.input.select(view),
        }
    }

    /// What goes to the task or into the branches.
    ///
    /// # Errors
    /// An expression fails, a path leads nowhere.
    pub(crate) fn arguments(&self, view: &View<'_>) -> Result<Value, Failure> {
        let (input, template) = match self {
            Self::Jsonata(flow) => (view.input.clone(), &flow.arguments),
            Self::JsonPath(flow) => (flow.input.select(view)?, &flow.parameters),
        };
        match template {
            Some(template) => template.evaluate(&View {
                input: &input,
                ..*view
            }),
            None => Ok(input),
        }
    }

    /// What comes of a result, or of the input alone where the state has no result.
    ///
    /// # Errors
    /// An expression fails, a path leads nowhere.
    pub(crate) fn finish(&self, view: &View<'_>, result: Option<Value>) -> Result<Done, Failure> {
        match self {
            Self::Jsonata(flow) => flow.finish(view, result),
            Self::JsonPath(flow) => flow.finish(view, result),
        }
    }

    /// What a `Pass` leaves: in `JSONPath` its `Result` or `Parameters` are a result, in JSONata there is none.
    ///
    /// # Errors
    /// An expression fails, a path leads nowhere.
    pub(crate) fn pass(&self, view: &View<'_>, result: Option<&Value>) -> Result<Done, Failure> {
        let result = match (self, result) {
            (Self::Jsonata(_), _) => None,
            (Self::JsonPath(_), Some(result)) => Some(result.clone()),
            (Self::JsonPath(_), None) => Some(self.arguments(view)?),
        };
        self.finish(view, result)
    }

    /// The arguments as they stand in the definition.
    pub(crate) fn arguments_template(&self) -> Option<&Template> {
        match self {
            Self::Jsonata(flow) => flow.arguments.as_ref(),
            Self::JsonPath(flow) => flow.parameters.as_ref(),
        }
    }
}

impl Jsonata {
    /// `Output` and `Assign` see the same, so `Output` reads the old values of variables.
    fn finish(&self, view: &View<'_>, result: Option<Value>) -> Result<Done, Failure> {
        let seen = View {
            result: result.as_ref(),
            ..*view
        };
        let assign = assigned(self.assign.as_ref(), &seen)?;
        let output = match &self.output {
            Some(template) => template.evaluate(&seen)?,
            None => result.unwrap_or_else(|| view.input.clone()),
        };
        Ok(Done { output, assign })
    }
}

impl JsonPath {
    /// In `Assign` and `ResultSelector`, `$` is the result as it came.
    fn finish(&self, view: &View<'_>, result: Option<Value>) -> Result<Done, Failure> {
        let Some(result) = result else {
            let input = self.input.select(view)?;
            let seen = View {
                input: &input,
                ..*view
            };
            let assign = assigned(self.assign.as_ref(), &seen)?;
            let output = self.output.select(&seen)?;
            return Ok(Done { output, assign });
        };
        let seen = View {
            input: &result,
            ..*view
        };
        let assign = assigned(self.assign.as_ref(), &seen)?;
        let selected = match &self.selector {
            Some(selector) => selector.evaluate(&seen)?,
            None => result,
        };
        let placed = self.place.put(selected, view.input.clone())?;
        let output = self.output.select(&View {
            input: &placed,
            ..*view
        })?;
        Ok(Done { output, assign })
    }
}

impl Selection {
    fn compile(fields: &Fields<'_>, field: &str) -> Self {
        match fields.body.get(field) {
            None => Self::All,
            Some(Value::Null) => Self::Nothing,
            Some(_) => fields.path(field).map_or(Self::All, Self::Path),
        }
    }

    fn select(&self, view: &View<'_>) -> Result<Value, Failure> {
        match self {
            Self::All => Ok(view.input.clone()),
            Self::Nothing => Ok(json!({})),
            Self::Path(path) => path
                .find(view)
                .ok_or_else(|| nothing_at(path, name::RUNTIME)),
        }
    }
}

/// What a catcher makes of an error.
#[derive(Debug)]
pub(crate) enum Rescue {
    Jsonata {
        output: Option<Template>,
        assign: Option<Template>,
    },
    JsonPath {
        place: Place,
        assign: Option<Template>,
    },
}

impl Rescue {
    pub(super) fn compile(fields: &Fields<'_>) -> Self {
        let assign = fields.template("Assign", name::RUNTIME);
        match fields.language {
            QueryLanguage::Jsonata => Self::Jsonata {
                output: fields.template("Output", name::QUERY),
                assign,
            },
            QueryLanguage::JsonPath => Self::JsonPath {
                place: place(fields),
                assign,
            },
        }
    }

    /// The output that goes to the catcher's next state.
    ///
    /// # Errors
    /// An expression fails, a path leads nowhere.
    pub(crate) fn finish(&self, view: &View<'_>, error: &Value) -> Result<Done, Failure> {
        match self {
            Self::Jsonata { output, assign } => {
                let seen = View {
                    error: Some(error),
                    ..*view
                };
                Ok(Done {
                    assign: assigned(assign.as_ref(), &seen)?,
                    output: match output {
                        Some(template) => template.evaluate(&seen)?,
                        None => error.clone(),
                    },
                })
            }
            Self::JsonPath { place, assign } => Ok(Done {
                assign: assigned(
                    assign.as_ref(),
                    &View {
                        input: error,
                        ..*view
                    },
                )?,
                output: place.put(error.clone(), view.input.clone())?,
            }),
        }
    }
}

fn place(fields: &Fields<'_>) -> Place {
    let place = fields.body.get("ResultPath").map(Place::parse);
    let place = place.and_then(|place| fields.accept("ResultPath", place));
    place.unwrap_or(Place::Field(Vec::new()))
}

fn assigned(template: Option<&Template>, view: &View<'_>) -> Result<Map<String, Value>, Failure> {
    let Some(template) = template else {
        return Ok(Map::new());
    };
    template.evaluate_as(view, "an object of variables", |value| {
        value.as_object().cloned()
    })
}
