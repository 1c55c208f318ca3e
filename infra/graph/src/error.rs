//! What cannot be drawn.

/// Why something cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The JSON is no template.
    #[error(
        "this is no CloudFormation template: it has no object `Resources`; name a file that has one"
    )]
    NoTemplate,
}
