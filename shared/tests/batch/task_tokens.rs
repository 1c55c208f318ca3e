//! The task token over tags.

use proptest::prelude::*;
use shared::batch::task_token::{TaskTokenError, from_tags, to_tags};

fn back(tags: &[(String, String)]) -> Result<Option<String>, TaskTokenError> {
    from_tags(
        tags.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
}

proptest! {
    #[test]
    fn tokens_survive_in_any_order(token in "[A-Za-z0-9+/=]{1,2048}", turn in 0usize..9) {
        let mut tags = to_tags(&token).unwrap();
        prop_assert!(tags.iter().all(|(_, value)| value.len() <= 256));
        prop_assert!(tags.len() <= 9);
        let turn = turn % tags.len();
        tags.rotate_left(turn);
        tags.push(("team".to_owned(), "vision".to_owned()));
        prop_assert_eq!(back(&tags), Ok(Some(token)));
    }
}

#[test]
fn a_lost_part_is_noticed() {
    let tags = to_tags(&"x".repeat(600)).unwrap();
    assert_eq!(tags.len(), 4);
    for lost in 0..tags.len() {
        let mut rest = tags.clone();
        rest.remove(lost);
        assert_eq!(back(&rest), Err(TaskTokenError::Incomplete), "{lost}");
    }
}

#[test]
fn jobs_of_others_have_no_token() {
    assert_eq!(from_tags([("team", "vision")]), Ok(None));
    assert_eq!(from_tags([]), Ok(None));
    let strange = from_tags([("TaskToken:first", "x")]);
    assert_eq!(strange, Err(TaskTokenError::Tag("TaskToken:first".into())));
}

#[test]
fn what_tags_cannot_hold_is_refused() {
    assert_eq!(to_tags(""), Err(TaskTokenError::Length(0)));
    assert_eq!(
        to_tags(&"x".repeat(2049)),
        Err(TaskTokenError::Length(2049))
    );
    assert_eq!(to_tags("a#b"), Err(TaskTokenError::Character('#')));
    assert_eq!(to_tags("ü"), Err(TaskTokenError::Character('ü')));
}
