//! Whatever happens in whatever order: attempts that crash, overlap and are given up; events that are lost, repeated, early
//! and late; calls that fail, and answers that get lost.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proptest::prelude::*;
use reconcile_jobs::reconcile;
use shared::batch::event::StateChange;
use shared::batch::status::JobStatus;
use shared::contracts::batch::{Ending, ReconcileRequest};
use shared::run::ErrorKind;
use submit_job::submit;
use track_job::track;

use crate::support::{Fault, World, event, request, run, task};

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// The state is entered, or tries again under a new token, when the last attempt is over or given up.
    Submit { give_up: bool },
    /// An event is delivered: any of those that were ever sent.
    Deliver(prop::sample::Index),
    /// The schedule comes round.
    Reconcile,
    /// The job goes on, and an event is sent.
    Progress(prop::sample::Index),
    /// One of the running functions gets this far.
    Turn(prop::sample::Index, u8),
    /// One of the running functions is killed.
    Crash(prop::sample::Index),
    /// The next call of an operation fails.
    Fail(&'static str, Fault),
    /// The list of jobs lags behind, or does not.
    List(bool),
}

const OPERATIONS: [&str; 8] = [
    "GetItem",
    "UpdateItem",
    "GetModelInvocationJob",
    "ListTagsForResource",
    "ListModelInvocationJobs",
    "CreateModelInvocationJob",
    "SendTaskSuccess",
    "Query",
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<prop::sample::Index>;
    let fault = prop_oneof![
        Just(Fault::LostAnswer),
        Just(Fault::Refused(ErrorKind::Throttled, "ThrottlingException")),
        Just(Fault::Refused(
            ErrorKind::Unavailable,
            "InternalServerException"
        )),
    ];
    let step = prop_oneof![
        3 => any::<bool>().prop_map(|give_up| Step::Submit { give_up }),
        4 => index().prop_map(Step::Deliver),
        1 => Just(Step::Reconcile),
        4 => index().prop_map(Step::Progress),
        12 => (index(), 1..20_u8).prop_map(|(index, turns)| Step::Turn(index, turns)),
        2 => index().prop_map(Step::Crash),
        3 => (prop::sample::select(&OPERATIONS[..]), fault).prop_map(|(of, fault)| Step::Fail(of, fault)),
        1 => any::<bool>().prop_map(Step::List),
    ];
    prop::collection::vec(step, 1..60)
}

/// What a function was called for, and how it ended.
enum Ended {
    Submission { token: String, ok: bool },
    Other,
}

struct Running<'a> {
    submits: Option<String>,
    future: Pin<Box<dyn Future<Output = Ended> + 'a>>,
}

/// The machine's state of one chunk, and everything that goes on around it.
struct Play<'a> {
    world: &'a World,
    running: Vec<Running<'a>>,
    tokens: u32,
    /// The token of the attempt that is running or waits.
    current: Option<String>,
    events: Vec<StateChange>,
}

impl<'a> Play<'a> {
    fn new(world: &'a World) -> Self {
        Self {
            world,
            running: Vec::new(),
            tokens: 0,
            current: None,
            events: Vec::new(),
        }
    }

    fn step(&mut self, step: Step) {
        self.world.later(Duration::from_millis(1));
        match step {
            Step::Submit { give_up } => {
                if give_up && self.is_submitting() {
                    self.fail();
                }
                self.submit();
            }
            Step::Deliver(index) => {
                if !self.events.is_empty() {
                    let event = index.get(&self.events).clone();
                    self.deliver(event);
                }
            }
            Step::Reconcile => self.reconcile(),
            Step::Progress(index) => self.progress(index),
            Step::Turn(index, turns) => {
                if !self.running.is_empty() {
                    self.turn(index.index(self.running.len()), turns);
                }
            }
            Step::Crash(index) => {
                if !self.running.is_empty() {
                    let killed = self.running.remove(index.index(self.running.len()));
                    if killed.submits.is_some() && killed.submits == self.current {
                        self.fail();
                    }
                }
            }
            Step::Fail(operation, fault) => self.world.faults.add(operation, fault),
            Step::List(listed) => self.world.listed.set(listed),
        }
    }

    fn is_told(&self) -> bool {
        !self.world.told.borrow().is_empty()
    }

    fn is_submitting(&self) -> bool {
        let running = |running: &Running<'_>| running.submits == self.current;
        self.current.is_some() && self.running.iter().any(running)
    }

    /// The attempt failed, as far as the machine knows: nobody waits under its token any more. What becomes of an attempt
    /// whose job has ended is of no interest to it.
    fn fail(&mut self) {
        if self.is_told() {
            return;
        }
        if let Some(token) = self.current.take() {
            self.world.waiting.borrow_mut().remove(&token);
        }
    }

    fn submit(&mut self) {
        if self.current.is_some() || self.is_told() {
            return;
        }
        self.world.later(Duration::from_secs(1));
        self.tokens += 1;
        let token = format!("token-{}", self.tokens);
        self.world.wait(&token);
        self.current = Some(token.clone());
        let world = self.world;
        self.running.push(Running {
            submits: Some(token.clone()),
            future: Box::pin(async move {
                let ok = submit(world, &request(3, &token)).await.is_ok();
                Ended::Submission { token, ok }
            }),
        });
        // An attempt begins before it is given up, however slow it is from then on.
        self.turn(self.running.len() - 1, 1);
    }

    fn deliver(&mut self, event: StateChange) {
        let world = self.world;
        self.start(async move {
            drop(track(world, &event).await);
        });
    }

    fn reconcile(&mut self) {
        let world = self.world;
        let request = ReconcileRequest {
            now: world.now_text(),
        };
        self.start(async move {
            drop(reconcile(world, &request, |_| {}).await);
        });
    }

    fn start(&mut self, work: impl Future<Output = ()> + 'a) {
        self.running.push(Running {
            submits: None,
            future: Box::pin(async move {
                work.await;
                Ended::Other
            }),
        });
    }

    fn progress(&mut self, index: prop::sample::Index) {
        let name = task(3).job_name;
        let jobs = self.world.jobs.borrow().clone();
        let Some(job) = jobs.iter().find(|job| job.name == name) else {
            return;
        };
        let later = JobStatus::ALL.into_iter().filter(|next| *next > job.status);
        let later: Vec<JobStatus> = later.collect();
        if !job.status.is_terminal() {
            self.world.set_status(&name, *index.get(&later));
        }
        let status = self.world.job(&name).status.as_str();
        self.events.push(event(&name, &job.arn, status));
    }

    fn turn(&mut self, index: usize, turns: u8) {
        for _ in 0..turns {
            let future = self.running[index].future.as_mut();
            if let Poll::Ready(ended) = future.poll(&mut Context::from_waker(Waker::noop())) {
                self.running.remove(index);
                if let Ended::Submission { token, ok: false } = ended
                    && self.current.as_ref() == Some(&token)
                {
                    self.fail();
                }
                return;
            }
        }
    }

    fn finish_running(&mut self) {
        while !self.running.is_empty() {
            self.turn(0, u8::MAX);
        }
    }

    /// Nothing fails any more, no event comes any more: the machine goes on until it was told.
    fn finish(&mut self) {
        self.world.faults.clear();
        self.world.listed.set(true);
        self.finish_running();
        self.submit();
        self.finish_running();
        let name = task(3).job_name;
        if !self.world.job(&name).status.is_terminal() {
            self.world.set_status(&name, JobStatus::PartiallyCompleted);
        }
        self.reconcile();
        self.finish_running();
    }
}

/// Somebody else's jobs, with events of their own.
fn foreign_jobs(world: &World) -> Vec<StateChange> {
    let names = ["nightly".to_owned(), task(4).job_name];
    let jobs = names.map(|name| {
        let arn = world.add_foreign(&name, &[("team", "search")]);
        event(&name, &arn, "Completed")
    });
    jobs.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_machine_is_told_how_its_only_job_ended(
        steps in steps(),
        compares_tags in any::<bool>(),
        calls_it_invalid in any::<bool>(),
    ) {
        let world = World::new();
        world.compares_tags.set(compares_tags);
        if calls_it_invalid {
            world.name_taken.set((ErrorKind::Invalid, "ValidationException"));
        }
        let mut play = Play::new(&world);
        play.events = foreign_jobs(&world);
        for step in steps {
            play.step(step);
            prop_assert!(world.created.borrow().len() <= 1);
            prop_assert!(world.told.borrow().len() <= 1);
        }
        play.finish();

        let job = world.job(&task(3).job_name);
        let told = world.told.borrow().clone();
        prop_assert_eq!(told.len(), 1, "{:?}", world.row(&job.name));
        prop_assert_eq!(Some(&told[0].0), play.current.as_ref());
        prop_assert_eq!(Some(told[0].1.ending), Ending::of_status(job.status));
        prop_assert_eq!(told[0].1.job_arn.as_ref(), Some(&job.arn));
        prop_assert_eq!(&told[0].1.message, &job.message);
        let row = world.row(&job.name);
        prop_assert_eq!(row.status, jobs::RowStatus::Job(job.status));
        prop_assert!(!row.open);
        prop_assert_eq!(world.rows.borrow().len(), 1);
        prop_assert_eq!(world.created.borrow().len(), 1);
    }
}

#[test]
fn the_plain_way() {
    let world = World::new();
    world.wait("token-1");
    run(submit(&world, &request(3, "token-1"))).unwrap();
    let mut play = Play::new(&world);
    play.current = Some("token-1".to_owned());
    play.finish();
    assert_eq!(world.told.borrow()[0].0, "token-1");
}
