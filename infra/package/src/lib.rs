//! Function crates to Lambda zips.
