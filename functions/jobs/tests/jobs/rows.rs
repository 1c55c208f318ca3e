//! Rows as items.

use jobs::{JobRow, OpenJob, RowStatus};
use proptest::prelude::*;
use shared::TaskToken;
use shared::batch::status::JobStatus;
use shared::contracts::batch::job_row;
use shared::run::Scalar;

fn row() -> impl Strategy<Value = JobRow> {
    let statuses = JobStatus::ALL
        .into_iter()
        .map(RowStatus::Job)
        .chain([RowStatus::Submitting, RowStatus::NotSubmitted])
        .collect::<Vec<_>>();
    let count = || 0..=i64::MAX.cast_unsigned();
    let texts = (".{1,20}", ".{0,20}", ".{0,20}", ".{0,20}", ".{0,20}");
    let numbers = (count(), any::<u32>(), count(), any::<i64>());
    let options = (
        proptest::option::of(".{0,20}"),
        proptest::option::of(".{0,20}"),
        proptest::option::of(".{1,20}"),
        proptest::option::of(count()),
        proptest::option::of(count()),
    );
    let times = (".{0,20}", ".{0,20}", ".{0,20}");
    let status = proptest::sample::select(statuses);
    (texts, numbers, options, times, status, any::<bool>()).prop_map(
        |(texts, numbers, options, times, status, open)| JobRow {
            name: texts.0,
            run: texts.1,
            prefix: texts.2,
            execution: texts.3,
            model_id: texts.4,
            chunk: numbers.0,
            attempt: numbers.1,
            records: numbers.2,
            expires: numbers.3,
            job_arn: options.0,
            message: options.1,
            token: options.2.map(TaskToken),
            processed: options.3,
            errors: options.4,
            token_at: times.0,
            submitted_at: times.1,
            updated_at: times.2,
            status,
            open,
        },
    )
}

proptest! {
    #[test]
    fn a_row_is_read_as_it_was_written(row in row()) {
        prop_assert_eq!(JobRow::from_item(&row.to_item()), Ok(row));
    }

    #[test]
    fn an_attribute_of_another_type_is_named(row in row(), index in any::<prop::sample::Index>()) {
        let mut item = row.to_item();
        // Whether a row is open is a matter of the attribute being there.
        item.remove(job_row::OPEN);
        let names: Vec<String> = item.keys().cloned().collect();
        let name = index.get(&names);
        let other = match item[name] {
            Scalar::Text(_) => Scalar::Number(1),
            Scalar::Number(_) => Scalar::from("one"),
        };
        item.insert(name.clone(), other);
        let error = JobRow::from_item(&item).unwrap_err();
        prop_assert_eq!(error.attribute, name);
    }

    #[test]
    fn the_index_shows_what_is_needed(row in row()) {
        let open = OpenJob::from_item(&row.to_item()).unwrap();
        prop_assert_eq!(open.name, row.name);
        prop_assert_eq!(open.arn, row.job_arn);
    }

    #[test]
    fn tokens_are_not_printed(row in row()) {
        let token = TaskToken("the-very-secret-token".to_owned());
        let row = JobRow { token: Some(token), ..row };
        let printed = format!("{row:?}");
        prop_assert!(!printed.contains("secret"), "{}", printed);
    }
}

#[test]
fn a_status_that_nobody_knows_is_an_error() {
    let row = jobs::RowStatus::Submitting;
    assert_eq!("Submitting".parse(), Ok(row));
    assert!("Daydreaming".parse::<RowStatus>().is_err());
}
