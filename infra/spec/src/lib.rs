//! The trimmed CloudFormation resource specification.
