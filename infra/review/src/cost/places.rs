//! The places of a property that may stand in a list.

use std::collections::BTreeMap;

use crate::meaning::Meaning;

/// Members by which items of lists are told apart; others are by number.
const NAMES: [&str; 2] = ["IndexName", "VariantName"];

/// Every value at a path whose `*` are items of lists, by its place for people. A value that cannot be looked into stands for
/// what is in it.
pub(super) fn places<'a>(properties: &'a Meaning, path: &str) -> BTreeMap<String, &'a Meaning> {
    let mut found = BTreeMap::new();
    let path: Vec<_> = path.split('.').collect();
    walk(properties, &path, "Properties", &mut found);
    found
}

fn walk<'a>(
    meaning: &'a Meaning,
    path: &[&str],
    place: &str,
    found: &mut BTreeMap<String, &'a Meaning>,
) {
    let Some((name, rest)) = path.split_first() else {
        found.insert(place.to_owned(), meaning);
        return;
    };
    match meaning {
        Meaning::List(items) if *name == "*" => {
            for (number, item) in items.iter().enumerate() {
                let place = format!("{place}[{}]", item_name(item, number));
                walk(item, rest, &place, found);
            }
        }
        Meaning::Object(members) => {
            if let Some(member) = members.get(*name) {
                walk(member, rest, &format!("{place}.{name}"), found);
            }
        }
        Meaning::Choice(..) | Meaning::Function(..) | Meaning::Parameter(..) => {
            let rest = path.iter().map(|name| match *name {
                "*" => "[*]".to_owned(),
                name => format!(".{name}"),
            });
            found.insert(format!("{place}{}", rest.collect::<String>()), meaning);
        }
        _ => {}
    }
}

fn item_name(item: &Meaning, number: usize) -> String {
    let name = match item {
        Meaning::Object(members) => NAMES.iter().find_map(|name| members.get(*name)?.as_text()),
        _ => None,
    };
    name.map_or_else(|| number.to_string(), str::to_owned)
}
