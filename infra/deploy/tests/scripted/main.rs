//! The crate against a scripted AWS. One program for all of it, so that the SDK is linked once.

mod bucket;
mod deploying;
mod drift;
mod executing;
mod fake;
mod garbage;
mod import;
mod interruptions;
mod leaving;
mod outputs;
mod rolling_back;
mod states;
mod storage;
mod sync;
mod uploads;

/// Compares the conversation of a test with the reviewed one.
fn snapshot_of(name: &str, transcript: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/deploy");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(name, transcript));
}
