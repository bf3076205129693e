//! Figures for whoever watches the office from outside: counts and times, without a
//! household or a person.
use super::{Engine, Fault, courier::SendError};
use crate::store::audit;
use chrono::{DateTime, Utc};
use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use std::{fmt, time::Duration};
use tokio::time::timeout;

/// A database that has not answered by then does not answer.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

type Label = [(&'static str, &'static str); 1];

pub(super) struct Metrics {
    registry: Registry,
    pub(super) nudges: Counter,
    pub(super) sent: Counter,
    failed: Family<Label, Counter>,
    pub(super) answers: Histogram,
    pub(super) late: Gauge,
    pub(super) findings: Gauge,
    queues: Family<Label, Gauge>,
    beats: Family<Label, Gauge>,
}

/// Why an attempt to send ended otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Reason {
    Later,
    Unknown,
    Gone,
    Moved,
    /// It could not be made.
    Fault,
}

impl Reason {
    pub(super) fn of(error: &SendError) -> Reason {
        match error {
            SendError::Later { .. } => Reason::Later,
            SendError::Unknown => Reason::Unknown,
            SendError::Gone => Reason::Gone,
            SendError::Moved { .. } => Reason::Moved,
        }
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("koekake"),
            nudges: Counter::default(),
            sent: Counter::default(),
            failed: Family::default(),
            // From a millisecond to some ten seconds.
            answers: Histogram::new(exponential_buckets(0.001, 2.0, 15)),
            late: Gauge::default(),
            findings: Gauge::default(),
            queues: Family::default(),
            beats: Family::default(),
        };
        metrics.register();
        metrics
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    fn register(&mut self) {
        let all = &mut self.registry;
        let help = "Nudges that fell due and were made";
        all.register("nudges_due", help, self.nudges.clone());
        let help = "Deliveries that a platform has taken";
        all.register("deliveries_sent", help, self.sent.clone());
        let help = "Attempts to deliver that ended otherwise, by reason";
        all.register("deliveries_failed", help, self.failed.clone());
        let help = "Deliveries that were late at the last audit";
        all.register("deliveries_late", help, self.late.clone());
        let help = "What the last audit found; nothing when all is well";
        all.register("audit_findings", help, self.findings.clone());
        let help = "How long answers took until they were on disk";
        all.register_with_unit("answer", help, Unit::Seconds, self.answers.clone());
        let help = "What waits: looks, deliveries, letters";
        all.register("queue_length", help, self.queues.clone());
        let help = "When each loop last showed life, in seconds since 1970";
        all.register_with_unit("loop_tick", help, Unit::Seconds, self.beats.clone());
    }

    pub(super) fn failed(&self, reason: Reason) {
        self.failed
            .get_or_create(&[("reason", reason.into())])
            .inc();
    }

    fn text(&self, queues: &audit::Queues, beats: &[(&'static str, DateTime<Utc>)]) -> String {
        let lengths = [
            ("looks", queues.looks),
            ("deliveries", queues.deliveries),
            ("letters", queues.letters),
        ];
        for (queue, length) in lengths {
            self.queues.get_or_create(&[("queue", queue)]).set(length);
        }
        for (name, at) in beats {
            let beat = self.beats.get_or_create(&[("loop", name)]);
            beat.set(at.timestamp());
        }
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the figures could not be written");
        }
        text
    }
}

impl Engine {
    /// All figures as OpenMetrics.
    pub async fn figures(&self) -> Result<String, Fault> {
        let queues = audit::queues(&self.shared.db, self.office_now()).await?;
        Ok(self.shared.metrics.text(&queues, &self.last_beats()))
    }

    /// What keeps the office from working, by name; nothing when it is ready.
    pub async fn unready(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let asked = timeout(
            ANSWER_WAIT,
            audit::queues(&self.shared.db, self.office_now()),
        );
        if !matches!(asked.await, Ok(Ok(_))) {
            names.push("database".to_owned());
        }
        names.extend(self.still().iter().map(|name| format!("loop {name}")));
        names
    }
}
