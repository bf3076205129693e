//! The loops behind the engine: looking, calling, delivering, tidying up. Each is
//! restarted with back-off when it fails, and a panic in it ends nobody else.
use crate::engine::{Engine, Fault};
use futures_util::{FutureExt, future::BoxFuture};
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
    let keep = |name, round: Round| keep(name, tracker, shutdown, engine.clone(), round);
    keep("look", |engine| {
        async move {
            engine.tick().await?;
            wait(LOOK_EVERY, engine.something_to_look_at()).await;
            Ok(())
        }
        .boxed()
    });
    // Alarms wait neither for the reminders under way nor for an edit.
    keep("alarms", |engine| {
        async move {
            engine.deliver_alarms().await?;
            wait(DELIVER_EVERY, engine.something_to_call()).await;
            Ok(())
        }
        .boxed()
    });
    keep("deliver", |engine| {
        async move {
            engine.deliver_due().await?;
            wait(DELIVER_EVERY, engine.something_to_deliver()).await;
            Ok(())
        }
        .boxed()
    });
    keep("renew", |engine| {
        async move {
            engine.renew_stale().await?;
            wait(DELIVER_EVERY, engine.something_to_renew()).await;
            Ok(())
        }
        .boxed()
    });
    keep("letters", |engine| {
        async move {
            engine.send_waiting().await?;
            wait(DELIVER_EVERY, engine.something_to_send()).await;
            Ok(())
        }
        .boxed()
    });
    keep("sent", |engine| {
        async move {
            engine.settle_letters().await?;
            tokio::time::sleep(SETTLE_EVERY).await;
            Ok(())
        }
        .boxed()
    });
    keep("tidy", |engine| {
        async move {
            engine.forget_old_keys().await?;
            engine.forget_old_tokens().await?;
            engine.give_up_old_letters().await?;
            tokio::time::sleep(TIDY_EVERY).await;
            Ok(())
        }
        .boxed()
    });
}

/// Until something is to be done, and no longer than that.
async fn wait(longest: Duration, woken: impl Future<Output = ()>) {
    let _ = tokio::time::timeout(longest, woken).await;
}

/// One round of a loop.
type Round = fn(Engine) -> BoxFuture<'static, Result<(), Fault>>;

/// Runs rounds one after another until the shutdown; after a failed one it
/// waits, longer each time.
fn keep(
    name: &'static str,
    tracker: &TaskTracker,
    shutdown: &CancellationToken,
    engine: Engine,
    round: Round,
) {
    let shutdown = shutdown.clone();
    tracker.spawn(async move {
        let mut wait = BACK_OFF;
        while !shutdown.is_cancelled() {
            // A task of its own, so that a panic is seen here as an error.
            let mut running = tokio::spawn(round(engine.clone()));
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
