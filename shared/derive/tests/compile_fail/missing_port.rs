use shared::{Phase, Ports, SettingValue};

/// Stands for the synth phase.
struct Synth;
struct ReadGrant;
struct WriteGrant;
impl Phase for Synth {
    type ReadObjects = ReadGrant;
    type ListObjects = ();
    type WriteObjects = WriteGrant;
    type DeleteObjects = ();
    type InvokeModel = ();
    type SendMessages = ();
    type ReadBuckets = ();
    type ReadItems = ();
    type WriteItems = ();
    type QueryItems = ();
    type InvokeModels = ();
    type SubmitJobs = ();
    type ReadJobs = ();
    type FindJobs = ();
    type StopJobs = ();
    type AnswerTasks = ();
    type ReadSecret = ();
    type Setting<T: SettingValue> = T;
}

#[derive(Ports)]
struct Copy<P: Phase> {
    source: P::ReadObjects,
    target: P::WriteObjects,
}

fn main() {
    let _forgotten: Copy<Synth> = Copy { source: ReadGrant };
    let _swapped: Copy<Synth> = Copy { source: ReadGrant, target: ReadGrant };
}
