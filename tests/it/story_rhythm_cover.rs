//! A leave is covered from its first day to its last: told before, handed over at
//! the change, handed back by itself.
use crate::bot::{Home, TestBot, home};

fn shared(code: u32, due_on: &'static str) -> Home {
    Home {
        second: Some("鈴木"),
        ..home(code, "佐藤", due_on)
    }
}

#[tokio::test]
async fn the_cover_is_told_before_both_at_the_change_and_both_at_the_end() {
    let homes = [
        home(12, "佐藤", "2026-12-02"),
        home(13, "佐藤", "2026-12-03"),
        home(14, "佐藤", "2027-01-20"),
    ];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    bot.says("佐藤", "H-013 配慮 二人で").await;
    bot.says("佐藤", "H-013 12/20まで控える").await;
    bot.says("佐藤", "休み 12/1から12/4 代行 鈴木").await;
    bot.all_read();
    bot.moves_to("2026-11-30 08:29").await;
    bot.all_read();
    bot.moves_to("2026-11-30 08:30").await;
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    # 12月1日(火)から12月4日(金)まで 佐藤さんの代行です。その間の2世帯をお願いします
    * ○ H-012 12月2日(水) 声かけ 佐藤
      [開く]
    * ○ H-013 12月3日(木) 声かけ 佐藤
      二人以上で・12月20日(日)まで訪問を控える
      [開く]
    ");
    bot.moves_to("2026-12-01 08:30").await;
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    # 佐藤さんは12月4日(金)までお休みです。その間の2世帯をお願いします
    * ○ H-012 12月2日(水) 声かけ 佐藤
      [開く]
    * ○ H-013 12月3日(木) 声かけ 佐藤
      二人以上で・12月20日(日)まで訪問を控える
      [開く]
    ");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # 12月4日(金)まで、2世帯は鈴木さんが代行します
    * ○ H-012 12月2日(水) 声かけ
      [開く]
    * ○ H-013 12月3日(木) 声かけ
      二人以上で・12月20日(日)まで訪問を控える
      [開く]
    ");
    bot.moves_to("2026-12-04 17:00").await;
    bot.says("鈴木", "H-012 訪問 本人と会えた 2週間後").await;
    bot.all_read();
    bot.moves_to("2026-12-07 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # おはようございます。声かけの時期は1世帯です
    * ▲4 H-013
      12月3日(木)の予定
      接触はまだありません
      配慮 二人以上で
      直接の訪問と電話は12月20日(日)まで控えます
      [記録する] [やります] [日を変える] [相談する]
    ---
    # おかえりなさい。鈴木さんの代行は12月4日(金)で終わりました。動きのあった、または時期が来ている2世帯です
    * ▲4 H-013 12月3日(木) 声かけ
      二人以上で・12月20日(日)まで訪問を控える
      [開く]
    * ○ H-012 12月18日(金) 声かけ
      [開く]
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    # 佐藤さんの代行は12月4日(金)で終わりました。2世帯をお返しします
    * ▲4 H-013 12月3日(木) 声かけ 佐藤
      二人以上で・12月20日(日)まで訪問を控える
      [開く]
    * ○ H-012 12月18日(金) 声かけ 佐藤
      [開く]
    ");
    bot.all_read();
    let later = bot.told_until("2026-12-11 14:00").await;
    assert!(
        !later.contains("代行") && !later.contains("おかえり"),
        "{later}"
    );
}

#[tokio::test]
async fn without_a_cover_the_second_nurse_and_the_supervisor_get_the_list() {
    let homes = [shared(12, "2026-12-02"), home(13, "佐藤", "2026-12-03")];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    bot.says("佐藤", "休み 12/1から12/4").await;
    bot.moves_to("2026-11-30 17:00").await;
    bot.all_read();
    bot.moves_to("2026-12-01 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # 12月4日(金)まで、2世帯は副担当と係長が受け持ちます
    * ○ H-012 12月2日(水) 声かけ
      [開く]
    * ○ H-013 12月3日(木) 声かけ
      [開く]
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    # 佐藤さんは12月4日(金)までお休みです。その間の1世帯をお願いします
    * ○ H-012 12月2日(水) 声かけ 佐藤
      [開く]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    # 佐藤さんは12月4日(金)までお休みです。その間の2世帯をお願いします
    * ○ H-012 12月2日(水) 声かけ 佐藤
      [開く]
    * ○ H-013 12月3日(木) 声かけ 佐藤
      [開く]
    ");
}

#[tokio::test]
async fn a_leave_that_is_cancelled_says_no_more() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-12-02")]).await;
    bot.says("佐藤", "休み 12/1から12/4 代行 鈴木").await;
    bot.says("佐藤", "取り消し").await;
    bot.moves_to("2026-11-27 17:00").await;
    bot.all_read();
    assert_eq!(bot.told_until("2026-12-02 08:00").await, "");
    assert!(
        bot.told_until("2026-12-02 09:00")
            .await
            .contains("佐藤 ● H-012")
    );
}
