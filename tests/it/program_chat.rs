//! The real program and a chat: it ends in order in the midst of an answer, and
//! names its page as it can be reached.
use crate::{
    kills_chat::{Life, NURSES},
    telegram::fake::Fault,
};
use chrono::TimeDelta;
use koekake::engine::clock::Clock;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_on_its_way_at_a_signal_is_finished() {
    let mut life = Life::begin().await;
    let (_, chat) = NURSES[0];
    // Longer than any part of the stop once had to itself.
    is_stopped_over(&mut life, Fault::Slow(Duration::from_secs(6))).await;
    let letters: Vec<(i64,)> = life.rows("SELECT COUNT(*) FROM letter").await;
    assert_eq!(letters, [(0,)]);
    life.goes_on();
    life.telegram.says(chat, "H-005 手紙 投函 3か月後");
    let next = life.telegram.message(chat, 2).await;
    assert!(next.text().starts_with("記録しました H-005"), "{next:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_does_not_end_ends_with_the_program_and_is_repeated() {
    let mut life = Life::begin().await;
    is_stopped_over(&mut life, Fault::Hang).await;
    life.goes_on();
    life.telegram.confirmed().await;
    let again = life.telegram.message(NURSES[0].1, 1).await;
    assert!(again.text().starts_with("再送かもしれません"), "{again:?}");
    assert!(again.text().contains("記録しました H-001"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_in_the_chat_names_the_address_at_which_the_page_really_is() {
    let life = Life::begin().await;
    let (_, chat) = NURSES[0];
    life.telegram.says(chat, "ページ");
    let link = life.telegram.message(chat, 1).await;
    let address = format!("{}/", life.program.origin);
    assert!(
        link.text().contains(&address),
        "{address} in {}",
        link.text()
    );
}

/// A line is said, and while it is answered so, the program is told to stop: it
/// does, in time and in order.
async fn is_stopped_over(life: &mut Life, fault: Fault) {
    let (_, chat) = NURSES[0];
    life.telegram.fails("sendMessage", chat, fault);
    life.telegram.says(chat, "H-001 手紙 投函 3か月後");
    life.telegram.until(1, "sendMessage", |_| true).await;
    let clock = Clock::system(0);
    let signalled_at = clock.real();
    let status = life.program.terminate();
    assert!(status.success(), "{status}");
    let took = clock.real() - signalled_at;
    assert!(took < TimeDelta::seconds(10), "{took}");
}
