//! What CloudFormation says of a failure, taken apart. It writes for people, in as many ways as it has parts:
//!
//! - resource handlers: `Resource handler returned message: "..." (RequestToken: ..., HandlerErrorCode: AlreadyExists)`;
//! - services behind them: `... (Service: Lambda, Status Code: 403, Request ID: ...)`;
//! - older resources: `... (Service: AmazonS3; Status Code: 409; Error Code: BucketAlreadyExists; Request ID: ...)`;
//! - schemas: `Properties validation failed for resource X with message: #/Prop: ...`, `Model validation failed (#/Prop: ...)`;
//! - hooks and early validation: `The following hook(s)/validation failed: [...]`.
//!
//! What is none of these stays as it is.

mod advice;
mod envelope;

pub use advice::Advice;

/// What a failure's reason says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The words that are meant for people.
    pub message: String,
    /// The most telling code, such as `AlreadyExists`; a service's own where the handler has only a general one.
    pub code: Option<String>,
    /// The service that refused, such as `Lambda`.
    pub service: Option<String>,
    /// The properties that it is about, as JSON pointers into the resource's properties; `/` is all of them.
    pub properties: Vec<String>,
    /// The action that is not allowed, such as `lambda:GetLayerVersion`.
    pub action: Option<String>,
    /// The hooks that object, or the validations.
    pub hooks: Vec<String>,
}

/// Handlers' codes that say only that a service has refused.
const GENERAL: [&str; 3] = ["GeneralServiceException", "InternalFailure", "Unknown"];

/// Wordings that stand for a code where there is none.
const WORDINGS: [(&str, &str); 12] = [
    ("Embedded stack", "NestedStack"),
    ("is not authorized to perform", "AccessDenied"),
    ("already exists", "AlreadyExists"),
    ("is not empty", "BucketNotEmpty"),
    (" is in use by ", "InUse"),
    ("hook(s)", "HookFailed"),
    ("Hook failed with message", "HookFailed"),
    ("Properties validation failed", "InvalidRequest"),
    ("Model validation failed", "InvalidRequest"),
    ("did not stabilize", "NotStabilized"),
    ("timed out waiting", "NotStabilized"),
    ("Rate exceeded", "Throttling"),
];

/// Takes a failure's reason apart.
pub fn explain(reason: &str) -> Explanation {
    let handler = envelope::of_handler(reason);
    let service = envelope::of_service(handler.message);
    let properties = properties(handler.message);
    let hooks = hooks(handler.message);
    let handlers = handler.code.map(str::to_owned);
    let named = service.code.or(returned_code(handler.message));
    let code = match handlers {
        Some(code) if !GENERAL.contains(&code.as_str()) => Some(code),
        general => named
            .map(str::to_owned)
            .or_else(|| worded(handler.message).map(str::to_owned))
            .or(general),
    };
    Explanation {
        message: message(service.message),
        code,
        service: service.service.map(str::to_owned),
        properties,
        action: action(handler.message).map(str::to_owned),
        hooks,
    }
}

fn message(words: &str) -> String {
    match words.trim() {
        // Handlers of services that give no reason write it so.
        "" | "null" => "AWS gives no reason".to_owned(),
        words => words.to_owned(),
    }
}

fn worded(message: &str) -> Option<&'static str> {
    let mut found = WORDINGS
        .iter()
        .filter(|(wording, _)| message.contains(wording));
    found.next().map(|(_, code)| *code)
}

/// `Service returned error code X`.
fn returned_code(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("returned error code ")?;
    word(rest)
}

/// `... is not authorized to perform: lambda:GetLayerVersion on resource: ...`.
fn action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform")?;
    let action = word(rest.trim_start_matches([':', ' ']))?;
    action.contains(':').then_some(action)
}

fn word(text: &str) -> Option<&str> {
    let end = |c: char| c.is_whitespace() || ".,;()[]\"'".contains(c);
    let word = text.split(end).next()?;
    (!word.is_empty()).then_some(word)
}

/// What stands between a `#` and the colon after it, when schemas speak.
fn properties(message: &str) -> Vec<String> {
    let Some((_, findings)) = message.split_once("validation failed") else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for finding in findings.split('#').skip(1) {
        let Some((pointer, _)) = finding.split_once(':') else {
            continue;
        };
        let is_pointer = pointer.is_empty() || pointer.starts_with('/');
        if !is_pointer || pointer.contains(char::is_whitespace) {
            continue;
        }
        let pointer = if pointer.is_empty() { "/" } else { pointer };
        if !found.iter().any(|known| known == pointer) {
            found.push(pointer.to_owned());
        }
    }
    found
}

/// The names in the brackets after `hook(s) failed:` or `hook(s)/validation failed:`.
fn hooks(message: &str) -> Vec<String> {
    let list = message
        .split_once("hook(s)")
        .and_then(|(_, rest)| rest.split_once("failed:"))
        .and_then(|(_, rest)| rest.trim_start().strip_prefix('['))
        .and_then(|rest| rest.split_once(']'))
        .map_or("", |(list, _)| list);
    let names = list.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests;
