//! Calls of HTTPS APIs.
//!
//! Source: AWS Step Functions Developer Guide, "Call HTTPS APIs in Step Functions workflows".

use cfn::{IntoValue, Value};
use serde_json::{Value as Json, json};

use crate::expr::Operand;
use crate::permission::{Permission, Target};
use crate::{Expr, Scope, Task};

/// An `EventBridge` connection: how to authenticate at an API.
#[derive(Clone, Debug)]
pub struct Connection {
    name: String,
    arn: Value<String>,
    secret: Value<String>,
}

impl Connection {
    /// The connection with this ARN, and the ARN of the secret that `EventBridge` keeps for it: the attributes `Arn` and
    /// `SecretArn` of an `AWS::Events::Connection`. `name` is what definitions call it.
    pub fn by_arn(name: &str, arn: impl IntoValue<String>, secret: impl IntoValue<String>) -> Self {
        Self {
            name: name.to_owned(),
            arn: arn.into_value(),
            secret: secret.into_value(),
        }
    }
}

/// What is done at an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the methods of HTTP")]
pub enum Method {
    Get,
    Head,
    Options,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request to an HTTPS API; [`answer`](Self::answer) makes a task of it.
#[derive(Debug)]
#[must_use = "a request is sent once its `answer` is run"]
pub struct HttpRequest<'s> {
    connection: Connection,
    method: Method,
    endpoint: String,
    segments: Vec<Expr<'s, String>>,
    query: Vec<(String, Expr<'s, Json>)>,
    headers: Vec<(String, Expr<'s, Json>)>,
    body: Option<Expr<'s, Json>>,
    form: bool,
    scope: Scope<'s>,
}

/// Calls an HTTPS API. The endpoint is a URL without a query: `https://api.example.com/v1/charges`. The role may use this
/// method at this endpoint only, and [below it](HttpRequest::segment) where segments of the path come from the data.
///
/// The task fails with `States.Http.StatusCode.429`, say, when the API answers so, and with `States.Timeout` after 60 seconds:
/// a service that works for longer is called by a function.
pub fn http<'s>(
    connection: &Connection,
    method: Method,
    endpoint: &str,
    scope: Scope<'s>,
) -> HttpRequest<'s> {
    HttpRequest {
        connection: connection.clone(),
        method,
        endpoint: endpoint.to_owned(),
        segments: Vec::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: None,
        form: false,
        scope,
    }
}

impl<'s> HttpRequest<'s> {
    /// Adds a segment to the path. It is percent-encoded, so that data leads nowhere else.
    #[track_caller]
    pub fn segment(mut self, segment: impl Operand<'s, String>) -> Self {
        let segment = segment.into_expr(self.scope);
        self.segments.push(segment.call("$encodeUrlComponent", &[]));
        self
    }

    /// Adds a parameter to the query.
    #[track_caller]
    pub fn query(mut self, name: &str, value: impl Operand<'s, String>) -> Self {
        let value = value.into_expr(self.scope).untyped();
        self.query.push((name.to_owned(), value));
        self
    }

    /// Adds a header. Secrets belong into the connection: headers are in the definition and in the history.
    #[track_caller]
    pub fn header(mut self, name: &str, value: impl Operand<'s, String>) -> Self {
        let value = value.into_expr(self.scope).untyped();
        self.headers.push((name.to_owned(), value));
        self
    }

    /// Sends this as JSON.
    pub fn body<T>(mut self, body: Expr<'s, T>) -> Self {
        self.body = Some(body.untyped());
        self.form = false;
        self
    }

    /// Sends the members of this as a form, URL-encoded.
    pub fn form<T>(mut self, members: Expr<'s, T>) -> Self {
        self.body = Some(members.untyped());
        self.form = true;
        self
    }

    /// The task, which results in the body of the API's answer, declared to be an `R`.
    #[track_caller]
    pub fn answer<R>(mut self) -> Task<'s, R> {
        let scope = self.scope;
        if self.form {
            let kind = scope.text("application/x-www-form-urlencoded").untyped();
            self.headers.push(("Content-Type".to_owned(), kind));
        }
        let endpoint = self.endpoint();
        let placeholder = &self.connection.name;
        let connection = scope.deployed(placeholder, self.connection.arn.clone());
        let permissions = self.permissions();
        let authentication = scope.members([("ConnectionArn", connection.untyped())]);
        let mut arguments = vec![
            ("ApiEndpoint", endpoint.untyped()),
            ("Method", scope.text(self.method.name()).untyped()),
            ("Authentication", authentication),
        ];
        let some = |members: Vec<_>| (!members.is_empty()).then(|| scope.members(members));
        let transform = json!({"RequestBodyEncoding": "URL_ENCODED"});
        let optional = [
            ("Headers", some(self.headers)),
            ("QueryParameters", some(self.query)),
            ("RequestBody", self.body),
            ("Transform", self.form.then(|| scope.value(transform))),
        ];
        let given = |(name, argument): (_, Option<_>)| argument.map(|argument| (name, argument));
        arguments.extend(optional.into_iter().filter_map(given));
        let mut task = Task::new(scope, "http:invoke", scope.members(arguments));
        if !is_endpoint(&self.endpoint) {
            let message = format!(
                "`{}` is no endpoint of an HTTPS API: write `https://`, host and path; segments from the data are added by `segment`, what comes behind `?` by `query`",
                self.endpoint
            );
            task.problem(message);
        }
        task.call.result = ".ResponseBody";
        task.permissions = permissions;
        task
    }

    fn endpoint(&self) -> Expr<'s, String> {
        let Some((first, others)) = self.segments.split_first() else {
            return self.scope.text(&self.endpoint);
        };
        let path = self.scope.text(self.base()).append(*first);
        let others = others.iter();
        others.fold(path, |path, segment| path.append("/").append(*segment))
    }

    /// The endpoint, to which segments are added.
    fn base(&self) -> String {
        format!("{}/", self.endpoint.trim_end_matches('/'))
    }

    fn permissions(&self) -> Vec<Permission> {
        let endpoints = if self.segments.is_empty() {
            self.endpoint.clone()
        } else {
            self.base() + "*"
        };
        let invoke = Permission::new(["states:InvokeHTTPEndpoint"], [Target::Machine])
            .with_condition(
                "StringEquals",
                "states:HTTPMethod",
                self.method.name().into_value(),
            )
            .with_condition("StringLike", "states:HTTPEndpoint", endpoints.into_value());
        let arn = self.connection.arn.clone();
        let read = [
            "secretsmanager:GetSecretValue",
            "secretsmanager:DescribeSecret",
        ];
        let secret = Target::Arn(self.connection.secret.clone());
        vec![
            invoke,
            Permission::on("events:RetrieveConnectionCredentials", arn),
            Permission::new(read, [secret]),
        ]
    }
}

/// Whether it is a URL without a query, and without what means something else in a policy or a template.
fn is_endpoint(text: &str) -> bool {
    let host = text.strip_prefix("https://");
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
        && !text.contains(['?', '#', '*', '$', '{'])
}
