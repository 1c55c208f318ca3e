//! A bucket in memory. It can fail after so many changes, and it shows every change to an observer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use compact::{CompactError, Listed, Partition, Side, Store, StoreError};
use shared::contracts::{CompactReport, CompactionPolicy, CompactionRequest};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::files::{Row, rows};

/// Partition and name of a file on one side.
pub(crate) type Place = (String, String);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: Vec<Row>,
    modified: i64,
    version: u64,
}

#[derive(Clone, Default)]
pub(crate) struct Bucket {
    pub(crate) live: BTreeMap<Place, File>,
    pub(crate) compacted: BTreeMap<Place, File>,
}

impl Bucket {
    pub(crate) fn side(&self, side: Side) -> &BTreeMap<Place, File> {
        match side {
            Side::Live => &self.live,
            Side::Compacted => &self.compacted,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut BTreeMap<Place, File> {
        match side {
            Side::Live => &mut self.live,
            Side::Compacted => &mut self.compacted,
        }
    }
}

type Observer = Box<dyn FnMut(&Bucket) + Send>;

pub(crate) struct Memory {
    policy: CompactionPolicy,
    state: Mutex<State>,
}

struct State {
    bucket: Bucket,
    now: OffsetDateTime,
    versions: u64,
    writes: u64,
    changes_left: Option<u32>,
    /// Arrives in the live folder of this partition between a run's reading and its removing.
    latecomer: Option<(String, String, Vec<u8>)>,
    live_listings: u32,
    observer: Observer,
}

impl Memory {
    pub(crate) fn new(
        now: OffsetDateTime,
        observer: impl FnMut(&Bucket) + Send + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            policy: CompactionPolicy::default(),
            state: Mutex::new(State {
                bucket: Bucket::default(),
                now,
                versions: 0,
                writes: 0,
                changes_left: None,
                latecomer: None,
                live_listings: 0,
                observer: Box::new(observer),
            }),
        })
    }

    pub(crate) fn bucket(&self) -> Bucket {
        self.state.lock().unwrap().bucket.clone()
    }

    pub(crate) fn writes(&self) -> u64 {
        self.state.lock().unwrap().writes
    }

    pub(crate) fn wait(&self, hours: i64) {
        self.state.lock().unwrap().now += time::Duration::hours(hours);
    }

    /// A file arrives, as from the extractor.
    pub(crate) fn arrive(&self, side: Side, partition: &str, name: &str, bytes: Vec<u8>) {
        self.state.lock().unwrap().put(side, partition, name, bytes);
    }

    /// A file arrives after the next run has read the live files and before it removes them.
    pub(crate) fn arrive_late(&self, partition: &str, name: &str, bytes: Vec<u8>) {
        self.state.lock().unwrap().latecomer = Some((partition.into(), name.into(), bytes));
    }

    /// Runs the compactor; it fails at the change after `changes`.
    pub(crate) fn run(
        self: &Arc<Self>,
        changes: Option<u32>,
    ) -> Result<CompactReport, CompactError> {
        let now = {
            let mut state = self.state.lock().unwrap();
            state.changes_left = changes;
            state.live_listings = 0;
            state.now.format(&Rfc3339).unwrap()
        };
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(compact::run(self, &CompactionRequest { now }))
    }
}

impl State {
    fn put(&mut self, side: Side, partition: &str, name: &str, bytes: Vec<u8>) {
        self.versions += 1;
        let file = File {
            rows: rows(&bytes),
            bytes,
            modified: self.now.unix_timestamp(),
            version: self.versions,
        };
        let place = (partition.to_owned(), name.to_owned());
        self.bucket.side_mut(side).insert(place, file);
        (self.observer)(&self.bucket);
    }

    fn spend(&mut self) -> Result<(), StoreError> {
        match &mut self.changes_left {
            Some(0) => Err(StoreError::new("the process was stopped")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

fn place_of(key: &str) -> Place {
    let (partition, name) = key.rsplit_once('/').unwrap();
    (partition.into(), name.into())
}

impl Store for Memory {
    fn policy(&self) -> &CompactionPolicy {
        &self.policy
    }

    async fn folders(&self) -> Result<Vec<String>, StoreError> {
        let state = self.state.lock().unwrap();
        let mut folders: Vec<String> = state
            .bucket
            .live
            .keys()
            .map(|place| place.0.clone())
            .collect();
        folders.dedup();
        Ok(folders)
    }

    async fn list(&self, side: Side, partition: Partition) -> Result<Vec<Listed>, StoreError> {
        let mut state = self.state.lock().unwrap();
        state.live_listings += u32::from(side == Side::Live);
        if state.live_listings == 2
            && let Some((partition, name, bytes)) = state.latecomer.take()
        {
            state.put(Side::Live, &partition, &name, bytes);
        }
        let files = state.bucket.side(side).iter();
        let folder = partition.to_string();
        Ok(files
            .filter(|(place, _)| place.0 == folder)
            .map(|((_, name), file)| Listed {
                modified: file.modified,
                key: format!("{folder}/{name}"),
                etag: file.version.to_string(),
            })
            .collect())
    }

    async fn read(&self, side: Side, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let state = self.state.lock().unwrap();
        let file = state.bucket.side(side).get(&place_of(key));
        Ok(file.map(|file| file.bytes.clone()))
    }

    async fn write(
        &self,
        partition: Partition,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        let mut state = self.state.lock().unwrap();
        state.spend()?;
        let partition = partition.to_string();
        let place = (partition.clone(), name.to_owned());
        assert!(
            !state.bucket.compacted.contains_key(&place),
            "{name} was overwritten"
        );
        state.writes += 1;
        state.put(Side::Compacted, &partition, name, bytes);
        Ok(())
    }

    async fn remove(&self, side: Side, keys: &[String]) -> Result<(), StoreError> {
        for key in keys {
            let mut state = self.state.lock().unwrap();
            state.spend()?;
            state.bucket.side_mut(side).remove(&place_of(key));
            let State {
                observer, bucket, ..
            } = &mut *state;
            observer(bucket);
        }
        Ok(())
    }
}
