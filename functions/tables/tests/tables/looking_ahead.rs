//! Columns that are looked at before their rows are given, and tables that are no files.

use std::cell::RefCell;
use std::rc::Rc;

use arrow::array::{AsArray as _, RecordBatch};
use tables::TableError;
use tables::input::{Batches, Limits};

use crate::memory::open;

fn limits(batch_rows: usize) -> Limits {
    Limits {
        batch_rows,
        ..Limits::default()
    }
}

fn letters() -> Vec<String> {
    "abcdefg".chars().map(String::from).collect()
}

#[test]
fn texts_are_a_table_of_one_column() {
    let table = Batches::of_texts("letter", letters(), limits(3));
    assert_eq!(table.schema().field(0).name(), "letter");
    let batches: Vec<_> = table.map(Result::unwrap).collect();
    let rows: Vec<_> = batches.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(rows, [3, 3, 1]);
    let read = batches.iter().flat_map(|batch| {
        let column = batch.column(0).as_string::<i32>();
        column
            .iter()
            .map(|cell| cell.unwrap().to_owned())
            .collect::<Vec<_>>()
    });
    assert_eq!(read.collect::<Vec<_>>(), letters());
    let table = Batches::of_texts("letter", letters(), limits(3));
    assert_eq!(table.count_rows().unwrap(), 7);
}

#[test]
fn a_batch_is_given_after_its_texts_were_seen_and_before_the_next() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let look = Rc::clone(&seen);
    let table = Batches::of_texts("letter", letters(), limits(5));
    let table = table.looked_ahead("letter", 2, move |texts| {
        let texts: String = texts.iter().flatten().map(String::as_str).collect();
        look.borrow_mut().push(texts);
        Ok(())
    });
    let mut given = 0;
    for batch in table.unwrap() {
        let batch = batch.unwrap();
        let column = batch.column(0).as_string::<i32>();
        let texts: String = column.iter().flatten().collect();
        given += 1;
        assert_eq!(seen.borrow().len(), given);
        assert_eq!(seen.borrow().last().unwrap(), &texts);
    }
    assert_eq!(*seen.borrow(), ["ab", "cd", "e", "fg"]);
}

#[test]
fn a_failed_look_is_the_end() {
    let table = Batches::of_texts("letter", letters(), limits(5));
    let mut looks = 0;
    let table = table.looked_ahead("letter", 2, move |_| {
        looks += 1;
        if looks == 2 {
            return Err(TableError::NoFiles);
        }
        Ok(())
    });
    let batches: Vec<bool> = table.unwrap().map(|batch| batch.is_ok()).collect();
    assert_eq!(batches, [true, false]);
}

#[test]
fn the_column_must_be_there() {
    let table = open("a.csv", "topic\ncats\n").unwrap();
    let error = table
        .looked_ahead("image", 2, |_| Ok(()))
        .map(drop)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the table has no column `image`; it has `topic`"
    );
}
