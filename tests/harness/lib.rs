//! What the end-to-end tests share: a local AWS of their own with the vision stack on it, and looks at its effects.
//!
//! Every test has its own local AWS on its own ports, so they run at the same time. The functions are built once.
#![warn(missing_docs)]
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on says why and ends"
)]

pub mod batch;
pub mod processes;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aws_sdk_sqs::types::QueueAttributeName;
use deploy::Target;
use infra::cli::BuildArguments;
use infra::deployment::{self, Deployment};
use infra::pipeline::Pipeline;
use infra::query::ResultTable;
use infra::session::Session;
use infra::stacks::Definition;
use infra::terminal::Terminal;
use infra::{packaging, sql, stacks, synthesis, workspace};
use local::bedrock::Config;
use local::covers::{Archive, write_zip};
use serde_json::Value;
use tokio::process::Command;

/// How long a test waits for an effect: many times what it takes on a machine that also compiles.
const PATIENCE: Duration = Duration::from_mins(3);

/// A stack on a local AWS of its own.
pub struct Deployed {
    name: &'static str,
    session: Session,
    /// The stack's outputs.
    pub outputs: BTreeMap<String, String>,
}

impl Deployed {
    /// Builds, synthesizes, changes the template as the test wants and deploys, all as `infra demo` does it.
    pub async fn of(
        definition: &Definition,
        config: Config,
        change: impl FnOnce(&mut Value),
    ) -> Self {
        let session = Session::start(&workspace::target_directory(), config, &|_| ())
            .await
            .expect("the local AWS starts");
        Self::within(session, definition, change).await
    }

    /// The same on a local AWS that runs already.
    pub async fn within(
        session: Session,
        definition: &Definition,
        change: impl FnOnce(&mut Value),
    ) -> Self {
        let terminal = Terminal::detect();
        let assets = packaging::package(definition.functions, &BuildArguments::local(), terminal)
            .expect("the functions build");
        let synthesized = match synthesis::synthesize(definition) {
            Ok(synthesized) => synthesized,
            Err(error) => panic!("{error}"),
        };
        let template =
            synthesis::local(definition, &synthesized).expect("the template has a local variant");
        let mut template: Value =
            serde_json::from_str(&template.json).expect("the template is JSON");
        change(&mut template);
        let deployment = Deployment {
            definition,
            stack_name: definition.name,
            template: template.to_string(),
            assets: &assets,
            parameters: definition.local_parameters(),
            settings: deploy::Settings::default(),
        };
        let deployed = deployment::deploy(&deployment, session.target(), terminal)
            .await
            .expect("the stack deploys");
        Self {
            name: definition.name,
            session,
            outputs: deployed.outputs,
        }
    }

    /// Where it is deployed.
    pub fn target(&self) -> &Target {
        self.session.target()
    }

    /// Takes all messages of a queue, as JSON.
    pub async fn messages(&self, queue: &str) -> Vec<Value> {
        let client = aws_sdk_sqs::Client::new(self.target().config());
        let mut bodies = Vec::new();
        loop {
            let answer = client
                .receive_message()
                .queue_url(queue)
                .max_number_of_messages(10)
                .visibility_timeout(300)
                .send()
                .await
                .expect("the queue answers");
            if answer.messages().is_empty() {
                return bodies;
            }
            let texts = answer
                .messages()
                .iter()
                .filter_map(|message| message.body());
            bodies.extend(
                texts.map(|text| serde_json::from_str::<Value>(text).expect("messages are JSON")),
            );
        }
    }

    /// What a resource is called, by its name in the template.
    pub async fn physical_id(&self, logical_id: &str) -> String {
        let resources = deploy::stack_resources(self.target(), self.name).await;
        let resources = resources.expect("the stack lists its resources");
        let mut resources = resources.into_iter();
        let found = resources.find(|resource| resource.logical_id == logical_id);
        found.expect("the resource exists").physical_id
    }

    /// Stops the local AWS and asserts that it leaves no process behind.
    pub async fn stop(self) {
        let group = self.session.aws().process_group();
        self.session.stop().await;
        assert!(
            !Path::new(&format!("/proc/{group}")).exists(),
            "the local AWS is gone"
        );
    }
}

/// Takes one action out of every statement of a role.
pub fn revoke(template: &mut Value, role: &str, action: &str) {
    let policies = &mut template["Resources"][role]["Properties"]["Policies"];
    let mut revoked = 0;
    for policy in policies.as_array_mut().expect("the role has policies") {
        let statements = policy["PolicyDocument"]["Statement"]
            .as_array_mut()
            .expect("a policy has statements");
        let before = statements.len();
        statements.retain(|statement| !mentions(&statement["Action"], action));
        revoked += before - statements.len();
    }
    assert!(
        revoked > 0,
        "{role} is not granted {action} in the first place"
    );
}

fn mentions(actions: &Value, action: &str) -> bool {
    actions == action
        || actions
            .as_array()
            .is_some_and(|actions| actions.iter().any(|each| each == action))
}

/// The vision stack on a local AWS.
pub struct Vision {
    deployed: Deployed,
    definition: &'static Definition,
    /// Its resources.
    pub pipeline: Pipeline,
    /// Its outputs that are not in `pipeline`.
    pub images_queue: String,
}

impl Vision {
    /// Deploys it, its template changed as the test wants.
    pub async fn deploy(config: Config, change: impl FnOnce(&mut Value)) -> Self {
        let definition = stacks::find("vision").expect("the stack exists");
        let deployed = Deployed::of(definition, config, change).await;
        let pipeline =
            Pipeline::from_outputs(&deployed.outputs).expect("the stack has its outputs");
        let images_queue = deployed.outputs["ImagesQueueUrl"].clone();
        Self {
            deployed,
            definition,
            pipeline,
            images_queue,
        }
    }

    /// Where it is deployed.
    pub fn target(&self) -> &Target {
        self.deployed.target()
    }

    /// The local AWS and the simulator.
    pub fn session(&self) -> &Session {
        &self.deployed.session
    }

    /// Writes an archive of generated covers and uploads it.
    pub async fn upload_covers(&self, folder: &Path, archive: Archive) {
        let path = folder.join("covers.zip");
        write_zip(&path, archive).expect("the covers are drawn");
        self.pipeline
            .upload(self.target(), &path)
            .await
            .expect("the archive is uploaded");
    }

    /// Runs SQL as `infra query` does.
    pub async fn query(&self, statement: &str) -> ResultTable {
        let views = (self.definition.views)();
        match sql::query(self.target(), &self.pipeline.scope, &views, statement).await {
            Ok(table) => table,
            Err(error) => panic!("{statement}: {error}"),
        }
    }

    /// The one value of a query that gives one.
    pub async fn query_number(&self, statement: &str) -> u64 {
        let table = self.query(statement).await;
        let cell = table.rows[0][0].as_deref().expect("the query counts");
        cell.parse().expect("the count is a number")
    }

    /// The keys of a bucket below a prefix.
    pub async fn keys(&self, bucket: &str, prefix: &str) -> Vec<String> {
        let answer = self
            .target()
            .s3()
            .list_objects_v2()
            .bucket(bucket)
            .prefix(prefix)
            .send()
            .await
            .expect("the bucket is listed");
        answer
            .contents()
            .iter()
            .filter_map(|object| object.key().map(str::to_owned))
            .collect()
    }

    /// The bytes of an object.
    pub async fn object(&self, bucket: &str, key: &str) -> Vec<u8> {
        let answer = self
            .target()
            .s3()
            .get_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await
            .expect("the object is there");
        answer
            .body
            .collect()
            .await
            .expect("the object is read")
            .to_vec()
    }

    /// Messages of a queue that wait, and messages that are being worked on.
    pub async fn depth(&self, queue: &str) -> (usize, usize) {
        let wanted = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let client = aws_sdk_sqs::Client::new(self.target().config());
        let answer = client
            .get_queue_attributes()
            .queue_url(queue)
            .set_attribute_names(Some(wanted.to_vec()))
            .send()
            .await
            .expect("the queue answers");
        let attributes = answer.attributes().expect("the queue has attributes");
        let [waiting, taken] = wanted.map(|name| attributes[&name].parse().expect("a number"));
        (waiting, taken)
    }

    /// Takes all messages of a queue, as JSON.
    pub async fn messages(&self, queue: &str) -> Vec<Value> {
        self.deployed.messages(queue).await
    }

    /// Invokes a function by its name in the template and returns its answer.
    pub async fn invoke(&self, logical_id: &str, event: &Value) -> Value {
        let function = self.deployed.physical_id(logical_id).await;
        let payload = aws_sdk_lambda::primitives::Blob::new(event.to_string());
        let client = aws_sdk_lambda::Client::new(self.target().config());
        let answer = client
            .invoke()
            .function_name(function)
            .payload(payload)
            .send()
            .await
            .expect("the function is invoked");
        let text = String::from_utf8(answer.payload().expect("it answers").as_ref().to_vec())
            .expect("answers are UTF-8");
        assert_eq!(answer.function_error(), None, "{text}");
        serde_json::from_str(&text).expect("answers are JSON")
    }

    /// Waits until something holds.
    pub async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let since = Instant::now();
        while !holds().await {
            let progress = self.pipeline.progress(self.target()).await;
            assert!(
                since.elapsed() < PATIENCE,
                "waited {PATIENCE:?} until {what}; the pipeline: {progress:?}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Stops the local AWS and asserts that it leaves no process behind.
    pub async fn stop(self) {
        self.deployed.stop().await;
    }
}

/// A Python with the Parquet readers that we did not write, in a virtual environment below the target directory.
pub async fn strangers_python() -> PathBuf {
    let environment = workspace::target_directory().join("strangers-pyarrow-26.0.1-duckdb-2.0.0");
    let python = environment.join("bin/python");
    if environment.join("complete").exists() {
        return python;
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&environment))
    .await;
    run(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "pyarrow==26.0.1",
        "duckdb==2.0.0",
    ]))
    .await;
    std::fs::write(environment.join("complete"), "")
        .expect("the environment is marked as complete");
    python
}

async fn run(command: &mut Command) {
    let output = command.output().await.expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
