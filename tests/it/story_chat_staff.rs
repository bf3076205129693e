//! The staff by chat: who is let in, who comes, who goes; one's own page; and
//! where nudges go first.
use crate::{
    bot::{TestBot, home, person},
    chat_bot::account,
};
use koekake::{
    conversation::message::{
        Account,
        Platform::{self, *},
    },
    store::{
        staff,
        tokens::{self, Joined},
    },
};

async fn bot_with(homes: &[crate::bot::Home]) -> TestBot {
    let mut bot = TestBot::at("2026-11-25 10:00", homes).await;
    bot.opens(Telegram).await;
    bot
}

/// The code or link behind a word in an answer.
fn behind<'a>(text: &'a str, word: &str) -> &'a str {
    let rest = text.split(word).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("no {word} in {text}"));
    rest.split(['\n', '」']).next().unwrap_or_default().trim()
}

#[tokio::test]
async fn an_invitation_lets_a_colleague_join_once_and_is_kept_nowhere() {
    let mut bot = bot_with(&[]).await;
    let answer = bot.says_on(Telegram, "伊藤", "招待 佐藤").await;
    let code = behind(&answer, "参加コード").to_owned();
    let told = answer.replace(&code, "CODE");
    insta::assert_snapshot!(told, @"
    佐藤さんの参加コード CODE
    7日間、1回だけ使えます。前のコードは使えなくなりました。本人からボットへ、1対1のチャットで「参加 CODE」と送ってもらってください
    ");
    let now = bot.engine.clock().real();
    let today = bot.wall().date();
    let joins = |id: &str| Account {
        platform: Discord,
        id: id.to_owned(),
    };
    let joined = tokens::join(&bot.db, &code, &joins("1"), (now, today)).await;
    assert_eq!(joined.expect("a code"), Joined::As(person("佐藤")));
    let again = tokens::join(&bot.db, &code, &joins("2"), (now, today)).await;
    assert_eq!(again.expect("no code"), Joined::NoSuchCode);
    let kept = bot.kept(Telegram, &account(Telegram, "伊藤")).await;
    assert!(!kept.contains(&code), "{kept}");
    assert!(kept.contains("佐藤さんの参加コードを作りました"), "{kept}");
    assert_eq!(bot.journal("invited").await, ["person 1"]);
}

#[tokio::test]
async fn only_those_who_oversee_invite_and_only_administrators_an_administrator() {
    let mut bot = bot_with(&[]).await;
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "招待 鈴木").await, @"係長・代理・管理者の方ができることです。係長に伝えてください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "招待 小林").await, @"管理者の方ができることです。管理者に伝えてください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "招待 山田").await, @"その名前の職員が見つかりません。同じチームの方の苗字で送ってください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "/invite").await, @"どなたを招待しますか。苗字を添えて送ってください(例 「招待 佐藤」)");
    assert_eq!(bot.says_on(Telegram, "佐藤", "招待 客様").await, "");
    assert_eq!(bot.journal("refused").await.len(), 2);
    assert_eq!(bot.journal("invited").await.len(), 0);
    let english = bot.says_on(Telegram, "小林", "invite 小林さん").await;
    assert!(english.contains("小林さんの参加コード"), "{english}");
}

#[tokio::test]
async fn the_page_shows_no_code_and_no_link() {
    let mut bot = bot_with(&[]).await;
    insta::assert_snapshot!(bot.says("伊藤", "招待 佐藤").await, @"この画面は会話が残るため、参加コードを出せません。チャットで送るか、管理者の方が koekake invite で作ってください");
    insta::assert_snapshot!(bot.says("伊藤", "ページ").await, @"この画面がページです");
    assert_eq!(bot.journal("invited").await.len(), 0);
    assert_eq!(bot.journal("link_made").await.len(), 0);
}

#[tokio::test]
async fn somebody_is_added_invited_and_listed() {
    let mut bot = bot_with(&[]).await;
    insta::assert_snapshot!(bot.says_on(Telegram, "小林", "職員追加 Yamada 担当").await, @"
    Yamadaさん(担当)を加えました
    [参加コードを作る]
    ");
    let invited = bot.presses_on(Telegram, "小林", "参加コードを作る").await;
    assert!(invited.starts_with("Yamadaさんの参加コード"), "{invited}");
    insta::assert_snapshot!(bot.says_on(Telegram, "小林", "add staff Yamada deputy").await, @"同じ名前の職員がいます。呼び分けられる名前で送ってください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "職員追加 田中 管理者").await, @"管理者の方ができることです。管理者に伝えてください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "職員追加").await, @"名前と役割を添えて送ってください(例 「職員追加 山田 担当」)");
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "職員追加 田中 担当").await, @"係長・代理・管理者の方ができることです。係長に伝えてください");
    bot.says("佐藤", "休み 11/24から12/2 代行 鈴木").await;
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "職員一覧").await, @"
    # 職員 6人
    佐藤さん 担当 Telegram・ページ 12月2日(水)まで休み
    鈴木さん 担当 Telegram・ページ
    伊藤さん 係長 Telegram・ページ
    渡辺さん 代理 Telegram・ページ
    小林さん 管理者 Telegram・ページ
    Yamadaさん 担当 ページ
    ");
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "職員一覧").await, @"係長・代理・管理者の方ができることです。係長に伝えてください");
    let added = bot.journal("person_added").await;
    assert_eq!(added, ["person 6 nurse team 1"]);
    bot.all_read();
}

#[tokio::test]
async fn nobody_goes_while_households_are_theirs() {
    let mut homes: Vec<_> = (12..19)
        .map(|code| home(code, "佐藤", "2026-12-15"))
        .collect();
    homes.push(crate::bot::Home {
        second: Some("佐藤"),
        ..home(20, "鈴木", "2026-12-15")
    });
    let mut bot = bot_with(&homes).await;
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "退職 佐藤").await, @"
    佐藤さんには主担当7世帯・副担当1世帯があります。引き継ぎが済むと外せます
    * H-012
      [担当を変える]
    * H-013
      [担当を変える]
    * H-014
      [担当を変える]
    * H-015
      [担当を変える]
    * H-016
      [担当を変える]
    ほか2世帯
    副担当 H-020。「H-020 副担当 (苗字)」のように替えられます
    まとめて引き継ぐ方を選べます
    [鈴木さん]
    ");
    insta::assert_snapshot!(bot.presses_on(Telegram, "伊藤", "担当を変える").await, @"
    H-012 の担当をどなたにしますか
    [鈴木さん]
    ");
    assert_eq!(bot.journal("person_left").await.len(), 0);
}

#[tokio::test]
async fn whoever_has_handed_on_goes_today_or_after_a_last_day() {
    let mut bot = bot_with(&[home(12, "鈴木", "2026-12-15")]).await;
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "退職 渡辺").await, @"係長・代理・管理者の方ができることです。係長に伝えてください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "転出 渡辺さん 3/31").await, @"渡辺さんの在籍は2027年3月31日(水)までにしました。翌日からページとチャットは使えなくなります");
    insta::assert_snapshot!(bot.says_on(Telegram, "小林", "staff leave 佐藤").await, @"佐藤さんを職員から外しました。ページとチャットは使えなくなります");
    insta::assert_snapshot!(bot.says_on(Telegram, "小林", "退職 小林").await, @"ほかに管理者がいないため外せません。先に管理者を加えてください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "退職 小林").await, @"管理者の方ができることです。管理者に伝えてください");
    insta::assert_snapshot!(bot.says_on(Telegram, "伊藤", "/staff_leave").await, @"どなたのことですか。苗字を添えて送ってください(例 「退職 佐藤 3/31」)");
    assert_eq!(
        bot.journal("person_left").await,
        ["person 4 on 2027-04-01", "person 1 on 2026-11-25"]
    );
    let staff = bot.says_on(Telegram, "伊藤", "職員一覧").await;
    assert!(!staff.contains("佐藤"), "{staff}");
    assert!(staff.contains("2027年3月31日(水)まで在籍"), "{staff}");
}

#[tokio::test]
async fn words_about_leaving_and_inviting_in_talk_are_passed_over() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-12-15")]).await;
    for chatter in [
        "退職 おめでとうございます",
        "退職者の送別会どうしますか",
        "退職 手続きの件です",
        "招待状が届きました",
        "招待 ありがとうございます",
        "お知らせは明日配ります",
        "お知らせはDiscordで来ますか",
        "ページが開きません",
        "職員一覧を印刷しておきました",
        "invite friends over",
        "page 3 of the form",
    ] {
        assert_eq!(
            bot.says_on(Telegram, "伊藤", chatter).await,
            "",
            "{chatter}"
        );
    }
    let log = bot
        .says_on(
            Telegram,
            "佐藤",
            "H-012 訪問 父と話せた 退職したとのこと 3か月後",
        )
        .await;
    assert!(
        log.starts_with("記録しました H-012 訪問・父と話せた"),
        "{log}"
    );
    let leave = bot.says_on(Telegram, "佐藤", "休み 12/1から12/4").await;
    assert!(leave.contains("佐藤さんの休み"), "{leave}");
}

#[tokio::test]
async fn a_link_opens_the_page_once_and_is_kept_nowhere() {
    let mut bot = bot_with(&[]).await;
    let answer = bot.says_on(Telegram, "佐藤", "ページ").await;
    let token = behind(&answer, "?t=").to_owned();
    insta::assert_snapshot!(answer.replace(&token, "TOKEN"), @"
    ページを開くリンクです。10分間、1回だけ使えます
    https://koekake.test/sign-in?t=TOKEN
    ");
    let session = bot.engine.sign_in(&token).await.expect("a store");
    assert!(session.is_some());
    assert_eq!(bot.engine.sign_in(&token).await.expect("a store"), None);
    let kept = bot.kept(Telegram, &account(Telegram, "佐藤")).await;
    assert!(!kept.contains(&token), "{kept}");
    assert_eq!(bot.journal("link_made").await, ["person 1"]);
}

#[tokio::test]
async fn nudges_go_first_where_somebody_wants_them() {
    let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.opens(Telegram).await;
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "お知らせはDiscordへ").await, @"Discordにはまだ参加していません。参加コードで参加したあとに選べます");
    bot.opens(Discord).await;
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "notify").await, @"");
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "/notify").await, @"
    お知らせを最初に届ける先を選んでください
    [お知らせはTelegramへ] [お知らせはDiscordへ]
    ");
    insta::assert_snapshot!(bot.presses_on(Telegram, "佐藤", "お知らせはDiscordへ").await, @"お知らせは、まずDiscordへ届けます");
    assert_eq!(first_of(&bot, "佐藤").await, Discord);
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "通知はテレグラムに").await, @"お知らせは、まずTelegramへ届けます");
    assert_eq!(first_of(&bot, "佐藤").await, Telegram);
    bot.moves_to("2026-11-25 08:30").await;
    assert_eq!(
        bot.chat(Telegram).attempts.last(),
        Some(&account(Telegram, "佐藤"))
    );
    bot.all_read();
}

async fn first_of(bot: &TestBot, who: &str) -> Platform {
    let routes = staff::routes(&bot.db).await.expect("routes");
    routes[&person(who)][0]
}

#[tokio::test]
async fn codes_are_completed_with_ones_own_first_and_none_for_strangers() {
    let homes: Vec<_> = (10..40)
        .map(|code| {
            home(
                code,
                if code % 2 == 0 { "鈴木" } else { "佐藤" },
                "2026-12-15",
            )
        })
        .collect();
    let bot = bot_with(&homes).await;
    let of = |id: String| Account {
        platform: Telegram,
        id,
    };
    let own = of(account(Telegram, "佐藤"));
    let found = bot.engine.codes(&own, "").await.expect("codes");
    assert_eq!(found.len(), 25);
    let codes: Vec<String> = found.iter().map(|(code, _)| code.to_string()).collect();
    assert_eq!(codes[..3], ["H-011", "H-013", "H-015"]);
    assert_eq!(codes[15..17], ["H-010", "H-012"]);
    let typed = bot.engine.codes(&own, "h-3").await.expect("codes");
    assert_eq!(typed.len(), 10);
    assert_eq!(typed[0].1, "H-031");
    let stranger = bot.engine.codes(&of("77".to_owned()), "").await;
    assert_eq!(stranger.expect("codes"), []);
}
