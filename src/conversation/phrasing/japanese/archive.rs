//! What the commands that back up, restore, export and take in say in Japanese.
use crate::{
    conversation::{
        archive::{Flaw, Flawed, Refused, Summary, Told},
        phrasing::manual,
    },
    domain::people::Language,
};

pub fn say(told: &Told) -> String {
    match told {
        Told::BackedUp { file, summary } => format!(
            "控えを作り、読み直して確かめました: {file}\n\
             {}\n\
             個人の情報が入っています。持ち主だけが読めます。別のディスクにも置いてください",
            held(summary)
        ),
        Told::Exported { file, summary } => format!(
            "すべての行を書き出し、読み直して確かめました: {file}\n\
             {}\n\
             個人の情報が入っています。持ち主だけが読めます。用がすんだら消してください",
            held(summary)
        ),
        Told::TakenIn { rows } => format!("{rows}行をそのまま取り込みました"),
        Told::Restoring {
            summary,
            last,
            place,
        } => {
            let last = match last {
                Some(last) => format!("、最後のやりとり {}", last.format("%Y-%m-%d %H:%M")),
                None => String::new(),
            };
            format!("戻すもの: {}{last}\n戻す先: {place}", held(summary))
        }
        Told::Sure => "戻しますか。そのあとの記録はこの事業所からなくなります [y/N]: ".to_owned(),
        Told::Restored { former, repeated } => {
            let former = match former {
                Some(former) => format!("\nそれまでのデータベース: {former}"),
                None => String::new(),
            };
            let repeated = match repeated {
                0 => String::new(),
                repeated => format!(
                    "\n{repeated}件のお知らせが、もう一度出ることがあります。「再送かもしれません」と付きます"
                ),
            };
            format!(
                "戻しました。`koekake run` を始めてください{former}{repeated}\n\
                 ページに入っている人はみな出されました。古い入口と参加コードは使えません"
            )
        }
        Told::Lines {
            platform,
            is_read_again,
        } => {
            let name = manual::platform_name(*platform, Language::Japanese);
            match is_read_again {
                true => format!(
                    "{name}: 控えのあとに打たれた行は、もう一度読んで記録します。押されたボタンは戻りません"
                ),
                false => format!(
                    "{name}: 控えのあとに打たれた行は戻りません。チャットに残っている行を、もう一度送ってもらってください"
                ),
            }
        }
        Told::Refused(refused) => why(refused),
    }
}

fn held(summary: &Summary) -> String {
    let Summary {
        office,
        households,
        contacts,
    } = summary;
    format!("{office}、世帯 {households}、接触 {contacts}")
}

fn why(refused: &Refused) -> String {
    match refused {
        Refused::Flawed { file, flawed } => format!("{file}: {}。何も変えていません", flaw(flawed)),
        Refused::Running => {
            "`koekake run` が動いています。止めてから (`systemctl stop koekake`)、もう一度試してください".to_owned()
        }
        Refused::Busy => {
            "ほかの命令がデータベースを使っています。終わってから、もう一度試してください".to_owned()
        }
        Refused::BeingWritten { file } => format!("{file} には、いまほかの命令が書いています"),
        Refused::Itself => {
            "そのファイルは、いま使っているデータベースです。ほかの名前を示してください".to_owned()
        }
        Refused::NotEmpty => {
            "取り込む先に、もう事業所があります。空のデータベースを示してください。何も変えていません".to_owned()
        }
        Refused::WrongKind => "PostgreSQL に戻せるのは `koekake export` か、PostgreSQL での `koekake backup` が書いたファイルです".to_owned(),
        Refused::Unconfirmed => "確かめる相手がいません。--yes を付けると、聞かずに戻します".to_owned(),
        Refused::Declined => "やめました。何も変えていません".to_owned(),
    }
}

fn flaw(flawed: &Flawed) -> String {
    let what = match flawed.flaw {
        Flaw::NotOurs => "声かけの控えでも、書き出したファイルでもありません".to_owned(),
        Flaw::Damaged => "書いたときと中身が違います。別の控えを使ってください".to_owned(),
        Flaw::Cut => "途中で切れています。別の控えを使ってください".to_owned(),
        Flaw::Continued => "終わりの印のあとに、まだ何かあります".to_owned(),
        Flaw::Newer => {
            "このプログラムより新しい版のものです。新しいほうの koekake を使ってください".to_owned()
        }
        Flaw::OtherTables { file, own } => format!(
            "表の版が違います(ファイル {file}、このプログラム {own})。同じ版の koekake で取り込んでから、新しくしてください"
        ),
        Flaw::InUse => {
            "使っている途中のデータベースで、となりのファイルにまだ中身があります。`koekake backup` で控えを作ってください".to_owned()
        }
        Flaw::NoOffice => "事業所が入っていません".to_owned(),
        Flaw::MadeUp => "架空の事業所です".to_owned(),
        Flaw::Unreadable => "読めない行です".to_owned(),
        Flaw::UnknownTable => "知らない表の行です".to_owned(),
        Flaw::Columns => "列の名前か値が違います".to_owned(),
        Flaw::Refused => "データベースに入れられない行です".to_owned(),
        Flaw::Counts => "行の数が合いません".to_owned(),
    };
    match flawed.line {
        Some(line) => format!("{line}行目: {what}"),
        None => what,
    }
}
