//! The role of a function: what its ports grant, what its own workings need, nothing else.

use cfn::iam::role::Policy;
use cfn::{PolicyDocument, Principal, Statement, iam, logs};
use shared::{Contract, Ports};

use super::Function;
use crate::{Stack, Synth};

/// What Lambda's pollers do with a queue on behalf of the function.
const CONSUME: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];

/// What X-Ray takes; it knows no resources.
const TRACE: [&str; 2] = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

impl<C: Contract + Ports<Synth>> Function<C> {
    #[track_caller]
    pub(super) fn add_role(
        &self,
        stack: &mut Stack,
        logs: &logs::LogGroupRef,
        of_ports: Vec<Statement>,
    ) -> iam::RoleRef {
        let document = PolicyDocument::new()
            .statements(of_ports)
            .statements(self.own_statements(logs));
        let policy = Policy::new().policy_name(C::NAME).policy_document(document);
        let trust = Statement::allow()
            .principal(Principal::service("lambda.amazonaws.com"))
            .action("sts:AssumeRole");
        let role = iam::Role::new()
            .description(format!("Function {} of {}", C::NAME, stack.name()))
            .assume_role_policy_document(PolicyDocument::new().statement(trust))
            .policies([policy]);
        stack.template.add(self.name.logical_id("Role"), role)
    }

    /// What the function's own workings need beside its ports. The group exists already, so it need not be created.
    fn own_statements(&self, logs: &logs::LogGroupRef) -> Vec<Statement> {
        let mut statements = vec![
            Statement::allow()
                .sid("OwnLogs")
                .actions(["logs:CreateLogStream", "logs:PutLogEvents"])
                .resource(logs.arn()),
        ];
        if let Some(source) = &self.source {
            let consume = Statement::allow().sid("OwnMessages").actions(CONSUME);
            statements.push(consume.resource(source.queue_arn()));
        }
        let destinations = [
            ("OwnFailures", &self.on_failure),
            ("OwnDeadLetters", &self.dead_letters),
        ];
        for (sid, queue) in destinations {
            if let Some(queue) = queue {
                let send = Statement::allow().sid(sid).action("sqs:SendMessage");
                statements.push(send.resource(queue));
            }
        }
        if self.traced {
            statements.push(
                Statement::allow()
                    .sid("OwnTraces")
                    .actions(TRACE)
                    .resource("*"),
            );
        }
        statements
    }
}
