//! The ports that read, list, write and delete objects.
//!
//! Each is bound to a bucket and a prefix of it, or several. A key outside them is refused before any call, so a wrong key
//! shows as what it is and not as a denied request.

mod lister;
mod location;
mod reader;
mod remover;
mod upload;
mod writer;

pub use lister::{Entry, ObjectLister};
pub use location::{Location, LocationError};
pub use reader::{Head, Object, ObjectReader};
pub use remover::ObjectRemover;
pub use upload::Upload;
pub use writer::ObjectWriter;
