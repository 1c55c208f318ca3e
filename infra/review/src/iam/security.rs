//! What matters to security beside permissions: exposure to everybody, encryption, plain connections.

use std::collections::{BTreeMap, BTreeSet};

use super::clause::Key;
use super::collect::Known;
use super::holder::{Granted, Holder};
use super::model::{SecurityChange, Verdict};
use super::pattern::Pattern;
use super::scope::{Grants, PRINCIPAL, Source};
use super::switches::weak_points;

/// Weak points, by the place and what is said of it; with whether the template says nothing about it.
type Findings = BTreeMap<(Source, String), bool>;

/// A template, as far as it matters here.
pub(super) struct Side<'a> {
    pub(super) resources: &'a [Known<'a>],
    pub(super) granted: &'a Granted,
}

/// Weak points that come first, then those that go. A resource that goes takes its own along without a word.
pub(super) fn changes(old: &Side<'_>, new: &Side<'_>) -> Vec<SecurityChange> {
    let [before, after] = [old, new].map(Side::findings);
    let [was_there, is_there] = [old, new].map(Side::ids);
    let mut changes = Vec::new();
    for ((place, explanation), by_absence) in &after {
        let is_news = !by_absence || was_there.contains(place.logical_id.as_str());
        if is_news && !is_among(&before, place, explanation) {
            changes.push(change(place, Verdict::Widened, explanation.clone()));
        }
    }
    for (place, explanation) in before.keys() {
        if is_there.contains(place.logical_id.as_str()) && !is_among(&after, place, explanation) {
            changes.push(change(
                place,
                Verdict::Narrowed,
                format!("no longer so: {explanation}"),
            ));
        }
    }
    changes
}

/// Whether a resource had a weak point before, wherever in it.
fn is_among(findings: &Findings, place: &Source, explanation: &str) -> bool {
    let is_statement = place.path.contains(".Statement");
    (findings.keys()).any(|(other, said)| said == explanation && (is_statement || other == place))
}

fn change(place: &Source, verdict: Verdict, explanation: String) -> SecurityChange {
    SecurityChange {
        logical_id: place.logical_id.clone(),
        path: place.path.clone(),
        verdict,
        explanation,
    }
}

impl Side<'_> {
    fn ids(&self) -> BTreeSet<&str> {
        self.resources
            .iter()
            .map(|known| known.id.as_str())
            .collect()
    }

    fn findings(&self) -> Findings {
        let mut found = Findings::new();
        for resource in self.resources {
            for point in weak_points(resource) {
                let place = Source {
                    logical_id: resource.id.clone(),
                    path: point.path,
                };
                found.insert((place, point.explanation), point.by_absence);
            }
        }
        for (holder, grants) in self
            .granted
            .iter()
            .filter(|(holder, _)| holder.has_principals())
        {
            if let Some(source) = public(grants) {
                let explanation = format!(
                    "everybody may use `{}`: the principal is `*`, without a condition",
                    holder.name()
                );
                found.insert((source.clone(), explanation), false);
            }
        }
        found.extend(self.plain());
        found
    }

    /// Buckets and their like that answer over plain connections.
    fn plain(&self) -> impl Iterator<Item = ((Source, String), bool)> {
        let holders = self
            .resources
            .iter()
            .filter(|known| known.kind == "AWS::S3::Bucket");
        let open = holders.filter(|known| {
            let grants = self.granted.get(&Holder::Resource(known.id.clone()));
            !grants.is_some_and(refuses_plain)
        });
        open.map(|known| {
            let place = Source {
                logical_id: known.id.clone(),
                path: "Properties".to_owned(),
            };
            (
                (
                    place,
                    "its policy does not refuse plain connections, without TLS".to_owned(),
                ),
                true,
            )
        })
    }
}

/// Where everybody is allowed something without a condition.
fn public(grants: &Grants) -> Option<&Source> {
    let (_, source) = grants.allows.iter().find(|(scope, _)| {
        let is_of_template = scope
            .clauses
            .iter()
            .all(|clause| matches!(clause.key, Key::Deployment(_)));
        scope.regions[PRINCIPAL].include.is_any() && is_of_template
    })?;
    Some(source)
}

/// Whether a policy refuses whatever does not come by TLS.
fn refuses_plain(grants: &Grants) -> bool {
    let key = Key::Request("aws:securetransport".to_owned());
    let plain = Pattern::literal("false");
    (grants.denies.keys()).any(|scope| {
        scope.regions[PRINCIPAL].include.is_any()
            && (scope.clauses.iter())
                .any(|clause| clause.key == key && clause.values.contains(&plain))
    })
}
