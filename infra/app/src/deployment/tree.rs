//! The resources that CloudFormation is at work on, with the time they have taken and may take.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use deploy::{Estimate, ResourceEvent};

/// Most resources that are shown at once.
const MOST_SHOWN: usize = 8;

/// What takes less is not worth a word.
const WORTH_SAYING: Duration = Duration::from_secs(2);

pub(super) struct Tree {
    stack: String,
    estimate: Estimate,
    since: SystemTime,
    /// Resources under way, with their beginnings.
    running: BTreeMap<String, (ResourceEvent, SystemTime)>,
    ended: usize,
}

impl Tree {
    pub(super) fn new(stack: &str, estimate: Estimate) -> Self {
        Self {
            stack: stack.to_owned(),
            estimate,
            since: SystemTime::now(),
            running: BTreeMap::new(),
            ended: 0,
        }
    }

    /// How many resources have ended.
    pub(super) fn ended(&self) -> usize {
        self.ended
    }

    /// Takes an event in, and says it in a line. Times are CloudFormation's: an operation that is taken up began long ago.
    pub(super) fn take(&mut self, event: &ResourceEvent) -> String {
        let now = event.at().unwrap_or_else(SystemTime::now);
        let since = self.running.get(&event.logical_id);
        let since = since.map_or(now, |(_, since)| *since);
        let is_running = event.status.ends_with("_IN_PROGRESS");
        if event.logical_id == self.stack {
            return line(event);
        }
        if is_running {
            let entry = (event.clone(), since);
            self.running.insert(event.logical_id.clone(), entry);
            return self.with_estimate(event);
        }
        if self.running.remove(&event.logical_id).is_none() {
            return line(event);
        }
        self.ended += 1;
        match between(since, now) {
            took if took >= WORTH_SAYING => format!("{} ({})", line(event), seconds(took)),
            _ => line(event),
        }
    }

    fn with_estimate(&self, event: &ResourceEvent) -> String {
        let before = self.estimate.resources.get(&event.logical_id);
        match before.filter(|estimate| **estimate >= WORTH_SAYING) {
            Some(before) => format!("{} (took {} before)", line(event), seconds(*before)),
            None => line(event),
        }
    }

    /// As of this moment: how long all of it takes, and the resources under way, those that take longest first.
    fn write(&self, text: &mut impl fmt::Write, now: SystemTime) -> fmt::Result {
        let mut running: Vec<_> = self.running.values().collect();
        running.sort_by_key(|(_, since)| *since);
        write!(text, "{}", seconds(between(self.since, now)))?;
        if let Some(whole) = self.estimate.whole {
            write!(text, " of about {}", seconds(whole))?;
        }
        for (event, since) in running.iter().take(MOST_SHOWN) {
            let elapsed = seconds(between(*since, now));
            write!(text, "\n  └ {}, {elapsed}", self.with_estimate(event))?;
        }
        if running.len() > MOST_SHOWN {
            write!(text, "\n  └ and {} more", running.len() - MOST_SHOWN)?;
        }
        Ok(())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, SystemTime::now())
    }
}

fn line(event: &ResourceEvent) -> String {
    format!(
        "{} {} {}",
        event.logical_id, event.resource_type, event.status
    )
}

/// Two clocks may disagree: nothing ends before it began.
fn between(start: SystemTime, end: SystemTime) -> Duration {
    end.duration_since(start).unwrap_or_default()
}

fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        long => format!("{} min {} s", long / 60, long % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: &str = "2026-11-21T10:00:00Z";

    fn event(id: &str, status: &str, time: &str) -> ResourceEvent {
        ResourceEvent {
            logical_id: id.to_owned(),
            resource_type: "AWS::SQS::Queue".to_owned(),
            status: status.to_owned(),
            reason: None,
            time: Some(time.to_owned()),
        }
    }

    #[test]
    fn times_are_cloudformations_and_go_on_between_events() {
        let mut tree = Tree::new(
            "shop",
            Estimate {
                whole: Some(Duration::from_secs(90)),
                resources: [("Slow".to_owned(), Duration::from_secs(61))].into(),
            },
        );
        let began = event("shop", "UPDATE_IN_PROGRESS", BEGAN);
        tree.since = began.at().unwrap();
        let after = |seconds| began.at().unwrap() + Duration::from_secs(seconds);
        let drawn = |tree: &Tree, now| {
            let mut text = String::new();
            tree.write(&mut text, now).unwrap();
            text
        };
        tree.take(&began);
        let slow = event("Slow", "UPDATE_IN_PROGRESS", "2026-11-21T10:00:01Z");
        let quick = event("Quick", "CREATE_IN_PROGRESS", "2026-11-21T10:00:02Z");
        assert_eq!(
            tree.take(&slow),
            "Slow AWS::SQS::Queue UPDATE_IN_PROGRESS (took 1 min 1 s before)"
        );
        tree.take(&quick);
        // CloudFormation says twice that it creates.
        tree.take(&event(
            "Quick",
            "CREATE_IN_PROGRESS",
            "2026-11-21T10:00:03Z",
        ));
        insta::assert_snapshot!(drawn(&tree, after(5)), @r"
        5.0 s of about 1 min 30 s
          └ Slow AWS::SQS::Queue UPDATE_IN_PROGRESS (took 1 min 1 s before), 4.0 s
          └ Quick AWS::SQS::Queue CREATE_IN_PROGRESS, 3.0 s
        ");
        let ended = event("Quick", "CREATE_COMPLETE", "2026-11-21T10:00:04.5Z");
        assert_eq!(
            tree.take(&ended),
            "Quick AWS::SQS::Queue CREATE_COMPLETE (2.5 s)"
        );
        assert_eq!(tree.ended(), 1);
        insta::assert_snapshot!(drawn(&tree, after(70)), @r"
        1 min 10 s of about 1 min 30 s
          └ Slow AWS::SQS::Queue UPDATE_IN_PROGRESS (took 1 min 1 s before), 1 min 9 s
        ");
    }
}
