//! Typed CloudFormation.
