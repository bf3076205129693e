//! What Discord alone needs words for: what stands around a message, and what
//! becomes of an interaction that nothing else answers.
use crate::domain::{closed_list, people::Language};

closed_list! {
    /// One wording of Discord's own.
    pub enum Label {
        /// The fault is ours.
        Broken,
        /// No words of a record were found.
        Silent,
        /// The answer stands in the shared place.
        SaidAloud,
        /// The bot may not look at the channel that it is to be used in.
        CannotLook,
    }
}

/// The label in the reader's language.
pub fn say(label: Label, language: Language) -> &'static str {
    match language {
        Language::Japanese => japanese(label),
        Language::English => english(label),
    }
}

/// Stands in a menu before something is chosen from it. A message that has been
/// phrased does not tell its language: it is said in both.
pub const CHOOSE: &str = "えらぶ / Choose";

fn japanese(label: Label) -> &'static str {
    match label {
        Label::Broken => {
            "うまくいきませんでした。これまでの記録は失われていません。続くときは管理者へ知らせてください。"
        }
        Label::Silent => "記録にあたる言葉がなかったので、何も残していません。",
        Label::SaidAloud => "このチャンネルに書きました。",
        Label::CannotLook => {
            "このチャンネルを見る権限がありません。チャンネルの設定で、見る権限と書く権限をください。"
        }
    }
}

fn english(label: Label) -> &'static str {
    match label {
        Label::Broken => {
            "Something went wrong. No record has been lost. If it goes on, please tell your administrator."
        }
        Label::Silent => "No words of a record were found, so nothing was kept.",
        Label::SaidAloud => "It stands in this channel.",
        Label::CannotLook => {
            "I may not look at this channel. Please let me see it and write there, in the channel's settings."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, say};
    use crate::domain::people::Language;
    use strum::VariantArray;

    #[test]
    fn every_label_is_said_in_both_languages_and_blames_nobody() {
        for &label in Label::VARIANTS {
            let japanese = say(label, Language::Japanese);
            let english = say(label, Language::English);
            assert!(!japanese.is_empty() && !english.is_empty(), "{label:?}");
            for word in ["期限切れ", "怠", "放置", "失敗", "!", "！"] {
                assert!(!japanese.contains(word), "{label:?} says {word}");
            }
            assert!(english.is_ascii(), "{label:?} is not in English");
        }
    }
}
