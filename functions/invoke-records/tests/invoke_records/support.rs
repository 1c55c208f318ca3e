//! A chunk in memory, and a model with a clock of its own.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::future::poll_fn;
use invoke_records::{Files, InvokeError, Model, Sent, invoke_records};
use runs::MemoryBucket;
use serde_json::{Value, json};
use shared::batch::layout::{Layout, on_demand_id};
use shared::batch::record::Manifest;
use shared::contracts::batch::{ChunkTask, InvocationPolicy, JobMode, RunReference};
use shared::run::{Error, ErrorKind};

pub(crate) const CLAUDE: &str = "global.anthropic.claude-haiku-4-5-20251001-v1:0";

/// What the model does with a record.
pub(crate) type Answer = Result<Value, (ErrorKind, &'static str, &'static str)>;

/// A model that answers each record as it is told, after a second of its own clock.
pub(crate) struct TestModel {
    pub(crate) start: Instant,
    pub(crate) seconds: Cell<u64>,
    /// Texts that were sent.
    pub(crate) asked: RefCell<Vec<String>>,
    pub(crate) open: Cell<usize>,
    pub(crate) most_open: Cell<usize>,
    pub(crate) answers: BTreeMap<String, Answer>,
    /// A panic instead of a call of this number, from 1: the function dies.
    pub(crate) dies_at: Option<usize>,
}

impl Default for TestModel {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            seconds: Cell::new(0),
            asked: RefCell::default(),
            open: Cell::new(0),
            most_open: Cell::new(0),
            answers: BTreeMap::new(),
            dies_at: None,
        }
    }
}

/// The answer of Claude, 10 tokens in and 3 out.
pub(crate) fn claude(text: &str) -> Value {
    json!({
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 10, "output_tokens": 3},
    })
}

impl TestModel {
    pub(crate) fn with(answers: &[(&str, Answer)]) -> Self {
        let answers = answers.iter().cloned();
        Self {
            answers: answers
                .map(|(text, answer)| (text.to_owned(), answer))
                .collect(),
            ..Self::default()
        }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }
}

impl Model for TestModel {
    fn now(&self) -> Instant {
        self.start + Duration::from_secs(self.seconds.get())
    }

    async fn invoke(&self, model_id: &str, body: Vec<u8>) -> Result<Vec<u8>, Error> {
        assert_eq!(model_id, CLAUDE);
        let body: Value = serde_json::from_slice(&body).unwrap();
        let text = body["messages"][0]["content"][0]["text"].as_str().unwrap();
        self.asked.borrow_mut().push(text.to_owned());
        assert!(
            self.dies_at != Some(self.asked.borrow().len()),
            "the function dies"
        );
        self.open.set(self.open.get() + 1);
        self.most_open
            .set(self.most_open.get().max(self.open.get()));
        // Later records are answered sooner, as far as they are with the model at once.
        let mut rounds = 40 - self.asked.borrow().len() % 40;
        poll_fn(|context| {
            rounds -= 1;
            context.waker().wake_by_ref();
            if rounds == 0 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.seconds.set(self.seconds.get() + 1);
        self.open.set(self.open.get() - 1);
        match self.answers.get(text) {
            None => Ok(claude(&format!("answer to {text}"))
                .to_string()
                .into_bytes()),
            Some(Ok(Value::String(raw))) => Ok(raw.clone().into_bytes()),
            Some(Ok(body)) => Ok(body.to_string().into_bytes()),
            Some(Err((kind, code, message))) => Err(Error {
                kind: *kind,
                operation: "InvokeModel",
                target: model_id.to_owned(),
                code: (*code).to_owned(),
                message: (*message).to_owned(),
            }),
        }
    }

    fn wait<T>(&self, calls: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(calls)
    }
}

/// A chunk of records `r0`, `r1`, ... with the texts `t0`, `t1`, ...
pub(crate) struct World {
    pub(crate) bucket: MemoryBucket,
    pub(crate) task: ChunkTask,
    pub(crate) policy: InvocationPolicy,
}

impl World {
    pub(crate) fn of(records: u64) -> Self {
        let bucket = MemoryBucket::new("runs-bucket");
        let task = ChunkTask {
            run: RunReference {
                run: "5f1c".to_owned(),
                prefix: "jokes".to_owned(),
                execution: "arn:aws:states:eu-central-1:111122223333:execution:batch:5f1c".into(),
            },
            chunk: 3,
            attempt: 1,
            mode: JobMode::OnDemand,
            model_id: CLAUDE.to_owned(),
            records,
            input: "batch_inputs_json/jokes/5f1c/0003-r1.jsonl".to_owned(),
            outputs: "batch_outputs_json/jokes/5f1c/0003/".to_owned(),
            job_name: "jokes-part-0003-5f2d10c9ab".to_owned(),
            client_request_token: "5f2d10c9ab".to_owned(),
            csv: false,
        };
        let lines: Vec<_> = (0..records).map(input).collect();
        bucket.put(&task.input, lines.join("\n"));
        Self {
            bucket,
            task,
            policy: InvocationPolicy::default(),
        }
    }

    pub(crate) fn invoke(&self, model: &TestModel) -> Result<Sent, InvokeError> {
        let files = Files {
            bucket: Arc::new(self.bucket.clone()),
            outputs: Arc::new(self.bucket.clone()),
        };
        invoke_records(&files, model, &self.policy, &self.task)
    }

    pub(crate) fn key<T>(&self, key: impl FnOnce(&Layout<'_>) -> T) -> T {
        let prefix = "jokes".parse().unwrap();
        key(&self.task.run.layout(&prefix))
    }

    pub(crate) fn output_key(&self) -> String {
        self.key(|layout| layout.output_of_attempt(3, 1, &on_demand_id(1)))
    }

    pub(crate) fn part(&self, part: u64) -> Option<Vec<u8>> {
        self.bucket
            .get(&self.key(|layout| layout.output_part(3, 1, part)))
    }

    /// The whole output.
    pub(crate) fn output(&self) -> String {
        String::from_utf8(self.bucket.get(&self.output_key()).unwrap()).unwrap()
    }

    /// The lines of the whole output.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let lines = self.output();
        let lines = lines.split('\n').filter(|line| !line.is_empty());
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        let lines = self.lines();
        let ids = lines.iter().map(|line| line["recordId"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    }

    pub(crate) fn manifest(&self) -> Manifest {
        let key = self.key(|layout| layout.manifest(3, &on_demand_id(1)));
        serde_json::from_slice(&self.bucket.get(&key).unwrap()).unwrap()
    }
}

pub(crate) fn input(number: u64) -> String {
    let content = json!([{"type": "text", "text": format!("t{number}")}]);
    let body = json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 1024,
        "messages": [{"role": "user", "content": content}],
    });
    json!({"recordId": format!("r{number}"), "modelInput": body}).to_string()
}

pub(crate) fn ids(numbers: impl IntoIterator<Item = u64>) -> Vec<String> {
    numbers
        .into_iter()
        .map(|number| format!("r{number}"))
        .collect()
}
