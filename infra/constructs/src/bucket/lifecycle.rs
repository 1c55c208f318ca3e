//! When objects of a bucket are deleted.

use cfn::s3::bucket::{
    AbortIncompleteMultipartUpload, LifecycleConfiguration, NoncurrentVersionExpiration, Rule,
    RuleStatus,
};
use cfn::{IntoValue, Value};

use crate::Days;

/// Parts of uploads that nobody finished are billed and invisible.
const DAYS_UNTIL_PARTS_GO: u32 = 3;

/// The lifecycle rules of a bucket.
#[derive(Debug, Default)]
pub(super) struct Lifecycle {
    expirations: Vec<(String, Value<i64>)>,
    versions_kept: Option<Days>,
}

impl Lifecycle {
    pub(super) fn expire(&mut self, prefix: &str, days: impl IntoValue<i64>) {
        self.expirations
            .push((prefix.to_owned(), days.into_value()));
    }

    pub(super) fn expire_versions_after(&mut self, kept: Days) {
        self.versions_kept = Some(kept);
    }

    pub(super) fn keeps_versions(&self) -> bool {
        self.versions_kept.is_some()
    }

    pub(super) fn property(&self) -> LifecycleConfiguration {
        let abort =
            AbortIncompleteMultipartUpload::new().days_after_initiation(DAYS_UNTIL_PARTS_GO);
        let mut rules =
            vec![rule("abort-incomplete-uploads").abort_incomplete_multipart_upload(abort)];
        rules.extend(self.expirations.iter().map(expiration));
        if let Some(kept) = self.versions_kept {
            let expiration = NoncurrentVersionExpiration::new().noncurrent_days(kept.count());
            rules.push(rule("expire-old-versions").noncurrent_version_expiration(expiration));
        }
        LifecycleConfiguration::new().rules(rules)
    }
}

fn rule(id: &str) -> Rule {
    Rule::new().id(id).status(RuleStatus::Enabled)
}

fn expiration((prefix, days): &(String, Value<i64>)) -> Rule {
    if prefix.is_empty() {
        return rule("expire").expiration_in_days(days);
    }
    let name = prefix.trim_end_matches('/').replace('/', "-");
    rule(&format!("expire-{name}"))
        .prefix(prefix)
        .expiration_in_days(days)
}
