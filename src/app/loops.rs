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
/// What comes within so short a time is looked at, sent and shown in one go; but
/// for alarms.
const GATHER: Duration = Duration::from_millis(100);
/// Letters that were sent are forgotten together, so often: until then a crash
/// sends them again.
const SETTLE_EVERY: Duration = Duration::from_millis(200);
/// How often old keys are forgotten.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);
const BACK_OFF: Duration = Duration::from_secs(1);
const BACK_OFF_MAX: Duration = Duration::from_secs(60);

/// Starts them; they end when `shutdown` is cancelled and what their rounds have
/// begun then is done.
pub fn start(engine: &Engine, tracker: &TaskTracker, shutdown: &CancellationToken) {
    let (ending, at_stop) = (engine.clone(), shutdown.clone());
    tracker.spawn(async move {
        at_stop.cancelled().await;
        ending.ends();
    });
    let keep = |name, round: Round, rest: Rest| {
        keep(name, tracker, shutdown, engine.clone(), (round, rest));
    };
    keep(
        "look",
        |engine| async move { engine.tick().await.map(drop) }.boxed(),
        |engine| async move { gather(LOOK_EVERY, engine.something_to_look_at()).await }.boxed(),
    );
    // Alarms wait neither for the reminders under way nor for an edit.
    keep(
        "alarms",
        |engine| async move { engine.deliver_alarms().await.map(drop) }.boxed(),
        |engine| async move { wait(DELIVER_EVERY, engine.something_to_call()).await }.boxed(),
    );
    keep(
        "deliver",
        |engine| async move { engine.deliver_due().await.map(drop) }.boxed(),
        |engine| async move { gather(DELIVER_EVERY, engine.something_to_deliver()).await }.boxed(),
    );
    keep(
        "renew",
        |engine| async move { engine.renew_stale().await.map(drop) }.boxed(),
        |engine| async move { gather(DELIVER_EVERY, engine.something_to_renew()).await }.boxed(),
    );
    keep(
        "letters",
        |engine| async move { engine.send_waiting().await.map(drop) }.boxed(),
        |engine| async move { wait(DELIVER_EVERY, engine.something_to_send()).await }.boxed(),
    );
    keep(
        "sent",
        |engine| async move { engine.settle_letters().await }.boxed(),
        |_| tokio::time::sleep(SETTLE_EVERY).boxed(),
    );
    keep(
        "tidy",
        |engine| async move { tidy(&engine).await }.boxed(),
        |_| tokio::time::sleep(TIDY_EVERY).boxed(),
    );
}

async fn tidy(engine: &Engine) -> Result<(), Fault> {
    engine.forget_old_keys().await?;
    engine.forget_old_tokens().await?;
    engine.give_up_old_letters().await?;
    Ok(())
}

/// Until something is to be done, and no longer than that.
async fn wait(longest: Duration, woken: impl Future<Output = ()>) {
    let _ = tokio::time::timeout(longest, woken).await;
}

/// As [`wait`], and a moment more for what comes with it.
async fn gather(longest: Duration, woken: impl Future<Output = ()>) {
    wait(longest, woken).await;
    tokio::time::sleep(GATHER).await;
}

/// One round of a loop: it is finished even at a stop.
type Round = fn(Engine) -> BoxFuture<'static, Result<(), Fault>>;

/// The time between two rounds: it ends at a stop.
type Rest = fn(Engine) -> BoxFuture<'static, ()>;

/// Runs rounds one after another until the shutdown; after a failed one it
/// waits, longer each time.
fn keep(
    name: &'static str,
    tracker: &TaskTracker,
    shutdown: &CancellationToken,
    engine: Engine,
    (round, rest): (Round, Rest),
) {
    let shutdown = shutdown.clone();
    tracker.spawn(async move {
        let mut back_off = BACK_OFF;
        while !shutdown.is_cancelled() {
            // A task of its own, so that a panic is seen here as an error.
            let pause = match tokio::spawn(round(engine.clone())).await {
                Ok(Ok(())) => {
                    back_off = BACK_OFF;
                    rest(engine.clone())
                }
                Ok(Err(fault)) => {
                    tracing::error!(name, %fault, "a round failed");
                    later(&mut back_off)
                }
                Err(_) => {
                    tracing::error!(name, "a round panicked");
                    later(&mut back_off)
                }
            };
            tokio::select! {
                () = pause => {}
                () = shutdown.cancelled() => return,
            }
        }
    });
}

/// So long, and the next time longer.
fn later(back_off: &mut Duration) -> BoxFuture<'static, ()> {
    let pause = tokio::time::sleep(*back_off).boxed();
    *back_off = (*back_off * 2).min(BACK_OFF_MAX);
    pause
}
