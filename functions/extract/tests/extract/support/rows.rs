//! Reading back what was written.

use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::record::Field;
use serde_json::{Map, Value, json};

/// The only row of a file.
pub(crate) fn read(file: &[u8]) -> Value {
    let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(file)).unwrap();
    let rows: Vec<_> = reader
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let [row] = rows.as_slice() else {
        panic!("{} rows", rows.len());
    };
    row.get_column_iter()
        .map(|(name, field)| (name.clone(), value(field)))
        .collect::<Map<_, _>>()
        .into()
}

fn value(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Str(text) => json!(text),
        Field::Long(number) => json!(number),
        Field::Double(number) => json!(number),
        other => panic!("no column has {other:?}"),
    }
}
