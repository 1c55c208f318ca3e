//! The rows of batch jobs: what is known of each job, and who is told when it ends.
#![warn(missing_docs)]
