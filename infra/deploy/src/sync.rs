//! New code for the functions of a deployed stack, without CloudFormation: seconds instead of a minute, and drift.

use aws_sdk_lambda::{
    Client, operation::get_function_configuration::GetFunctionConfigurationOutput,
    types::LastUpdateStatus,
};
use serde_json::Value;

use crate::{
    AssetBucket, DeployedStack, Error, Event, Listener, Target, Upload,
    assets::checksum,
    error::service,
    patience::Patience,
    stack::{deployed, state},
    stack_resources, upload,
};

/// The stack tag that says what a stack is for.
pub const STAGE_TAG: &str = "colophon:stage";
/// The value of [`STAGE_TAG`] that keeps a stack from everything but deployments; `prod` and `live` do so, too, in any case.
pub const PRODUCTION: &str = "production";

/// A deployed stack whose functions may be given new code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncTarget {
    /// The stack as it is deployed.
    pub deployed: DeployedStack,
    /// Its name.
    pub stack: String,
    functions: Vec<Function>,
}

/// A function whose package is named by a parameter of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Function {
    logical_id: String,
    physical_id: String,
    parameter: String,
}

impl SyncTarget {
    /// Whether a deployed function has its package named by this parameter.
    pub fn has(&self, parameter: &str) -> bool {
        let mut functions = self.functions.iter();
        functions.any(|function| function.parameter == parameter)
    }
}

/// A package for the functions that a parameter of the template gives their code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The parameter that holds the package's key.
    pub parameter: String,
    /// The zip, and its key.
    pub upload: Upload,
}

/// What was done about a function.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Synced {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in Lambda.
    pub function: String,
    /// Whether it has new code; otherwise it had this code already.
    pub updated: bool,
    /// Lambda's hash of the code that it has now: the SHA-256 of the package, in base64.
    pub code_sha256: String,
}

/// Finds the functions of a stack, before their packages are built. None when there is no such stack.
///
/// # Errors
/// When the stack is protected: by its tag [`STAGE_TAG`] or by termination protection ([`Error::NotForSync`]).
pub async fn sync_target(target: &Target, stack: &str) -> Result<Option<SyncTarget>, Error> {
    let Some(found) = state::describe(target, stack).await? else {
        return Ok(None);
    };
    let protected = |why: String| Error::NotForSync {
        stack: stack.to_owned(),
        why,
    };
    let stage = found.settings.tags.get(STAGE_TAG);
    if let Some(stage) = stage.filter(|stage| is_production(stage)) {
        return Err(protected(format!("its tag {STAGE_TAG} is `{stage}`")));
    }
    if found.protected {
        return Err(protected("it has termination protection".into()));
    }
    found.require_idle(stack)?;
    let Some(deployed) = deployed::of(target, stack, found).await? else {
        return Ok(None);
    };
    Ok(Some(SyncTarget {
        functions: functions(target, stack, &deployed).await?,
        stack: stack.to_owned(),
        deployed,
    }))
}

/// Whoever writes it in another way means the same.
fn is_production(stage: &str) -> bool {
    [PRODUCTION, "prod", "live"].contains(&stage.trim().to_lowercase().as_str())
}

/// The deployed functions whose package's key is a parameter.
async fn functions(
    target: &Target,
    stack: &str,
    deployed: &DeployedStack,
) -> Result<Vec<Function>, Error> {
    let template: Value =
        serde_json::from_str(&deployed.template).map_err(|error| Error::Template {
            stack: stack.to_owned(),
            reason: error.to_string(),
        })?;
    let resources = stack_resources(target, stack).await?;
    let functions = resources.into_iter().filter_map(|resource| {
        let declared = &template["Resources"][&resource.logical_id];
        let parameter = declared["Properties"]["Code"]["S3Key"]["Ref"].as_str()?;
        let is_function = declared["Type"] == "AWS::Lambda::Function";
        let is_there = is_function && !resource.physical_id.is_empty();
        is_there.then(|| Function {
            parameter: parameter.to_owned(),
            logical_id: resource.logical_id,
            physical_id: resource.physical_id,
        })
    });
    Ok(functions.collect())
}

/// Gives the functions the packages that they do not have yet, one after the other once all are uploaded, and waits until Lambda
/// runs them.
///
/// The stack does not know: it has drifted from then on. Its next deployment with these packages changes the parameters that
/// name them, and so makes the functions what they are; one with the packages deployed before changes no parameter, and leaves
/// the functions as they are.
pub async fn sync_code(
    target: &Target,
    stack: &SyncTarget,
    bucket: &AssetBucket,
    codes: &[Code],
    listener: &mut Listener<'_>,
) -> Result<Vec<Synced>, Error> {
    let lambda = Lambda {
        target,
        client: Client::new(target.config()),
    };
    let mut wishes = Vec::new();
    for function in &stack.functions {
        let mut codes = codes.iter();
        let Some(code) = codes.find(|code| code.parameter == function.parameter) else {
            continue;
        };
        let hash = code_hash(code).await?;
        let is_new = !runs(&lambda.settled(function, listener).await?, &hash);
        wishes.push(Wish {
            function,
            code,
            hash,
            is_new,
        });
    }
    let new = wishes.iter().filter(|wish| wish.is_new);
    let uploads: Vec<Upload> = new.map(|wish| wish.code.upload.clone()).collect();
    upload(target, bucket, &uploads, listener).await?;

    let mut synced = Vec::new();
    for wish in wishes {
        if wish.is_new {
            lambda.fulfil(&wish, bucket, listener).await?;
        }
        let done = Synced {
            logical_id: wish.function.logical_id.clone(),
            function: wish.function.physical_id.clone(),
            updated: wish.is_new,
            code_sha256: wish.hash,
        };
        listener(Event::Synced(done.clone()));
        synced.push(done);
    }
    Ok(synced)
}

/// The code that a function is to have.
struct Wish<'a> {
    function: &'a Function,
    code: &'a Code,
    /// Lambda's hash of it.
    hash: String,
    is_new: bool,
}

/// Lambda's hash of a package.
async fn code_hash(code: &Code) -> Result<String, Error> {
    let path = &code.upload.path;
    let bytes = tokio::fs::read(path).await.map_err(|source| Error::Asset {
        path: path.clone(),
        source,
    })?;
    Ok(checksum(&bytes))
}

/// Whether a function runs its new code now.
fn check(
    function: &Function,
    ended: &GetFunctionConfigurationOutput,
    wanted: &str,
) -> Result<(), Error> {
    if runs(ended, wanted) {
        return Ok(());
    }
    let reason = match ended.last_update_status() {
        Some(LastUpdateStatus::Failed) => ended.last_update_status_reason(),
        _ => Some("somebody else gave it other code meanwhile"),
    };
    Err(Error::CodeNotUpdated {
        function: function.physical_id.clone(),
        reason: reason.unwrap_or("Lambda gives no reason").to_owned(),
    })
}

/// A function whose update failed may have the code and not run it.
fn runs(function: &GetFunctionConfigurationOutput, wanted: &str) -> bool {
    function.code_sha256() == Some(wanted)
        && function.last_update_status() != Some(&LastUpdateStatus::Failed)
}

struct Lambda<'a> {
    target: &'a Target,
    client: Client,
}

impl Lambda<'_> {
    async fn fulfil(
        &self,
        wish: &Wish<'_>,
        bucket: &AssetBucket,
        listener: &mut Listener<'_>,
    ) -> Result<(), Error> {
        let key = &wish.code.upload.key;
        self.update(wish.function, &bucket.name, key).await?;
        listener(Event::CodeGiven {
            function: wish.function.physical_id.clone(),
        });
        let ended = self.settled(wish.function, listener).await?;
        check(wish.function, &ended, &wish.hash)
    }

    async fn update(&self, function: &Function, bucket: &str, key: &str) -> Result<(), Error> {
        let name = &function.physical_id;
        self.client
            .update_function_code()
            .function_name(name)
            .s3_bucket(bucket)
            .s3_key(key)
            .send()
            .await
            .map_err(service(format!("update the code of function `{name}`")))?;
        Ok(())
    }

    /// Waits for an update that is under way, ours or somebody else's: Lambda takes one at a time.
    async fn settled(
        &self,
        function: &Function,
        listener: &mut Listener<'_>,
    ) -> Result<GetFunctionConfigurationOutput, Error> {
        let mut pauses = self.target.polling().start();
        let mut patience = Patience::new(self.target.polling());
        loop {
            match self.describe(function).await {
                Ok(answer)
                    if answer.last_update_status() == Some(&LastUpdateStatus::InProgress) =>
                {
                    patience.restore();
                    pauses.pause().await;
                }
                Ok(answer) => return Ok(answer),
                Err(fault) => patience.bear(fault, listener).await?,
            }
        }
    }

    async fn describe(&self, function: &Function) -> Result<GetFunctionConfigurationOutput, Error> {
        let name = &function.physical_id;
        self.client
            .get_function_configuration()
            .function_name(name)
            .send()
            .await
            .map_err(service(format!("describe function `{name}`")))
    }
}
