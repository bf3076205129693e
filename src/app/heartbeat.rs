//! The heartbeat: after each audit a request to an address outside, in the manner
//! of healthchecks. Whoever listens there raises an alarm when it fails to come.
use super::chats;
use crate::{config::Config, conversation::audit::Audited, engine::Fault};
use anyhow::Context;
use reqwest::Url;
use std::{collections::BTreeMap, time::Duration};

/// The next one comes soon enough.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where it is sent. The address is a secret of a kind: it is not logged.
#[derive(Clone)]
pub struct Heartbeat {
    client: reqwest::Client,
    well: Url,
    trouble: Url,
}

impl Heartbeat {
    /// None where the settings name no address.
    pub fn of(config: &Config) -> anyhow::Result<Option<Heartbeat>> {
        let Some(address) = &config.audit.heartbeat_url else {
            return Ok(None);
        };
        let refused = "`heartbeat_url` of [audit] cannot be used";
        let well: Url = address.as_str().parse().ok().context(refused)?;
        let mut trouble = well.clone();
        let path = format!("{}/fail", well.path().trim_end_matches('/'));
        trouble.set_path(&path);
        let client = chats::network(&config.network)?
            .timeout(PATIENCE)
            .build()
            .context("no client for the heartbeat")?;
        Ok(Some(Heartbeat {
            client,
            well,
            trouble,
        }))
    }

    /// Says what an audit gave: nothing but codes and counts. One that cannot be
    /// said stops nothing.
    pub async fn tell(&self, audited: &Result<Audited, Fault>) {
        let request = match audited {
            Ok(audited) if audited.findings.is_empty() => self.client.post(self.well.clone()),
            Ok(audited) => self.client.post(self.trouble.clone()).body(codes(audited)),
            Err(_) => self.client.post(self.trouble.clone()).body("no_audit 1\n"),
        };
        let answer = request.send().await;
        if let Err(error) = answer.and_then(reqwest::Response::error_for_status) {
            let error = error.without_url();
            tracing::warn!(%error, "the heartbeat did not arrive");
        }
    }
}

fn codes(audited: &Audited) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &audited.findings {
        *counts.entry(finding.trouble.code()).or_default() += 1;
    }
    let lines = counts
        .iter()
        .map(|(code, count)| format!("{code} {count}\n"));
    lines.collect()
}
