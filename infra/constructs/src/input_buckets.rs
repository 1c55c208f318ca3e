//! Buckets that functions read tables from: one of the stack's own, and those that the operator names.

use cfn::intrinsics::select;
use cfn::{List, Parameter, Test};

use crate::grants::{FurtherBuckets, ReadBucketsGrant};
use crate::{BucketHandle, Name, Stack};

/// A bucket of the stack, below some prefixes, and further buckets that a parameter names.
///
/// ```
/// use constructs::{Bucket, InputBuckets, Stack};
///
/// let mut stack = Stack::new("example", "Tables come from here and elsewhere");
/// let batch = Bucket::new("Batch").add_to(&mut stack);
/// let tables = InputBuckets::new("Input", &batch, ["inputs/", "batch_output_parquet/"], &mut stack);
/// let inputs = tables.read();
/// ```
#[derive(Clone, Debug)]
pub struct InputBuckets {
    grant: ReadBucketsGrant,
}

impl InputBuckets {
    /// Declares the parameter `<name>BucketNames`, a list of further buckets, empty for none. Their owners have a say, too: a
    /// bucket of another account needs a policy that lets the function's role read, and a key of KMS one that lets it decrypt.
    #[track_caller]
    pub fn new<'a>(
        name: impl Into<Name>,
        own: &BucketHandle,
        prefixes: impl IntoIterator<Item = &'a str>,
        stack: &mut Stack,
    ) -> Self {
        let name = name.into();
        stack.check_name(&name);
        let parameter = Parameter::<List<String>>::new()
            .description("Further buckets that tables may be read from, their names with commas between them; empty for none")
            .default_value("");
        let id = name.logical_id("BucketNames");
        let names = stack.template.parameter(id.clone(), parameter).value();
        // An empty text is a list of one empty name.
        let none = Test::equals(select::<String>(0, &names), "");
        let given = stack.template.condition(format!("Has{id}"), none.negate());
        Self {
            grant: ReadBucketsGrant {
                own: own.granted(prefixes),
                further: FurtherBuckets { names, given },
            },
        }
    }

    /// Their objects may be read and listed.
    pub fn read(&self) -> ReadBucketsGrant {
        self.grant.clone()
    }
}
