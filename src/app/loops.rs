//! The loops behind the engine: looking, delivering, tidying up. Each is
//! restarted with back-off when it fails, and a panic in it ends nobody else.
use crate::engine::Engine;
use std::{future::Future, time::Duration};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// However quiet it is, looks are made so often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What could not be sent is tried again so often at least.
const DELIVER_EVERY: Duration = Duration::from_secs(2);
/// Letters that were sent are forgotten together, so often: until then a crash
/// sends them again.
const SETTLE_EVERY: Duration = Duration::from_millis(200);
/// How often old keys are forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
const BACK_OFF: Duration = Duration::from_secs(1);
const BACK_OFF_MAX: Duration = Duration::from_secs(60);

/// Starts them; they end when `shutdown` is cancelled.
pub fn start(engine: &Engine, tracker: &TaskTracker, shutdown: &CancellationToken) {
    let looks = engine.clone();
    keep("look", tracker, shutdown, move || {
        let engine = looks.clone();
        async move {
            engine.tick().await?;
            let _ = tokio::time::timeout(LOOK_EVERY, engine.something_to_look_at()).await;
            Ok(())
        }
    });
    let deliveries = engine.clone();
    keep("deliver", tracker, shutdown, move || {
        let engine = deliveries.clone();
        async move {
            engine.deliver_all().await?;
            let _ = tokio::time::timeout(DELIVER_EVERY, engine.something_to_deliver()).await;
            Ok(())
        }
    });
    let letters = engine.clone();
    keep("letters", tracker, shutdown, move || {
        let engine = letters.clone();
        async move {
            engine.send_waiting().await?;
            tokio::time::sleep(DELIVER_EVERY).await;
            Ok(())
        }
    });
    let sent = engine.clone();
    keep("sent", tracker, shutdown, move || {
        let engine = sent.clone();
        async move {
            engine.settle_letters().await?;
            tokio::time::sleep(SETTLE_EVERY).await;
            Ok(())
        }
    });
    let tidying = engine.clone();
    keep("tidy", tracker, shutdown, move || {
        let engine = tidying.clone();
        async move {
            engine.forget_old_keys().await?;
            tokio::time::sleep(TIDY_EVERY).await;
            Ok(())
        }
    });
}

/// Runs rounds one after another until the shutdown; after a failed one it
/// waits, longer each time.
fn keep<F, R>(name: &'static str, tracker: &TaskTracker, shutdown: &CancellationToken, mut round: F)
where
    F: FnMut() -> R + Send + 'static,
    R: Future<Output = Result<(), crate::engine::Fault>> + Send + 'static,
{
    let shutdown = shutdown.clone();
    tracker.spawn(async move {
        let mut wait = BACK_OFF;
        while !shutdown.is_cancelled() {
            // A task of its own, so that a panic is seen here as an error.
            let mut running = tokio::spawn(round());
            let ended = tokio::select! {
                ended = &mut running => ended,
                () = shutdown.cancelled() => {
                    running.abort();
                    return;
                }
            };
            match ended {
                Ok(Ok(())) => {
                    wait = BACK_OFF;
                    continue;
                }
                Ok(Err(fault)) => tracing::error!(name, %fault, "a round failed"),
                Err(_) => tracing::error!(name, "a round panicked"),
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = shutdown.cancelled() => return,
            }
            wait = (wait * 2).min(BACK_OFF_MAX);
        }
    });
}
