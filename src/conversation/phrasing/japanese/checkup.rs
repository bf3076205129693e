//! What `koekake doctor` says in Japanese.
use crate::{
    conversation::{
        checkup::{
            Finding, OfBackup, OfCalendar, OfChannel, OfChat, OfClock, OfDatabase, OfDiscord,
            OfGroup, OfOffice, OfSettings, OfTelegram, Permit, Spot,
        },
        message::Platform,
        phrasing::manual,
    },
    domain::people::Language,
};

pub fn say(finding: &Finding) -> String {
    match finding {
        Finding::Settings(found) => of_settings(found),
        Finding::Database(found) => of_database(found),
        Finding::Backup(found) => of_backup(found),
        Finding::Office(found) => of_office(found),
        Finding::Calendar(found) => of_calendar(found),
        Finding::Clock(found) => of_clock(found),
        Finding::Chat(platform, found) => of_chat(*platform, found),
        Finding::Telegram(found) => of_telegram(found),
        Finding::Group(spot, found) => format!("{} {}", place(spot), of_group(found)),
        Finding::Discord(found) => of_discord(found),
        Finding::Channel(spot, found) => format!("{} {}", place(spot), of_channel(found)),
    }
}

fn of_settings(found: &OfSettings) -> String {
    match found {
        OfSettings::Read => "読めました".to_owned(),
        OfSettings::Refused { error } => {
            format!("使えません。示した場所を直してください。ほかは、直るまで調べられません: {error}")
        }
        OfSettings::WordsRefused { error } => {
            format!("事業所の言葉が使えません。示した場所を直してください: {error}")
        }
        OfSettings::PageAt { url } => format!("ページは {url}"),
        OfSettings::PageAtHome { url } => format!(
            "チャットのリンクは {url} を指し、この機械でしか開けません。\
             HTTPS の中継を置き、[web] public_url に外からの住所を書いてください"
        ),
        OfSettings::PageInTheClear { url } => format!(
            "ページの住所 {url} は暗号化されません。\
             HTTPS の中継を置き、[web] public_url を https:// にしてください"
        ),
        OfSettings::PageNameless { listen } => format!(
            "[web] listen が {listen} なのに public_url がなく、`koekake run` は始まりません。\
             public_url に外からの住所を書くか、listen を 127.0.0.1:8080 に戻してください"
        ),
        OfSettings::NetworkRefused { error } => {
            format!("[network] の proxy か ca_file を直してください: {error}")
        }
        OfSettings::NoCounselling => {
            "ボットを見つけた住民に相談先を伝えられません。[office] counselling に電話番号と時間を書いてください".to_owned()
        }
        OfSettings::CardUnset { label } => {
            format!("緊急時に見せる番号「{label}」が未設定です。[[office.card]] に書いてください")
        }
    }
}

fn of_database(found: &OfDatabase) -> String {
    match found {
        OfDatabase::Open { place } => format!("開けました。表は最新です: {place}"),
        OfDatabase::Missing { place } => format!(
            "まだありません: {place}。はじめてなら `koekake init` を、別の場所なら --data を付けてください"
        ),
        OfDatabase::Unreached { place, error } => {
            format!("開けません: {place}: {error}。場所と権限、PostgreSQL なら動いているかを確かめてください")
        }
        OfDatabase::Damaged { place, damage } => format!(
            "ファイルが壊れています: {place}: {damage}。`koekake restore FILE` で控えから戻してください(壊れたファイルは残ります)"
        ),
        OfDatabase::Foreign { place } => {
            format!(
                "声かけの表がありません: {place}。はじめてなら `koekake init` を、ほかの場所なら [data] dir か [database] url を直してください"
            )
        }
        OfDatabase::Behind { steps } => {
            format!("表が {steps} 段階古い版です。次に `koekake run` を始めると最新になります(その前に控えを)")
        }
        OfDatabase::Ahead => {
            "表がこのプログラムより新しい版です。新しいほうの koekake を使ってください".to_owned()
        }
        OfDatabase::Halted => {
            "表の更新が途中で止まっています。控えから戻し、`koekake run` を始めてください".to_owned()
        }
        OfDatabase::Running => "`koekake run` が動いています".to_owned(),
        OfDatabase::NotRunning => {
            "`koekake run` が動いていません。お知らせは出ません。`koekake run` か `systemctl start koekake` を".to_owned()
        }
        OfDatabase::LockUnknown { error } => {
            format!("`koekake run` が動いているか分かりません: {error}。`koekake run` と同じ利用者で試してください")
        }
        OfDatabase::Unwritable { folder } => format!(
            "{folder} に書けません。`chown -R koekake {folder}` などで、動かす利用者のものにしてください"
        ),
        OfDatabase::Roomy { mebibytes } => format!("ディスクの空き {mebibytes} MiB"),
        OfDatabase::Scarce { mebibytes } => {
            format!("ディスクの空きが {mebibytes} MiB です。要らないファイルを片づけてください")
        }
        OfDatabase::Full { mebibytes } => format!(
            "ディスクの空きが {mebibytes} MiB しかありません。いま要らないファイルを片づけるか、データを広いディスクへ移してください"
        ),
        OfDatabase::SpaceUnknown { error } => {
            format!("ディスクの空きが分かりません: {error}。`df -h` で確かめてください")
        }
    }
}

fn of_backup(found: &OfBackup) -> String {
    match found {
        OfBackup::Off => {
            "毎日の控えがありません。[backup] の dir に別のディスクを、keep に残す数(14 など)を書いてください".to_owned()
        }
        OfBackup::Newest { day } => format!("いちばん新しい控え {day}"),
        OfBackup::None { folder } => format!(
            "{folder} にまだ控えがありません。[backup] at の時刻に `koekake run` が作ります。いま作るなら `koekake backup ファイル`"
        ),
        OfBackup::Old { day, days } => format!(
            "いちばん新しい控えが {day}、{days}日前です。`koekake run` の記録で \"no backup was made\" を探し、ディスクと権限を確かめてください"
        ),
        OfBackup::Unwritable { folder } => format!(
            "控えの場所 {folder} に書けません。ディスクがつながっているか、`koekake run` と同じ利用者のものかを確かめてください"
        ),
    }
}

fn of_office(found: &OfOffice) -> String {
    match found {
        OfOffice::Founded { name } => name.clone(),
        OfOffice::NotFounded => "まだありません。`koekake init` を実行してください".to_owned(),
        OfOffice::MadeUp => {
            "架空の事業所です。`koekake trial` だけが開けます。--data で本物の場所を示してください"
                .to_owned()
        }
        OfOffice::Unread { error } => {
            format!("一部を読めません: {error}。もう一度試し、続くときは控えから戻してください")
        }
        OfOffice::Staffed { people } => format!("職員 {people}人"),
        OfOffice::NoAdmin => {
            "管理者がいません。外からデータベースが変えられています。控えから戻してください"
                .to_owned()
        }
        OfOffice::NobodyLeads { team } => format!(
            "{team}に係長も代理もいません。`koekake person add 名前 --role supervisor --team {team}`"
        ),
        OfOffice::Unreachable { name } => {
            format!(
                "{name}さんに届く経路がありません。`koekake invite {name}` のコードで参加してもらってください"
            )
        }
        OfOffice::LostChat { name } => format!(
            "{name}さんのチャットに届かなくなりました。ブロックを外して一言送ってもらうか、`koekake invite {name}`"
        ),
        OfOffice::PageAlone { names } => format!(
            "チャットに参加していません: {}。`koekake invite 名前` のコードを渡してください",
            names.join("、")
        ),
        OfOffice::Scheduled { households: 0 } => {
            "支援中の世帯はまだありません。`koekake import households` で取り込めます".to_owned()
        }
        OfOffice::Scheduled { households } => {
            format!("終わっていない {households}世帯のすべてに、次の予定があります")
        }
        OfOffice::Unscheduled { households } => format!(
            "{households}世帯に次の予定がありません。外からデータベースが変えられています。\
             `koekake run` を止め、控えから戻してください"
        ),
        OfOffice::LettersWaiting { letters } => format!(
            "1時間以上届けられない返事が {letters}通あります。下のチャットの行を直すと、届きます"
        ),
    }
}

fn of_calendar(found: &OfCalendar) -> String {
    match found {
        OfCalendar::Holidays { count, from, to } => {
            format!("祝日を知っています({from} から {to} まで {count}日)")
        }
        OfCalendar::HolidaysUnknown { year } => format!(
            "{year}年の祝日を知りません。新しい koekake にするか、[office] closures に日付を足してください"
        ),
        OfCalendar::Closures { count } => format!("事業所だけの閉庁日 {count}日"),
        OfCalendar::NoClosures => {
            "事業所だけの閉庁日なし(土日、祝日、12月29日から1月3日は閉庁。足すときは [office] closures)".to_owned()
        }
        OfCalendar::ClosuresPast => {
            "事業所だけの閉庁日は、過ぎた日ばかりです。[office] closures にこれからの日を足してください".to_owned()
        }
    }
}

fn of_clock(found: &OfClock) -> String {
    match found {
        OfClock::Reads { at } => format!("この機械では {}", at.format("%Y-%m-%d %H:%M")),
        OfClock::Agrees { with } => format!("{} の時計と合っています", name(*with)),
        OfClock::Ahead { of, seconds } => format!(
            "{} の時計より {seconds}秒進んでいます。{SET_THE_CLOCK}",
            name(*of)
        ),
        OfClock::Behind { of, seconds } => format!(
            "{} の時計より {seconds}秒おくれています。{SET_THE_CLOCK}",
            name(*of)
        ),
        OfClock::MessageAhead { seconds } => format!(
            "いちばん新しい発言が {seconds}秒先の時刻です。時計が戻されたようです。{SET_THE_CLOCK}"
        ),
    }
}

const SET_THE_CLOCK: &str =
    "`timedatectl set-ntp true` で時刻合わせを入れ、`koekake run` を始め直してください";

fn of_chat(platform: Platform, found: &OfChat) -> String {
    let code = platform.code();
    match found {
        OfChat::Off => {
            let variable = manual::token_variable(platform);
            format!("使いません(使うときは {variable} にトークンのファイルを)")
        }
        OfChat::NoLevel => format!("段階を選んでいないため動きません。`koekake level {code}`"),
        OfChat::Level(level) => format!("段階 {}", level.number()),
        OfChat::Known { bot } => format!("トークンは正しく、ボットは {bot}"),
        OfChat::Unreached => {
            "つながりません。インターネットへの接続と、プロキシの内側なら [network] の proxy と ca_file を確かめてください".to_owned()
        }
        OfChat::Trouble => {
            "今は答えません。しばらくして、もう一度 `koekake doctor` を".to_owned()
        }
    }
}

fn name(platform: Platform) -> &'static str {
    manual::platform_name(platform, Language::Japanese)
}

const PRIVACY: &str = "@BotFather で /setprivacy → ボットを選ぶ → Disable";

fn of_telegram(found: &OfTelegram) -> String {
    match found {
        OfTelegram::TokenRefused => format!(
            "トークンが断られました。@BotFather で /mybots → ボットを選ぶ → API Token を開き、\
             写したものを {} のファイルに置いてください",
            manual::token_variable(Platform::Telegram)
        ),
        OfTelegram::Webhook => "webhook が入っているため、発言を受け取れません。\
             `curl https://api.telegram.org/bot$(cat telegram-token)/deleteWebhook` で外してください"
            .to_owned(),
        OfTelegram::Waiting { updates: 0 } => "受け取っていない発言はありません".to_owned(),
        OfTelegram::Waiting { updates } => format!(
            "受け取っていない発言が {updates}件あります。24時間で消えるので、`koekake run` を動かしてください"
        ),
        OfTelegram::HearsGroups => "グループの読み方は設定と合っています".to_owned(),
        OfTelegram::HearsCommandsAlone => format!(
            "グループでは命令と返信だけが届きます。一行も読ませるなら、グループに入れる前に {PRIVACY}"
        ),
    }
}

fn of_discord(found: &OfDiscord) -> String {
    match found {
        OfDiscord::TokenRefused => format!(
            "トークンが断られました。https://discord.com/developers/applications → ボット → Bot → \
             Reset Token で出たものを {} のファイルに置いてください",
            manual::token_variable(Platform::Discord)
        ),
        OfDiscord::ContentIntent => "Message Content Intent が入っています".to_owned(),
        OfDiscord::NoContentIntent => "Message Content Intent が切れているため、つながりません。\
             https://discord.com/developers/applications → ボット → Bot → \
             Privileged Gateway Intents → Message Content Intent を入れて Save Changes"
            .to_owned(),
    }
}

/// Which place it is, by nothing that the chat itself calls it.
fn place(
    Spot {
        team,
        registered_on,
    }: &Spot,
) -> String {
    format!("{team}の場所({registered_on} 登録):")
}

const WELL: &str = "読めて、書けて、メンバーだけが見られます";
const CLOSED: &str =
    "投稿を止めてあります。使うときは、メンバーを限り、そこで /setup と送ってください";
const UNASKED: &str =
    "答えがなく、調べられませんでした。しばらくして、もう一度 `koekake doctor` を";

fn of_group(found: &OfGroup) -> String {
    match found {
        OfGroup::Fine => WELL.to_owned(),
        OfGroup::Closed => CLOSED.to_owned(),
        OfGroup::Gone => {
            "ボットがグループにいません。グループの名前 → メンバーを追加 → ボットを選び、\
             そこで /setup と送ってください"
                .to_owned()
        }
        OfGroup::OpenToAll => "公開グループのため、投稿しません。\
             グループの名前 → 編集 → グループの種類 → 非公開 にしてください"
            .to_owned(),
        OfGroup::Mute => {
            "ボットが書けません。グループの名前 → 編集 → 権限 → メッセージの送信 を入れるか、\
             ボットを管理者にしてください"
                .to_owned()
        }
        OfGroup::HearsCommandsAlone => format!(
            "ふつうの一行がボットに届きません。{PRIVACY}。そのあとボットをグループから出し、入れ直してください\
             (一行を読まないと決めたなら [chat] free_lines_in_rooms = false)"
        ),
        OfGroup::Moved => "グループが移りました。次の投稿で、移った先を使います。\
             急ぐなら、そこで /setup と送ってください"
            .to_owned(),
        OfGroup::Unasked => UNASKED.to_owned(),
    }
}

fn of_channel(found: &OfChannel) -> String {
    match found {
        OfChannel::Fine => WELL.to_owned(),
        OfChannel::Closed => CLOSED.to_owned(),
        OfChannel::Gone => {
            "チャンネルが見えません。チャンネルの編集 → 権限 → メンバーまたはロールを追加 → ボットを選び、\
             「チャンネルを見る」を許してください。消したチャンネルなら、新しいところで /setup"
                .to_owned()
        }
        OfChannel::OpenToAll => {
            "サーバーの全員が見られるため、投稿しません。チャンネルの編集 → 権限 → プライベートチャンネル を入れ、\
             メンバーとボットを加えてください"
                .to_owned()
        }
        OfChannel::Lacks(permits) => {
            let permits: Vec<&str> = permits.iter().map(|permit| permit_name(*permit)).collect();
            format!(
                "ボットの権限が足りません: {}。チャンネルの編集 → 権限 → ボットを選び、入れてください",
                permits.join("、")
            )
        }
        OfChannel::Unasked => UNASKED.to_owned(),
    }
}

/// As Discord's own settings say it.
fn permit_name(permit: Permit) -> &'static str {
    match permit {
        Permit::ViewChannel => "チャンネルを見る (View Channel)",
        Permit::SendMessages => "メッセージを送信 (Send Messages)",
        Permit::ReadMessageHistory => "メッセージ履歴を読む (Read Message History)",
    }
}
