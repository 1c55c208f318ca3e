//! Template validation against the resource specification.
