//! What several tests need.

use shared::batch::model_id::ModelId;
use shared::batch::processor::{Processor, processor_of};

pub(crate) const CLAUDE: &str = "anthropic.claude-3-haiku-20240307-v1:0";
pub(crate) const TITAN: &str = "amazon.titan-embed-text-v2:0";
pub(crate) const TITAN_IMAGE: &str = "amazon.titan-embed-image-v1";
pub(crate) const NOVA: &str = "eu.amazon.nova-lite-v1:0";
pub(crate) const COHERE: &str = "cohere.embed-multilingual-v3";

pub(crate) fn model(id: &str) -> ModelId {
    id.parse().unwrap()
}

pub(crate) fn processor(id: &str) -> &'static dyn Processor {
    processor_of(&model(id)).unwrap()
}

/// Binds snapshots to the folder of this room.
pub(crate) fn snapshots(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/batch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(check);
}
