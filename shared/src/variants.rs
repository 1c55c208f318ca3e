//! Enums that are one of a few texts.

/// An enum without data: all its values and their texts; derived.
///
/// ```
/// use shared::Variants as _;
///
/// #[derive(Clone, Copy, shared::Variants)]
/// #[serde(rename_all = "snake_case")]
/// # #[derive(serde::Serialize)]
/// enum Outcome {
///     Completed,
///     TimedOut,
/// }
/// assert_eq!(Outcome::ALL.len(), 2);
/// assert_eq!(Outcome::TimedOut.name(), "timed_out");
/// ```
#[diagnostic::on_unimplemented(
    message = "the values of `{Self}` cannot be listed",
    note = "derive `shared::Variants` for an enum without data"
)]
pub trait Variants: Copy + 'static {
    /// Every value, in declaration order.
    const ALL: &'static [Self];

    /// The text that serde writes for this value.
    fn name(self) -> &'static str;
}
