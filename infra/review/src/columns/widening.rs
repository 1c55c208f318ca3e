//! Whether data of one type can be read as another.

use std::collections::BTreeMap;

use spec::ColumnType;

use super::table::{Access, Format};

/// What AWS lists as readable: "Change a column data type".
/// <https://docs.aws.amazon.com/athena/latest/ug/updates-changing-column-type.html>
const WIDER: [(&str, &[&str]); 4] = [
    ("tinyint", &["smallint", "int", "bigint"]),
    ("smallint", &["int", "bigint"]),
    ("int", &["bigint"]),
    ("float", &["double"]),
];

/// A verdict on another type.
pub(super) struct Verdict {
    pub(super) breaking: bool,
    pub(super) explanation: String,
}

/// What the change of a column's type means for the files that are there.
pub(super) fn verdict(
    old: &Result<ColumnType, String>,
    new: &Result<ColumnType, String>,
    format: Format,
    is_partitioned: bool,
) -> Verdict {
    let broken = |explanation: String| Verdict {
        breaking: true,
        explanation,
    };
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (_, Err(kind)) | (Err(kind), _) => {
            return broken(format!("`{kind}` is no type that Athena is known to read"));
        }
    };
    let mut found = Comparison {
        access: format.access,
        widened: false,
        problem: None,
    };
    found.compare("", old, new);
    if let Some(problem) = found.problem {
        return broken(problem);
    }
    // The same page: without partitions, a column of Parquet or ORC cannot be given another type.
    if found.widened && format.is_columnar && !is_partitioned {
        return broken("the type is wider, but AWS has Parquet and ORC files read so only in tables with partitions: write the files anew".to_owned());
    }
    let explanation = if found.widened {
        "the type is wider: what is there can be read as it"
    } else {
        "fields that files do not have are null"
    };
    Verdict {
        breaking: false,
        explanation: explanation.to_owned(),
    }
}

struct Comparison {
    access: Access,
    /// Whether anything is of a wider type.
    widened: bool,
    /// The first thing that breaks.
    problem: Option<String>,
}

impl Comparison {
    fn compare(&mut self, place: &str, old: &ColumnType, new: &ColumnType) {
        if old == new || self.problem.is_some() {
            return;
        }
        match (old, new) {
            (ColumnType::Array(old), ColumnType::Array(new)) => {
                self.compare(&below(place, "item"), old, new);
            }
            (ColumnType::Map(old_key, old), ColumnType::Map(new_key, new)) => {
                self.compare(&below(place, "key"), old_key, new_key);
                self.compare(&below(place, "value"), old, new);
            }
            (ColumnType::Struct(old), ColumnType::Struct(new)) => self.fields(place, old, new),
            (ColumnType::Plain(old), ColumnType::Plain(new)) if is_wider(old, new) => {
                self.widened = true;
            }
            _ => {
                let what = subject(place);
                self.problem = Some(format!("{what}`{old}` cannot be read as `{new}`"));
            }
        }
    }

    fn fields(&mut self, place: &str, old: &[(String, ColumnType)], new: &[(String, ColumnType)]) {
        let kept: BTreeMap<&str, &ColumnType> = new
            .iter()
            .map(|(name, kind)| (name.as_str(), kind))
            .collect();
        for (name, kind) in old {
            let place = below(place, name);
            match kept.get(name.as_str()) {
                Some(kept) => self.compare(&place, kind, kept),
                None => {
                    self.break_with(format!("`{place}` is gone: queries that name it fail"));
                }
            }
        }
        let same = |(old, new): (&(String, ColumnType), &(String, ColumnType))| old.0 == new.0;
        if self.access == Access::Position && !old.iter().zip(new).all(same) {
            let what = subject(place);
            self.break_with(format!(
                "{what}fields are found by position, and stand elsewhere now"
            ));
        }
    }

    fn break_with(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }
}

fn is_wider(old: &str, new: &str) -> bool {
    let row = WIDER.iter().find(|(name, _)| *name == old);
    row.is_some_and(|(_, wider)| wider.contains(&new))
}

fn below(place: &str, name: &str) -> String {
    match place {
        "" => name.to_owned(),
        place => format!("{place}.{name}"),
    }
}

fn subject(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!("`{place}`: "),
    }
}
