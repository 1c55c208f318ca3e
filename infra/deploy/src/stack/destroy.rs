//! The end of a stack.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::{
    Error, Listener, Target,
    error::service,
    stack::{
        attach::follow,
        deploy::failed,
        history::History,
        rollback::wrong_state,
        state::{self, Stack},
        storage,
    },
};

/// What a destruction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destroyed {
    /// The stack is gone.
    Deleted,
    /// There was no such stack.
    Absent,
}

/// A stack that is to go.
#[derive(Debug, Clone)]
pub struct Destruction {
    stack: String,
    empty: Vec<String>,
    retain: Vec<String>,
}

impl Destruction {
    /// A stack by its name.
    pub fn of(stack: impl Into<String>) -> Self {
        Self {
            stack: stack.into(),
            empty: Vec::new(),
            retain: Vec::new(),
        }
    }

    /// Buckets of the stack that are emptied before, every version of every object, by the names they have in S3. The stack has
    /// to mark them as disposable, by `DeletionPolicy: Delete`. S3 keeps others that hold objects, and the deletion then fails.
    #[must_use]
    pub fn empty(mut self, buckets: impl IntoIterator<Item = String>) -> Self {
        self.empty.extend(buckets);
        self
    }

    /// Resources that are left behind, by their names in the template. CloudFormation does so only where a deletion has failed.
    #[must_use]
    pub fn retain(mut self, resources: impl IntoIterator<Item = String>) -> Self {
        self.retain.extend(resources);
        self
    }
}

/// Deletes a stack and waits until it is gone. One that is being deleted is only waited for.
pub async fn destroy_stack(
    target: &Target,
    destruction: &Destruction,
    listener: &mut Listener<'_>,
) -> Result<Destroyed, Error> {
    let name = &destruction.stack;
    let stack = match state::describe(target, name).await? {
        None => return Ok(Destroyed::Absent),
        Some(stack) if stack.status == "DELETE_COMPLETE" => return Ok(Destroyed::Absent),
        Some(stack) => stack,
    };
    if stack.status == "DELETE_IN_PROGRESS" {
        let (ended, history) = follow(target, &stack.id, listener).await?;
        return gone(name, ended, history);
    }
    let stack = deletable(stack, destruction)?;
    if !destruction.empty.is_empty() {
        require_unused_exports(target, name, &stack.exports).await?;
        storage::require_disposable(target, name, &destruction.empty).await?;
        storage::empty(target, &destruction.empty, listener).await?;
    }
    delete_but(target, name, &stack.id, &destruction.retain, listener).await
}

/// CloudFormation deletes no stack whose exports others import: it would stay, without what its buckets held.
async fn require_unused_exports(
    target: &Target,
    name: &str,
    exports: &[String],
) -> Result<(), Error> {
    for export in exports {
        let importers = importers(target, export).await?;
        if !importers.is_empty() {
            return Err(Error::Imported {
                stack: name.to_owned(),
                export: export.clone(),
                importers: importers.join(", "),
            });
        }
    }
    Ok(())
}

/// The stacks that import an export. That there are none, CloudFormation says by an error.
async fn importers(target: &Target, export: &str) -> Result<Vec<String>, Error> {
    let call = target.cloudformation().list_imports().export_name(export);
    match call.send().await {
        Ok(answer) => Ok(answer.imports.unwrap_or_default()),
        Err(error) if says_unused(&error) => Ok(Vec::new()),
        Err(error) => Err(service(format!("list who imports `{export}`"))(error)),
    }
}

fn says_unused(error: &impl ProvideErrorMetadata) -> bool {
    error
        .message()
        .is_some_and(|message| message.contains("is not imported by any stack"))
}

fn deletable(stack: Stack, destruction: &Destruction) -> Result<Stack, Error> {
    let name = &destruction.stack;
    // A stack under review has no resources yet and can be deleted.
    stack.require_idle(name)?;
    if stack.protected {
        return Err(Error::Protected(name.clone()));
    }
    if !destruction.retain.is_empty() && stack.status != "DELETE_FAILED" {
        return Err(wrong_state(
            stack,
            name,
            "retaining resources",
            "DELETE_FAILED",
        ));
    }
    Ok(stack)
}

/// Deletes the stack by its id and waits.
pub(crate) async fn delete(
    target: &Target,
    name: &str,
    id: &str,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    delete_but(target, name, id, &[], listener).await?;
    Ok(())
}

async fn delete_but(
    target: &Target,
    name: &str,
    id: &str,
    retained: &[String],
    listener: &mut Listener<'_>,
) -> Result<Destroyed, Error> {
    let mut history = History::before(target, id).await?;
    target
        .cloudformation()
        .delete_stack()
        .stack_name(id)
        .set_retain_resources((!retained.is_empty()).then(|| retained.to_vec()))
        .send()
        .await
        .map_err(service(format!("delete stack `{name}`")))?;
    let ended = state::wait(target, id, &mut history, listener).await?;
    gone(name, ended, history)
}

fn gone(name: &str, ended: Option<Stack>, history: History) -> Result<Destroyed, Error> {
    match ended {
        None => Ok(Destroyed::Deleted),
        Some(stack) if stack.status == "DELETE_COMPLETE" => Ok(Destroyed::Deleted),
        ended => Err(failed(name, ended, history)),
    }
}
