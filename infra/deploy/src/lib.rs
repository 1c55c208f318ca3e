//! Deployment through CloudFormation change sets.
