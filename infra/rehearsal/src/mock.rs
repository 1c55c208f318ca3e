//! Scripted answers in place of a service.

use std::cell::Cell;
use std::time::Duration;

use serde_json::{Value, json};

use crate::{Error, Failure};

/// What a task is answered, call by call, each after some virtual time.
///
/// ```
/// use rehearsal::Mock;
/// use serde_json::json;
/// use std::time::Duration;
///
/// let throttled_once = Mock::fails("ThrottlingException", "slow down")
///     .then(Mock::answers(json!({"JobArn": "arn:job"})).after(Duration::from_secs(2)));
/// ```
#[must_use]
pub struct Mock<'a> {
    answers: Vec<Answer<'a>>,
    /// The last answer is given again and again.
    always: bool,
    given: Cell<usize>,
}

struct Answer<'a> {
    reply: Reply<'a>,
    after: Duration,
}

/// From arguments to a result.
type Replier<'a> = dyn Fn(&Value) -> Result<Value, Failure> + 'a;

enum Reply<'a> {
    Fixed(Result<Value, Failure>),
    Computed(Box<Replier<'a>>),
}

impl<'a> Mock<'a> {
    /// The service answers this: the whole result of the task.
    pub fn answers(result: Value) -> Self {
        Self::of(Reply::Fixed(Ok(result)))
    }

    /// A Lambda function answers this payload: as [`Mock::answers`] with the envelope of `lambda:invoke` around it.
    pub fn payload(payload: Value) -> Self {
        Self::answers(envelope(payload))
    }

    /// The task fails.
    pub fn fails(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::of(Reply::Fixed(Err(Failure::new(error, cause))))
    }

    /// The answer is computed from the arguments of the call.
    pub fn replies(reply: impl Fn(&Value) -> Result<Value, Failure> + 'a) -> Self {
        Self::of(Reply::Computed(Box::new(reply)))
    }

    fn of(reply: Reply<'a>) -> Self {
        let after = Duration::ZERO;
        Self {
            answers: vec![Answer { reply, after }],
            always: false,
            given: Cell::new(0),
        }
    }

    /// The last answer so far takes this much virtual time.
    pub fn after(mut self, duration: Duration) -> Self {
        if let Some(last) = self.answers.last_mut() {
            last.after = duration;
        }
        self
    }

    /// The calls after these are answered by the other mock.
    pub fn then(mut self, other: Self) -> Self {
        self.answers.extend(other.answers);
        self.always = other.always;
        self
    }

    /// The last answer is given to all further calls too.
    pub fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// The answer to the next call, and how long it takes.
    pub(crate) fn next(
        &self,
        state: &str,
        arguments: &Value,
    ) -> Result<(Result<Value, Failure>, Duration), Error> {
        let call = self.given.replace(self.given.get() + 1);
        let answer = self
            .answers
            .get(call)
            .or_else(|| self.answers.last().filter(|_| self.always));
        let answer = answer.ok_or_else(|| Error::MockExhausted {
            state: state.to_owned(),
            answers: self.answers.len(),
        })?;
        let reply = match &answer.reply {
            Reply::Fixed(reply) => reply.clone(),
            Reply::Computed(reply) => reply(arguments),
        };
        Ok((reply, answer.after))
    }
}

/// What `lambda:invoke` answers around the payload.
pub(crate) fn envelope(payload: Value) -> Value {
    let mut envelope = json!({
        "ExecutedVersion": "$LATEST",
        "Payload": null,
        "SdkHttpMetadata": {"HttpStatusCode": 200},
        "SdkResponseMetadata": {"RequestId": "00000000-0000-0000-0000-000000000000"},
        "StatusCode": 200,
    });
    envelope["Payload"] = payload;
    envelope
}
