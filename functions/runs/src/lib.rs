//! What the functions of the batch system share: tables in buckets and on the Hugging Face Hub, and the files of a run.
#![warn(missing_docs)]
