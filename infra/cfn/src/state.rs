//! Which required properties of a builder are set, as type arguments.
//!
//! A builder with required properties has one type argument for each: the property's marker of [`missing`](crate::missing) until
//! it is set, [`Set`] afterwards. Only a builder with all of them `Set` is a resource or a value.

/// The required property is set.
#[derive(Clone, Copy, Debug)]
pub struct Set;

/// Implemented by [`Set`] alone; an error about it names the property that was forgotten.
#[diagnostic::on_unimplemented(
    message = "the required property `{Self}` is not set",
    label = "`{Self}` is missing",
    note = "call the setter of that name before the builder is added or handed on"
)]
pub trait IsSet {}

impl IsSet for Set {}

/// Implemented by the markers of required properties that are not set yet.
#[diagnostic::on_unimplemented(
    message = "this required property is set twice",
    label = "already set before",
    note = "a required property is set exactly once; remove one of the two calls"
)]
pub trait Unset {}

/// Declares the markers of required properties.
macro_rules! missing {
    ($($name:ident),* $(,)?) => {$(
        #[doc = concat!("`", stringify!($name), "` is not set yet.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        #[diagnostic::do_not_recommend]
        impl $crate::state::Unset for $name {}
    )*};
}
pub(crate) use missing;
