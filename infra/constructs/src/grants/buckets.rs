//! The grant on several buckets.

use cfn::intrinsics::{if_, join, split, sub};
use cfn::{Condition, IntoValue as _, List, Statement, Value};
use shared::capability;

use super::objects::READ_WITH_KEY;
use super::{Grant, Objects, of};

/// Objects of the stack's own bucket, below some prefixes, and of the buckets that the operator names may be read and listed.
#[derive(Clone, Debug)]
pub struct ReadBucketsGrant {
    pub(crate) own: Objects,
    pub(crate) further: FurtherBuckets,
}

/// The buckets that the operator names.
#[derive(Clone, Debug)]
pub(crate) struct FurtherBuckets {
    pub(crate) names: Value<List<String>>,
    /// Holds when there are any.
    pub(crate) given: Condition,
}

impl FurtherBuckets {
    /// An ARN for each bucket, with the same end.
    ///
    /// CloudFormation has no loop: what stands between two names is the delimiter of a join, which is split again. A
    /// delimiter is a literal, so the partition cannot be a pseudo parameter; any one is right, because a role sees the buckets
    /// of its own partition only.
    fn arns(&self, end: &str) -> Value<List<String>> {
        let between = format!("{end}|{BUCKET_ARN}");
        let all = join(
            "",
            [
                BUCKET_ARN.into_value(),
                join(&between, self.names.clone()),
                end.into_value(),
            ],
        );
        split("|", all)
    }
}

/// What the ARN of a bucket starts with, whatever the partition.
const BUCKET_ARN: &str = "arn:*:s3:::";

impl Grant for ReadBucketsGrant {
    fn environment(&self) -> Value<String> {
        let own = sub(self.own.bucket.clone());
        let all = [own.clone(), join(",", self.further.names.clone())];
        if_(&self.further.given, join(",", all), own)
    }

    fn statements(&self) -> Vec<(&'static str, Statement)> {
        let read = of(capability::READ_BUCKET_OBJECTS).resources(self.own.object_arns());
        let list = self.own.listed(of(capability::LIST_BUCKETS));
        let further = &self.further;
        let read_further = of(capability::READ_BUCKET_OBJECTS)
            .computed_resources(further.arns("/*"))
            .only_if(&further.given);
        let list_further = of(capability::LIST_BUCKETS)
            .computed_resources(further.arns(""))
            .only_if(&further.given);
        let key = self.own.key_statement(&READ_WITH_KEY);
        let always = [
            ("", read),
            ("List", list),
            ("Further", read_further),
            ("FurtherList", list_further),
        ];
        always
            .into_iter()
            .chain(key.map(|statement| ("Key", statement)))
            .collect()
    }

    fn problem(&self) -> Option<String> {
        self.own.problem()
    }
}
