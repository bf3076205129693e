//! The loops behind the engine: looking, calling, delivering, auditing, tidying up.
//!
//! None can die silently: a round that fails or panics is followed by another with
//! back-off, one that hangs is broken off, a loop that ends is begun anew, and the
//! auditor says so. None of it touches another loop.
use super::{
    backup::daily::{self, Daily},
    heartbeat::Heartbeat,
};
use crate::{
    config::Config,
    engine::{
        Auditor, Engine, Fault,
        pulse::{self, STILL_AFTER},
    },
};
use futures_util::{FutureExt, future::BoxFuture};
use std::{
    collections::BTreeMap,
    future::Future,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::task::AbortHandle;
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

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
/// How often it is seen whether a round still lives.
const LOOK_IN_EVERY: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// What the loops do beside the office's own work.
#[derive(Clone)]
pub struct Duties {
    pub audit_every: Duration,
    /// None: nobody outside is told of an audit.
    pub heartbeat: Option<Heartbeat>,
    /// None: nobody wants a backup each day.
    pub daily: Option<Daily>,
}

impl Duties {
    pub fn of(config: &Config) -> anyhow::Result<Duties> {
        Ok(Duties {
            heartbeat: Heartbeat::of(config)?,
            ..Duties::alone(config)
        })
    }

    /// Nobody outside hears of it.
    pub fn alone(config: &Config) -> Duties {
        Duties {
            audit_every: MINUTE * config.audit.every_minutes.get(),
            heartbeat: None,
            daily: None,
        }
    }
}

/// The loops that run.
#[derive(Clone, Default)]
pub struct Loops(Arc<Mutex<BTreeMap<&'static str, AbortHandle>>>);

impl Loops {
    /// Ends the task of that loop as a fault of ours would.
    pub fn kill(&self, name: &str) {
        let loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = loops.get(name) {
            task.abort();
        }
    }

    fn remember(&self, name: &'static str, task: AbortHandle) {
        let mut loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loops.insert(name, task);
    }
}

/// Starts them; they end when `shutdown` is cancelled and what their rounds have
/// begun then is done.
pub fn start(
    engine: &Engine,
    tracker: &TaskTracker,
    shutdown: &CancellationToken,
    duties: Duties,
) -> Loops {
    let loops = Loops::default();
    let (ending, at_stop) = (engine.clone(), shutdown.clone());
    tracker.spawn(async move {
        at_stop.cancelled().await;
        ending.ends();
    });
    let keep = |name, round: Round, rest: Rest| {
        let running = Arc::new(Loop {
            name,
            engine: engine.clone(),
            shutdown: shutdown.clone(),
            round,
            rest,
        });
        let begin = move || go_round(running.clone());
        let kept = loops.clone();
        tracker.spawn(kept.keep(name, engine.clone(), shutdown.clone(), begin));
    };
    keep(
        pulse::LOOK,
        Box::new(|engine| async move { engine.tick().await.map(drop) }.boxed()),
        Box::new(|engine| {
            async move { gather(LOOK_EVERY, engine.something_to_look_at()).await }.boxed()
        }),
    );
    // Alarms wait neither for the reminders under way nor for an edit.
    keep(
        pulse::ALARMS,
        Box::new(|engine| async move { engine.deliver_alarms().await.map(drop) }.boxed()),
        Box::new(|engine| {
            async move { wait(DELIVER_EVERY, engine.something_to_call()).await }.boxed()
        }),
    );
    keep(
        pulse::DELIVER,
        Box::new(|engine| async move { engine.deliver_due().await.map(drop) }.boxed()),
        Box::new(|engine| {
            async move { gather(DELIVER_EVERY, engine.something_to_deliver()).await }.boxed()
        }),
    );
    keep(
        pulse::RENEW,
        Box::new(|engine| async move { engine.renew_stale().await.map(drop) }.boxed()),
        Box::new(|engine| {
            async move { gather(DELIVER_EVERY, engine.something_to_renew()).await }.boxed()
        }),
    );
    keep(
        pulse::LETTERS,
        Box::new(|engine| async move { engine.send_waiting().await.map(drop) }.boxed()),
        Box::new(|engine| {
            async move { wait(DELIVER_EVERY, engine.something_to_send()).await }.boxed()
        }),
    );
    keep(
        "sent",
        Box::new(|engine| async move { engine.settle_letters().await }.boxed()),
        Box::new(|_| tokio::time::sleep(SETTLE_EVERY).boxed()),
    );
    keep(
        "tidy",
        Box::new(|engine| async move { tidy(&engine).await }.boxed()),
        Box::new(|_| tokio::time::sleep(TIDY_EVERY).boxed()),
    );
    if let Some(daily) = duties.daily.clone() {
        let (ours, at_stop) = (engine.clone(), shutdown.clone());
        let begin = move || daily.clone().run(ours.clone(), at_stop.clone());
        let kept = loops.clone();
        tracker.spawn(kept.keep(daily::LOOP, engine.clone(), shutdown.clone(), begin));
    }
    let every = duties.audit_every;
    keep(
        "audit",
        auditing(duties),
        Box::new(move |engine| {
            async move { wait(every, engine.something_to_audit()).await }.boxed()
        }),
    );
    loops
}

/// The first audit comes when the others have begun.
fn auditing(duties: Duties) -> Round {
    let is_first = AtomicBool::new(true);
    Box::new(move |engine| {
        if is_first.swap(false, Ordering::Relaxed) {
            return async { Ok(()) }.boxed();
        }
        let heartbeat = duties.heartbeat.clone();
        async move { audit(&engine, heartbeat.as_ref()).await }.boxed()
    })
}

async fn audit(engine: &Engine, heartbeat: Option<&Heartbeat>) -> Result<(), Fault> {
    let audited = engine.audit(Auditor::Loop).await;
    if let Some(heartbeat) = heartbeat {
        heartbeat.tell(&audited).await;
    }
    audited?;
    engine.report().await
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
type Round = Box<dyn Fn(Engine) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// The time between two rounds: it ends at a stop.
type Rest = Box<dyn Fn(Engine) -> BoxFuture<'static, ()> + Send + Sync>;

/// One loop: runs rounds one after another until the shutdown.
struct Loop {
    name: &'static str,
    engine: Engine,
    shutdown: CancellationToken,
    round: Round,
    rest: Rest,
}

impl Loops {
    /// Keeps what `begin` begins going until the shutdown: whatever dies before that,
    /// or shows no life for too long, is begun anew and said. What it had claimed is
    /// claimed again when the claim has run out, and a transaction that is dropped
    /// has not been.
    pub(super) async fn keep<F>(
        self,
        name: &'static str,
        engine: Engine,
        shutdown: CancellationToken,
        begin: impl Fn() -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut back_off = BACK_OFF;
        loop {
            engine.goes_on(name);
            let began = engine.clock().running();
            let mut task = AbortOnDropHandle::new(tokio::spawn(begin()));
            self.remember(name, task.abort_handle());
            if ends(&mut task, name, &engine).await {
                return;
            }
            drop(task);
            engine.fell(name);
            if BACK_OFF_MAX < engine.clock().running().saturating_sub(began) {
                back_off = BACK_OFF;
            }
            tokio::select! {
                () = later(&mut back_off) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }
}

/// Whether it came to its own end; else it died, or hangs.
async fn ends(task: &mut AbortOnDropHandle<()>, name: &'static str, engine: &Engine) -> bool {
    let mut was_still = false;
    loop {
        tokio::select! {
            ended = &mut *task => {
                if ended.is_err() {
                    tracing::error!(name, "a loop has died and is begun anew");
                }
                return ended.is_ok();
            }
            () = tokio::time::sleep(LOOK_IN_EVERY) => {
                let is_still = STILL_AFTER < engine.still_for(name);
                // After a machine's sleep it looks so once: whoever lives has shown
                // it by the next time.
                if is_still && was_still {
                    tracing::error!(name, "a loop hangs; it is broken off and begun anew");
                    return false;
                }
                was_still = is_still;
            }
        }
    }
}

/// After a round that failed it waits, longer each time.
async fn go_round(running: Arc<Loop>) {
    let Loop { name, engine, .. } = &*running;
    let mut back_off = BACK_OFF;
    while !running.shutdown.is_cancelled() {
        engine.beats(name);
        // A task of its own, so that a panic is seen here as an error.
        let round = AbortOnDropHandle::new(tokio::spawn((running.round)(engine.clone())));
        let pause = match round.await {
            Ok(Ok(())) => {
                back_off = BACK_OFF;
                (running.rest)(engine.clone())
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
            () = beating(engine, name, pause) => {}
            () = running.shutdown.cancelled() => return,
        }
    }
}

/// Whoever rests lives, and so does whoever has a limit of its own.
pub(super) async fn beating(engine: &Engine, name: &'static str, rest: impl Future<Output = ()>) {
    let mut rest = std::pin::pin!(rest);
    loop {
        engine.beats(name);
        tokio::select! {
            () = &mut rest => return,
            () = tokio::time::sleep(LOOK_IN_EVERY) => {}
        }
    }
}

/// So long, and the next time longer.
fn later(back_off: &mut Duration) -> BoxFuture<'static, ()> {
    let pause = tokio::time::sleep(*back_off).boxed();
    *back_off = (*back_off * 2).min(BACK_OFF_MAX);
    pause
}
