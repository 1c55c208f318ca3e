//! What the checker is told of the data.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The JSON Schema of what is written as a `T`.
pub(crate) fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// The JSON Schema of what is read as a `T`: members with a default may be missing.
pub(crate) fn read_as<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12();
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// The JSON Schema of an answer that holds a `T` as the member of a path such as `.Output`; of a `T` itself for no path.
pub(crate) fn below<T: JsonSchema>(path: &str) -> Value {
    let mut schema = of::<T>();
    let Some(member) = path.strip_prefix('.') else {
        return schema;
    };
    let definitions = schema.as_object_mut().and_then(|it| it.remove("$defs"));
    let mut outer = Map::new();
    outer.insert("type".to_owned(), json!("object"));
    outer.insert("properties".to_owned(), json!({ member: schema }));
    outer.insert("required".to_owned(), json!([member]));
    outer.extend(definitions.map(|definitions| ("$defs".to_owned(), definitions)));
    Value::Object(outer)
}
