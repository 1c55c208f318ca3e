//! Contracts of the tests' own, so that those of the systems can change without them.

use shared::{Contract, NoFailure, Phase, Ports};

/// Reads tables, with a token if there is one.
#[derive(Ports)]
pub(crate) struct Load<P: Phase> {
    pub(crate) inputs: P::ReadBuckets,
    pub(crate) hub_token: P::ReadSecret,
}

impl<P: Phase> Contract for Load<P> {
    const NAME: &'static str = "load";
    type Event = ();
    type Response = ();
    type Failure = NoFailure;
}

/// Asks any model.
#[derive(Ports)]
pub(crate) struct Ask<P: Phase> {
    pub(crate) models: P::InvokeModels,
}

impl<P: Phase> Contract for Ask<P> {
    const NAME: &'static str = "ask";
    type Event = ();
    type Response = ();
    type Failure = NoFailure;
}
