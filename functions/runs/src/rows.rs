//! The rows of a request: its table under other names, without what an earlier run added, and once for each prompt.

use std::sync::Arc;

use shared::batch::PROMPT_ID;
use shared::batch::model_id::ModelId;
use shared::batch::prompt::{Routes, Templates};
use shared::batch::request::{Prompt, RequestError, Run, RunRequest, Surroundings};
use shared::contracts::batch::{RunFailure, RunPolicy};
use tables::chunks::RESULT_COLUMNS;
use tables::input::{Batches, Limits, Routing};
use tables::{Fields, TableError};

use crate::bodies::Bodies;
use crate::error::{RunError, StoreError, TableFailure};
use crate::images::{AT_ONCE, Images};
use crate::json::read_bytes;
use crate::store::Bucket;
use crate::table::{Inputs, Table, count};

/// What requests are held against, and where their tables are.
#[derive(Clone)]
pub struct Premises {
    /// Where tables may be.
    pub inputs: Inputs,
    /// Where prompts are that were added to the built-in ones.
    pub prompts: Arc<dyn Bucket>,
    /// Key of the object with them, which need not be there.
    pub templates: String,
    /// Bounds of requests that name none, and limits of models.
    pub policy: RunPolicy,
}

/// A request that was understood, with its table, which has the columns that it needs.
pub struct RunRows {
    /// The request.
    pub run: Run,
    /// The columns that bodies are made of.
    pub fields: Fields,
    table: Table,
    run_id: String,
    /// Where the images are that the rows name.
    inputs: Inputs,
}

/// The model of a request that was understood before. Its table and its prompts may be gone since.
///
/// # Errors
/// When the model is retired.
pub fn model_of(request: &RunRequest) -> Result<ModelId, RunError> {
    let model: ModelId = request.model_id.parse().map_err(RequestError::from)?;
    must_be_offered(&model)?;
    Ok(model)
}

fn must_be_offered(model: &ModelId) -> Result<(), RunError> {
    model
        .retirement()
        .map_or(Ok(()), |retired| Err(RunError::Model(retired)))
}

impl Premises {
    /// Understands a request.
    ///
    /// # Errors
    /// When a rule is broken, the model is retired, or the added prompts cannot be read.
    pub fn understand(&self, request: &RunRequest) -> Result<Run, RunError> {
        let input_buckets: Vec<String> = self.inputs.buckets.keys().cloned().collect();
        let run = request.validate(&Surroundings {
            templates: &self.all_templates()?,
            input_buckets: &input_buckets,
            bounds: self.policy.bounds(),
        })?;
        must_be_offered(&run.model)?;
        Ok(run)
    }

    /// Understands a request and looks at its table. Ids of rows without any follow from `run_id`.
    ///
    /// # Errors
    /// As [`understand`](Self::understand), and when the table is not there, cannot be read or lacks a column.
    pub fn rows(&self, request: &RunRequest, run_id: &str) -> Result<RunRows, RunError> {
        let run = self.understand(request)?;
        let table = self.inputs.find(&run.source)?;
        let first = table.rows(Limits::default())?;
        let shaped = shaped(first, &run, run_id);
        let schema = shaped
            .map_err(|error| table.explained(error))?
            .schema()
            .clone();
        let columns: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        let run = run.fit_to(&columns)?;
        let fields = Fields::find(&schema, run.used_columns()).map_err(RunError::Table)?;
        Ok(RunRows {
            run,
            fields,
            table,
            run_id: run_id.to_owned(),
            inputs: self.inputs.clone(),
        })
    }

    fn all_templates(&self) -> Result<Templates, RunError> {
        let mut templates = Templates::built_in();
        let Some(bytes) = read_bytes(&*self.prompts, &self.templates)? else {
            return Ok(templates);
        };
        let place = self.prompts.address(&self.templates);
        let refused = |problem: String| {
            StoreError::new(RunFailure::InvalidRequest, format!("`{place}`: {problem}"))
        };
        let text = String::from_utf8(bytes)
            .map_err(|_| refused("it is not UTF-8: save it as UTF-8 text".to_owned()))?;
        let added = Templates::from_json(&text).map_err(|error| refused(error.to_string()))?;
        templates.extend(added);
        Ok(templates)
    }
}

impl RunRows {
    /// The rows, from the first on. They are the same each time.
    ///
    /// # Errors
    /// When the first file cannot be read or is no table.
    pub fn rows(&self) -> Result<Batches, RunError> {
        let rows = self.table.rows(Limits::default())?;
        shaped(rows, &self.run, &self.run_id).map_err(|error| self.table.explained(error))
    }

    /// The rows, with what makes bodies of them: a row's body while it is among the rows that were read last.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn records(&self) -> Result<(Batches, Bodies<'_>), RunError> {
        let rows = self.rows()?;
        let run = &self.run;
        let Some(column) = &run.image_column else {
            return Ok((rows, Bodies { run, images: None }));
        };
        let images = Images::new(&self.inputs, column);
        let (ahead, failures) = (images.clone(), self.table.failures().clone());
        let rows = rows.looked_ahead(column, AT_ONCE, move |uris| {
            ahead.fetch(uris).map_err(|error| TableError::Read {
                file: "the images of the rows".to_owned(),
                cause: failures.keep(error),
            })
        })?;
        let images = Some(images);
        Ok((rows, Bodies { run, images }))
    }

    /// How many rows there are, or `enough` when there are no fewer.
    ///
    /// # Errors
    /// When a file cannot be read or is no table.
    pub fn count(&self, enough: u64) -> Result<u64, RunError> {
        match &self.run.prompt {
            Prompt::Routed(routes) if routing(routes).expands() => {
                let counted = count(self.rows()?, enough);
                Ok(counted.map_err(|error| self.table.explain(error))?)
            }
            _ => Ok(self.table.count(Limits::default(), enough)?),
        }
    }

    /// The table under the rows, which knows why reading it failed.
    #[must_use]
    pub fn table(&self) -> &Table {
        &self.table
    }
}

impl Table {
    /// An error of table code is one of the buckets under it, when those failed.
    fn explained(&self, error: RunError) -> RunError {
        match error {
            RunError::Table(error) => self.explain(error).into(),
            error => error,
        }
    }
}

/// Columns that an earlier run added and this one adds anew, unless they are renamed.
fn reserved(run: &Run) -> impl Iterator<Item = &'static str> {
    let routed = match &run.prompt {
        Prompt::Routed(routes) => routes.column != PROMPT_ID,
        Prompt::InputText | Prompt::ImageAlone | Prompt::One(_) => false,
    };
    RESULT_COLUMNS
        .into_iter()
        .chain(routed.then_some(PROMPT_ID))
        .filter(|name| !run.columns.contains_key(*name))
}

/// The rows as a run asks for them.
fn shaped(rows: Batches, run: &Run, run_id: &str) -> Result<Batches, RunError> {
    let reserved: Vec<&str> = reserved(run)
        .filter(|name| rows.schema().index_of(name).is_ok())
        .collect();
    let rows = match (reserved.is_empty(), run.previous_results) {
        (true, _) => rows,
        (false, true) => rows.without(&reserved)?,
        (false, false) => return Err(RunError::ResultColumns(reserved.join(", "))),
    };
    let rows = rows.renamed(&run.columns)?;
    match &run.prompt {
        Prompt::Routed(routes) => Ok(rows.expanded(&routing(routes), run_id)?),
        Prompt::InputText | Prompt::ImageAlone | Prompt::One(_) => Ok(rows),
    }
}

fn routing(routes: &Routes) -> Routing {
    Routing {
        column: routes.column.clone(),
        prompts: routes.prompts.clone(),
        default: routes.default.clone(),
    }
}

impl From<TableFailure> for RunError {
    fn from(failure: TableFailure) -> Self {
        match failure {
            TableFailure::Store(error) => Self::Store(error),
            TableFailure::Table(error) => Self::Table(error),
        }
    }
}
