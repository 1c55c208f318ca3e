//! Secure-by-default building blocks on typed CloudFormation.
