//! Classes of instances, such as `db.r6g.2xlarge`.

use std::cmp::Ordering;

/// Sizes below those that are counted, `xlarge`, `2xlarge` and so on.
const SMALL: [&str; 6] = ["nano", "micro", "small", "medium", "large", "xlarge"];

/// How much one class costs against another of its family; nothing where they are of several families.
pub(super) fn ordering(old: &str, new: &str) -> Option<Ordering> {
    let (old_family, old_size) = parts(old)?;
    let (new_family, new_size) = parts(new)?;
    (old_family == new_family).then(|| new_size.cmp(&old_size))
}

/// What is around the size, and the size.
fn parts(class: &str) -> Option<(Vec<&str>, usize)> {
    let mut family: Vec<_> = class.split('.').collect();
    let place = family.iter().position(|part| size(part).is_some())?;
    let size = size(family.remove(place))?;
    Some((family, size))
}

fn size(text: &str) -> Option<usize> {
    if text == "metal" {
        return Some(usize::MAX);
    }
    if let Some(place) = SMALL.iter().position(|small| *small == text) {
        return Some(place);
    }
    let times: usize = text.strip_suffix("xlarge")?.parse().ok()?;
    SMALL.len().checked_add(times)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::ordering;

    #[test]
    fn sizes_of_a_family_have_an_order() {
        for (old, new, expected) in [
            ("db.t3.micro", "db.t3.small", Some(Ordering::Greater)),
            ("ml.m5.12xlarge", "ml.m5.2xlarge", Some(Ordering::Less)),
            (
                "r6g.xlarge.search",
                "r6g.2xlarge.search",
                Some(Ordering::Greater),
            ),
            ("m5.24xlarge", "m5.metal", Some(Ordering::Greater)),
            ("db.t3.micro", "db.t4g.micro", None),
            ("db.serverless", "db.t3.micro", None),
            ("m5.18446744073709551615xlarge", "m5.large", None),
        ] {
            assert_eq!(ordering(old, new), expected, "{old} -> {new}");
        }
    }
}
