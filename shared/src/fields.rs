//! One struct, two readings: a type that travels as a JSON object, and its fields as something else.
//!
//! [`Fields`](crate::Fields) is to the data of events and responses what [`Ports`](crate::Ports) is to contracts: the derive
//! walks the fields, and a [`Projection`] decides what each of them becomes. A workflow's projection makes expressions of
//! them, so that a field is read and an object is filled with the compiler looking on.

/// What becomes of a field of type `T`.
pub trait Projection {
    /// The projected field.
    type Of<T>;
}

/// A type that travels as a JSON object with these fields; derived.
///
/// ```
/// use shared::{FieldMaker, Fields, Presence, Projection};
///
/// #[derive(serde::Serialize, Fields)]
/// #[serde(rename_all = "camelCase")]
/// struct Order {
///     order_id: String,
///     gift: Option<bool>,
/// }
///
/// /// Every field is its JSON name.
/// struct Names;
/// impl Projection for Names {
///     type Of<T> = &'static str;
/// }
/// struct Name;
/// impl FieldMaker<Names> for Name {
///     fn field<T>(&self, name: &'static str, _: Presence) -> &'static str {
///         name
///     }
/// }
/// assert_eq!(Order::project(&Name).order_id, "orderId");
/// ```
#[diagnostic::on_unimplemented(
    message = "the fields of `{Self}` are not known",
    label = "`{Self}` has no typed fields",
    note = "derive `shared::Fields` for a struct that travels as a JSON object"
)]
pub trait Fields: Sized {
    /// The fields in a projection, a struct with the same field names.
    type Fields<P: Projection>: FieldsOf<P, Whole = Self>;

    /// Makes every field, in declaration order.
    fn project<P: Projection>(maker: &impl FieldMaker<P>) -> Self::Fields<P>;
}

/// The projected fields of a type, which know what they are the fields of.
pub trait FieldsOf<P: Projection> {
    /// The type with these fields.
    type Whole: Fields<Fields<P> = Self>;

    /// Shows every field with its JSON name, in declaration order.
    fn visit(&self, visitor: &mut impl FieldVisitor<P>);
}

/// Makes the fields of a projection.
pub trait FieldMaker<P: Projection> {
    /// The field of this JSON name.
    fn field<T>(&self, name: &'static str, presence: Presence) -> P::Of<T>;
}

/// Sees the fields of a projection.
pub trait FieldVisitor<P: Projection> {
    /// The field of this JSON name.
    fn field<T>(&mut self, name: &'static str, field: &P::Of<T>);
}

/// Whether the JSON always has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// It may be missing or null: its type is an `Option`.
    Optional,
}
