//! The table of staff.
use super::{
    Unread, field,
    table::{self, Column, Row},
};
use crate::{
    app::desk::Desk,
    conversation::{
        message::{Account, Platform},
        phrasing::page,
    },
    domain::people::{self, Language},
    store::{import::StaffRow, staff::Newcomer},
};
use std::path::Path;

const COLUMNS: [Column; 6] = [
    Column::new("name", "氏名", true),
    Column::new("role", "役割", true),
    Column::new("team", "班", true),
    Column::new("language", "言語", false),
    Column::new("platform", "連絡手段", false),
    Column::new("account", "アカウント", false),
];

/// The longest account id of any platform, in digits.
const DIGITS_MAX: usize = 20;

/// The rows that can be read, and those that cannot.
pub fn read(path: &Path, desk: &Desk) -> anyhow::Result<(Vec<StaffRow>, Vec<Unread>)> {
    let (mut rows, mut unread) = (Vec::new(), Vec::new());
    for row in table::read(path, &COLUMNS)? {
        match person(&row, desk.config.office.language) {
            Ok(person) => rows.push(person),
            Err(why) => unread.push(Unread {
                line: row.line,
                why,
            }),
        }
    }
    Ok((rows, unread))
}

fn person(row: &Row<6>, usual: Language) -> Result<StaffRow, String> {
    let [name, role, team, language, platform, account] = &row.fields;
    Ok(StaffRow {
        line: row.line,
        team: named(team, "班", "team")?,
        newcomer: Newcomer {
            name: named(name, "氏名", "name")?,
            role: field::member(role, |role| [page::role(role, Language::Japanese)]).ok_or_else(
                || {
                    format!(
                        "役割「{role}」が読めません。担当、係長、代理、管理者のどれかです \
                         (role: nurse, supervisor, deputy or admin)"
                    )
                },
            )?,
            language: match language.as_str() {
                "" => usual,
                text => field::member(text, language_words).ok_or_else(|| {
                    format!(
                        "言語「{text}」が読めません。日本語か英語です (language: japanese or english)"
                    )
                })?,
            },
        },
        account: self::account(platform, account)?,
    })
}

/// A name in a table, as it is kept.
pub fn named(text: &str, japanese: &str, english: &str) -> Result<String, String> {
    people::name(text).ok_or_else(|| {
        let most = people::NAME_CHARS_MAX;
        format!("{japanese}は1文字から{most}文字までです (the {english} has from 1 to {most} characters)")
    })
}

fn language_words(language: Language) -> [&'static str; 2] {
    match language {
        Language::Japanese => ["日本語", "ja"],
        Language::English => ["英語", "en"],
    }
}

fn account(platform: &str, account: &str) -> Result<Option<Account>, String> {
    let id = field::plain(account);
    if platform.is_empty() && id.is_empty() {
        return Ok(None);
    }
    let platform = field::member(platform, |_: Platform| None)
        .filter(|platform| Platform::CHATS.contains(platform))
        .ok_or_else(|| {
            format!("連絡手段「{platform}」が読めません (platform: telegram or discord)")
        })?;
    let is_id =
        !id.is_empty() && id.len() <= DIGITS_MAX && id.bytes().all(|byte| byte.is_ascii_digit());
    match is_id {
        true => Ok(Some(Account { platform, id })),
        false => Err("アカウントは数字のIDです。@で始まる名前ではありません \
             (the account is its number, not the name with @)"
            .to_owned()),
    }
}
