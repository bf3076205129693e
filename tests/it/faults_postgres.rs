//! PostgreSQL stops and starts again under the real program, in a stream of lines and
//! alarms: every one is recorded once and answered, if not now, then when the server
//! is back, and the program does not end. `KOEKAKE_SERVER_STOPS=20 cargo test
//! faults_postgres` stops it as often as that.
use crate::{
    kills_chat::{Life, asked},
    postgres::{Cluster, Stop},
};
use std::time::Duration;

/// In a plain test run: once in order, once as by a crash.
const STOPS: usize = 2;
/// How long it is away.
const AWAY: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_and_alarms_wait_for_a_postgresql_that_is_away_and_the_program_goes_on() {
    let Some(cluster) = Cluster::own("a PostgreSQL that stops") else {
        return;
    };
    let stops = asked("KOEKAKE_SERVER_STOPS").unwrap_or(STOPS);
    // Lines before each stop, and lines meanwhile.
    let mut life = Life::on(cluster.database().await, 2 * stops).await;
    for stop in 0..stops {
        life.is_in_the_midst_of(stop).await;
        cluster.stop([Stop::Fast, Stop::Immediate][stop % 2]);
        life.say_lines();
        tokio::time::sleep(AWAY).await;
        assert!(life.program.is_running(), "{}", life.program.errors());
        cluster.start();
    }
    let (lines, alarms) = life.stands().await;
    println!("{stops} stops: {lines} lines and {alarms} alarms, none lost");
}
