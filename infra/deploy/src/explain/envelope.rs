//! What is wrapped around a message.

/// A message in what CloudFormation's resource handlers wrap around it.
pub(super) struct Handled<'a> {
    pub(super) message: &'a str,
    /// Such as `AlreadyExists`.
    pub(super) code: Option<&'a str>,
}

/// A message in what the AWS SDK wraps around it.
pub(super) struct Served<'a> {
    pub(super) message: &'a str,
    /// Such as `Lambda`.
    pub(super) service: Option<&'a str>,
    /// Such as `BucketAlreadyExists`.
    pub(super) code: Option<&'a str>,
}

/// `Resource handler returned message: "..." (RequestToken: ..., HandlerErrorCode: ...)`. The message may hold quotes of its
/// own, so the last of them ends it.
pub(super) fn of_handler(reason: &str) -> Handled<'_> {
    let bare = Handled {
        message: reason,
        code: None,
    };
    let Some((_, rest)) = reason.split_once("Resource handler returned message: \"") else {
        return bare;
    };
    let Some((message, fields)) = rest.rsplit_once("\" (") else {
        return bare;
    };
    Handled {
        message,
        code: field(fields, "HandlerErrorCode"),
    }
}

/// `... (Service: S3, Status Code: 409, ...)`, with commas or semicolons.
pub(super) fn of_service(message: &str) -> Served<'_> {
    match message.rsplit_once("(Service: ") {
        None => Served {
            message,
            service: None,
            code: None,
        },
        Some((words, fields)) => Served {
            message: words.trim_end(),
            service: value(fields),
            code: field(fields, "Error Code"),
        },
    }
}

fn field<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = fields.split_once(name)?;
    value(rest.strip_prefix(": ")?)
}

fn value(text: &str) -> Option<&str> {
    let value = text.split([',', ';', ')']).next()?.trim();
    (!value.is_empty() && value != "null").then_some(value)
}
