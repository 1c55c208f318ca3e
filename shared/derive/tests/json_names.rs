//! The derives name fields and variants as serde does, by every rule that serde has.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests are not marked as tests"
)]

use serde_json::Value;
use shared::{FieldMaker, Fields, Presence, Projection, Variants};

/// Every field is its JSON name and whether it is always there.
struct Names;

impl Projection for Names {
    type Of<T> = (&'static str, Presence);
}

struct Name;

impl FieldMaker<Names> for Name {
    fn field<T>(&self, name: &'static str, presence: Presence) -> (&'static str, Presence) {
        (name, presence)
    }
}

fn keys(value: &Value) -> Vec<&str> {
    let members = value.as_object().expect("an object");
    members.keys().map(String::as_str).collect()
}

macro_rules! by_every_rule {
    ($($module:ident $rule:literal;)*) => {$(
        mod $module {
            use super::*;

            #[derive(Default, serde::Serialize, Fields)]
            #[serde(rename_all = $rule)]
            struct Page {
                title: String,
                sheet_number: u32,
                is_2nd_edition: bool,
                #[serde(rename = "UPC")]
                code: Option<String>,
            }

            #[derive(Clone, Copy, serde::Serialize, Variants)]
            #[serde(rename_all = $rule)]
            enum Outcome {
                Done,
                TimedOut,
                NotAModel,
                #[serde(rename = "gone!")]
                Missing,
            }

            #[test]
            fn fields() {
                let json = serde_json::to_value(Page::default()).expect("JSON");
                let names = Page::project(&Name);
                let all = [names.title, names.sheet_number, names.is_2nd_edition, names.code];
                assert_eq!(keys(&json), all.map(|(name, _)| name));
                let optional = all.map(|(_, presence)| presence == Presence::Optional);
                assert_eq!(optional, [false, false, false, true]);
            }

            #[test]
            fn variants() {
                for outcome in Outcome::ALL {
                    let json = serde_json::to_value(outcome).expect("JSON");
                    assert_eq!(json, outcome.name());
                }
                assert_eq!(Outcome::ALL.len(), 4);
            }
        }
    )*};
}
by_every_rule! {
    lowercase "lowercase";
    uppercase "UPPERCASE";
    pascal_case "PascalCase";
    camel_case "camelCase";
    snake_case "snake_case";
    screaming_snake_case "SCREAMING_SNAKE_CASE";
    kebab_case "kebab-case";
    screaming_kebab_case "SCREAMING-KEBAB-CASE";
}

macro_rules! written_by_a_macro {
    ($name:ident { $($field:ident: $kind:ty,)* }) => {
        #[derive(serde::Serialize, Fields)]
        struct $name {
            $($field: $kind,)*
        }
    };
}
written_by_a_macro! {
    Slip {
        due: Option<String>,
        shelf: u32,
    }
}

#[test]
fn options_are_optional_also_where_a_macro_wrote_them() {
    let names = Slip::project(&Name);
    assert_eq!(names.due, ("due", Presence::Optional));
    assert_eq!(names.shelf, ("shelf", Presence::Required));
}
