//! What `koekake doctor` says of a finding: one line, with its grade first and,
//! where something is the matter, what to click or type at its end.
use super::{english, japanese, manual};
use crate::{
    conversation::{
        checkup::{Finding, Grade},
        message::Platform,
    },
    domain::people::Language,
};

/// The whole line.
pub fn say(finding: &Finding, language: Language) -> String {
    let (mark, area) = (mark(finding.grade(), language), area(finding, language));
    let said = match language {
        Language::Japanese => japanese::checkup::say(finding),
        Language::English => english::checkup::say(finding),
    };
    format!("{mark} {area}: {said}")
}

/// What it comes to in the end; None where nothing is wrong.
pub fn verdict(wrong: usize, language: Language) -> Option<String> {
    (wrong > 0).then(|| match language {
        Language::Japanese => {
            format!("直すところが{wrong}つあります。直したら、もう一度 `koekake doctor` を")
        }
        Language::English => {
            format!("to mend: {wrong}. When it is done, run `koekake doctor` again")
        }
    })
}

fn mark(grade: Grade, language: Language) -> &'static str {
    match (grade, language) {
        (Grade::Fine, _) => "ok",
        (Grade::Warning, Language::Japanese) => "注意",
        (Grade::Warning, Language::English) => "note",
        (Grade::Wrong, Language::Japanese) => "直す",
        (Grade::Wrong, Language::English) => "mend",
    }
}

fn area(finding: &Finding, language: Language) -> &'static str {
    match (finding, language) {
        (Finding::Settings(_), Language::Japanese) => "設定",
        (Finding::Settings(_), Language::English) => "settings",
        (Finding::Database(_), Language::Japanese) => "データベース",
        (Finding::Database(_), Language::English) => "database",
        (Finding::Backup(_), Language::Japanese) => "控え",
        (Finding::Backup(_), Language::English) => "backup",
        (Finding::Office(_), Language::Japanese) => "事業所",
        (Finding::Office(_), Language::English) => "office",
        (Finding::Calendar(_), Language::Japanese) => "暦",
        (Finding::Calendar(_), Language::English) => "calendar",
        (Finding::Clock(_), Language::Japanese) => "時計",
        (Finding::Clock(_), Language::English) => "clock",
        (Finding::Chat(platform, _), _) => manual::platform_name(*platform, language),
        (Finding::Telegram(_) | Finding::Group(..), _) => {
            manual::platform_name(Platform::Telegram, language)
        }
        (Finding::Discord(_) | Finding::Channel(..), _) => {
            manual::platform_name(Platform::Discord, language)
        }
    }
}
