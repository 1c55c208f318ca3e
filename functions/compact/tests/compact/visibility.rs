//! Whatever arrives, whenever the compactor runs and wherever it is stopped: every row is visible in its newest version,
//! and a query that has already begun sees every row as well.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use compact::Side;
use proptest::prelude::*;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::files::Row;
use crate::memory::{Bucket, File, Memory, Place};

const DAYS: [&str; 3] = [
    "year=2026/month=02/day=28",
    "year=2026/month=03/day=01",
    "year=2026/month=03/day=02",
];
const NOW: OffsetDateTime = datetime!(2026-03-02 05:00 UTC);

/// Partition and id.
type Identity = (String, String);
/// What the view shows: of every id its newest row, from a compacted file if both have it.
type View = BTreeMap<Identity, Row>;

fn view<'a>(files: impl IntoIterator<Item = (&'a Place, &'a File)>) -> View {
    let mut shown = View::new();
    for ((partition, _), file) in files {
        for row in &file.rows {
            let newest = shown
                .entry((partition.clone(), row.id.clone()))
                .or_insert_with(|| row.clone());
            if row.processed_at > newest.processed_at {
                *newest = row.clone();
            }
        }
    }
    shown
}

/// A query that listed one of the folders when it began and comes to the other only now.
struct Query {
    listed: Side,
    files: BTreeSet<Place>,
    began: View,
}

impl Query {
    fn begin(listed: Side, bucket: &Bucket, expected: &View) -> Self {
        Self {
            listed,
            files: bucket.side(listed).keys().cloned().collect(),
            began: expected.clone(),
        }
    }

    fn check(&self, bucket: &Bucket) {
        let other = match self.listed {
            Side::Live => Side::Compacted,
            Side::Compacted => Side::Live,
        };
        let listed = bucket.side(self.listed);
        if self.files.iter().any(|place| !listed.contains_key(place)) {
            // The engine reports the missing object: an error, not a wrong answer.
            return;
        }
        let listed = listed
            .iter()
            .filter(|(place, _)| self.files.contains(*place));
        let shown = view(listed.chain(bucket.side(other)));
        for (identity, row) in &self.began {
            let found = shown.get(identity).map(|row| &row.processed_at);
            assert!(
                found >= Some(&row.processed_at),
                "{identity:?} was not seen by a query"
            );
        }
    }
}

/// What there should be to see, and who is looking.
#[derive(Default)]
struct World {
    expected: View,
    queries: Vec<Query>,
}

impl World {
    fn check(&self, bucket: &Bucket) {
        let shown = view(bucket.compacted.iter().chain(&bucket.live));
        assert_eq!(shown, self.expected);
        for query in &self.queries {
            query.check(bucket);
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// The extractor writes a row, over the file of the same image if there is one.
    Arrive {
        day: usize,
        id: u8,
        pages: Option<i64>,
    },
    /// The same image under another key.
    Again {
        day: usize,
        id: u8,
    },
    Run,
    /// A run that is stopped after so many changes.
    Stopped(u32),
    Wait(i64),
    Query(Side),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let day = || 0..DAYS.len();
    let side = prop_oneof![Just(Side::Live), Just(Side::Compacted)];
    let step = prop_oneof![
        6 => (day(), 0..6u8, proptest::option::of(0..9i64))
            .prop_map(|(day, id, pages)| Step::Arrive { day, id, pages }),
        2 => (day(), 0..6u8).prop_map(|(day, id)| Step::Again { day, id }),
        4 => Just(Step::Run),
        3 => (0..5u32).prop_map(Step::Stopped),
        3 => (1..30i64).prop_map(Step::Wait),
        2 => side.prop_map(Step::Query),
    ];
    proptest::collection::vec(step, 1..40)
}

struct Play {
    world: Arc<Mutex<World>>,
    store: Arc<Memory>,
    version: u32,
}

impl Play {
    fn new() -> Self {
        let world = Arc::new(Mutex::new(World::default()));
        let watching = Arc::clone(&world);
        let store = Memory::new(NOW, move |bucket| watching.lock().unwrap().check(bucket));
        Self {
            world,
            store,
            version: 0,
        }
    }

    fn arrive(&mut self, day: usize, id: u8, name: &str, pages: Option<i64>) {
        self.version += 1;
        let mut row = Row::new(
            &format!("id-{id}"),
            &format!("2026-03-02T00:00:00.{:06}Z", self.version),
            &format!("version {}", self.version),
        );
        row.pages = pages;
        let identity = (DAYS[day].to_owned(), row.id.clone());
        self.world
            .lock()
            .unwrap()
            .expected
            .insert(identity, row.clone());
        self.store.arrive(Side::Live, DAYS[day], name, row.file());
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Arrive { day, id, pages } => {
                self.arrive(*day, *id, &format!("{id}.parquet"), *pages);
            }
            Step::Again { day, id } => {
                let name = format!("{id}-{}.parquet", self.version);
                self.arrive(*day, *id, &name, None);
            }
            Step::Run => assert!(self.store.run(None).unwrap().unreadable.is_empty()),
            Step::Stopped(changes) => drop(self.store.run(Some(*changes))),
            Step::Wait(hours) => {
                self.store.wait(*hours);
                // Queries end long before the grace does.
                self.world.lock().unwrap().queries.clear();
            }
            Step::Query(side) => {
                let mut world = self.world.lock().unwrap();
                let query = Query::begin(*side, &self.store.bucket(), &world.expected);
                world.queries.push(query);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_visible_at_every_moment(steps in steps()) {
        let mut play = Play::new();
        for step in &steps {
            play.take(step);
        }
        // Left in peace, it ends with one file per day.
        for _ in 0..3 {
            play.take(&Step::Wait(48));
            play.take(&Step::Run);
        }
        let bucket = play.store.bucket();
        prop_assert!(bucket.live.is_empty(), "{:?}", bucket.live.keys());
        let days: BTreeSet<&String> = bucket.compacted.keys().map(|place| &place.0).collect();
        prop_assert_eq!(days.len(), bucket.compacted.len());
        let writes = play.store.writes();
        play.take(&Step::Run);
        prop_assert_eq!(play.store.writes(), writes);
    }
}
