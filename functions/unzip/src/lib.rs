//! ZIP archive in, images out.
