//! Crawlers, for files whose columns nobody declared.
//!
//! The tables of this crate need none: their columns come from a record and their folders are computed. A crawler is for data of
//! others.

use cfn::events::rule::Target;
use cfn::glue::crawler::{
    RecrawlPolicy, RecrawlPolicyRecrawlBehavior, S3Target, Schedule, SchemaChangePolicy,
    SchemaChangePolicyDeleteBehavior, SchemaChangePolicyUpdateBehavior, Targets,
};
use cfn::glue::trigger::{Action, EventBatchingCondition, Type};
use cfn::iam::role::Policy;
use cfn::intrinsics::sub_with;
use cfn::{Expression, PolicyDocument, Principal, Statement, Value, events, glue, iam};
use serde_json::json;

use super::DatabaseHandle;
use crate::grants::Grant as _;
use crate::{BucketHandle, Name, Seconds, Stack};

/// A crawler, before it is added to a stack.
#[derive(Debug)]
#[must_use = "a crawler exists once it is added to a stack"]
pub struct Crawler {
    name: Name,
    bucket: BucketHandle,
    prefix: String,
    start: Start,
}

#[derive(Debug)]
enum Start {
    Daily { hour: u8, minute: u8 },
    OnArrival { objects: u32, window: Seconds },
}

impl Crawler {
    /// A crawler over the objects below a prefix that runs at 02:00 UTC every day.
    pub fn new(name: impl Into<Name>, bucket: &BucketHandle, prefix: &str) -> Self {
        Self {
            name: name.into(),
            bucket: bucket.clone(),
            prefix: prefix.to_owned(),
            start: Start::Daily { hour: 2, minute: 0 },
        }
    }

    /// Runs every day at this time, UTC.
    pub fn every_day_at(mut self, hour: u8, minute: u8) -> Self {
        self.start = Start::Daily { hour, minute };
        self
    }

    /// Runs when so many objects have arrived, or when the window since the first one is over. The bucket must
    /// [`notify_event_bridge`](crate::Bucket::notify_event_bridge).
    pub fn on_arrival(mut self, objects: u32, window: Seconds) -> Self {
        self.start = Start::OnArrival { objects, window };
        self
    }

    /// Adds the crawler, its role and what starts it.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack, database: &DatabaseHandle) {
        stack.check_name(&self.name);
        let grant = self.bucket.read_below(&self.prefix);
        if let Some(problem) = grant.problem() {
            stack.problem(format!("crawler `{}`: {problem}", self.name));
        }
        let role = self.add_role(stack);
        let target = S3Target::new().path(cfn::intrinsics::sub(self.bucket.location(&self.prefix)));
        let mut crawler = glue::Crawler::new()
            .role(role.arn())
            .database_name(database.reference())
            .targets(Targets::new().s3_targets([target]))
            .recrawl_policy(
                RecrawlPolicy::new()
                    .recrawl_behavior(RecrawlPolicyRecrawlBehavior::CrawlNewFoldersOnly),
            )
            // New folders only: Glue then accepts no other reaction to a changed schema than a line in the log.
            .schema_change_policy(
                SchemaChangePolicy::new()
                    .update_behavior(SchemaChangePolicyUpdateBehavior::Log)
                    .delete_behavior(SchemaChangePolicyDeleteBehavior::Log),
            );
        if let Start::Daily { hour, minute } = self.start {
            let expression = format!("cron({minute} {hour} * * ? *)");
            crawler = crawler.schedule(Schedule::new().schedule_expression(expression));
        }
        let crawler = stack.template.add(self.name.logical_id("Crawler"), crawler);
        if let Start::OnArrival { objects, window } = self.start {
            self.start_on_arrival(stack, &crawler, objects, window);
        }
    }

    #[track_caller]
    fn add_role(&self, stack: &mut Stack) -> iam::RoleRef {
        let objects = self.bucket.read_below(&self.prefix);
        let keys = self.bucket.list_below(&self.prefix);
        let document = PolicyDocument::new()
            .statements(objects.statements_of(&"Objects".into()))
            .statements(keys.statements_of(&"Keys".into()));
        let policy = Policy::new().policy_name("crawl").policy_document(document);
        let role = iam::Role::new()
            .assume_role_policy_document(trust("glue.amazonaws.com"))
            .managed_policy_arns([cfn::arn::aws_managed_policy(
                "service-role/AWSGlueServiceRole",
            )])
            .policies([policy]);
        stack
            .template
            .add(self.name.logical_id("CrawlerRole"), role)
    }

    /// EventBridge cannot start a crawler, but a workflow; the workflow's trigger gathers events and starts the crawler.
    #[track_caller]
    fn start_on_arrival(
        &self,
        stack: &mut Stack,
        crawler: &glue::CrawlerRef,
        objects: u32,
        window: Seconds,
    ) {
        let (name, template) = (&self.name, &mut stack.template);
        let workflow =
            glue::Workflow::new().description(format!("Runs crawler {name} when objects arrive"));
        let workflow = template.add(name.logical_id("Workflow"), workflow);
        let trigger = glue::Trigger::new()
            .type_(Type::Event)
            .workflow_name(workflow.reference())
            .event_batching_condition(
                EventBatchingCondition::new()
                    .batch_size(objects)
                    .batch_window(window.count()),
            )
            .actions([Action::new().crawler_name(crawler.reference())]);
        template.add(name.logical_id("Trigger"), trigger);
        let workflow_arn: Value<String> = sub_with(
            "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:workflow/${Workflow}",
            [("Workflow", workflow.reference())],
        );
        let notify = Statement::allow()
            .sid("Notify")
            .action("glue:notifyEvent")
            .resource(workflow_arn.clone());
        let policy = Policy::new()
            .policy_name("notify")
            .policy_document(PolicyDocument::new().statement(notify));
        let role = iam::Role::new()
            .assume_role_policy_document(trust("events.amazonaws.com"))
            .policies([policy]);
        let role = template.add(name.logical_id("ArrivalRole"), role);
        let target = Target::new()
            .id("workflow")
            .arn(workflow_arn.assume_arn())
            .role_arn(role.arn());
        let arrival = events::Rule::new()
            .description(format!("Objects for crawler {name}"))
            .event_pattern(self.arrival_pattern())
            .targets([target]);
        template.add(name.logical_id("Arrival"), arrival);
    }

    fn arrival_pattern(&self) -> Expression {
        let bucket = self.bucket.bucket_name().into_node();
        let mut detail = cfn::Object::new();
        detail.set("bucket", cfn::Node::single("name", vec![bucket]));
        detail.set(
            "object",
            cfn::Node::from(json!({ "key": [{ "prefix": self.prefix }] })),
        );
        let mut pattern = cfn::Object::new();
        pattern.set("source", vec!["aws.s3"]);
        pattern.set("detail-type", vec!["Object Created"]);
        pattern.set("detail", detail);
        cfn::intrinsics::raw(pattern)
    }
}

fn trust(service: &'static str) -> PolicyDocument {
    PolicyDocument::new().statement(
        Statement::allow()
            .principal(Principal::service(service))
            .action("sts:AssumeRole"),
    )
}
