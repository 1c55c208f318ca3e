//! `extract`: an image in, one validated Parquet record out.
//!
//! Each message of the queue is one S3 notification. What it leads to is decided per image and told apart strictly:
//!
//! - a record is written, or was written before ([`process::Outcome`]);
//! - the image can never become a record: it goes to the failure queue at once, with a stable reason
//!   ([`stop::Refusal`]);
//! - something else is the matter, throttling above all: the message stays in its queue and comes again.
//!
//! [`handle`] is the function as Lambda calls it. Everything below works on [`Services`], so it is tested without AWS:
//! [`image`] makes the image small and upright, [`request`] and [`answer`] are the model's protocol, [`place`] says
//! where a record goes and [`table`] writes it as Parquet.
#![warn(missing_docs)]

pub mod answer;
pub mod batch;
mod handler;
pub mod image;
pub mod place;
mod ports;
pub mod process;
pub mod report;
pub mod request;
mod services;
pub mod stop;
pub mod table;

pub use handler::handle;
pub use services::{Services, Source, StoredImage};
