//! A reply as one message of Telegram: plain text with bold parts, and buttons
//! under it. No markup language is used, so nothing in a text can become one.
use crate::conversation::{
    message::{Button, Card, Mark, Part, Reply, Table},
    phrasing::chat::MORE_ON_PAGE,
};
use std::borrow::Cow;
use teloxide_core::types::{InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity};

/// Telegram counts a text in units of UTF-16.
const TEXT_UNITS_MAX: usize = 4_096;
const BUTTONS_MAX: usize = 100;
const BUTTONS_IN_ROW_MAX: usize = 8;
/// Buttons of a row are equally wide; so many halves of a Japanese character fit
/// into a row on a telephone.
const ROW_WIDTH: usize = 36;
/// Telegram takes no message without a text.
const NO_WORDS: &str = "…";

/// One message as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rendered {
    pub text: String,
    pub entities: Vec<MessageEntity>,
    pub keyboard: Option<InlineKeyboardMarkup>,
}

/// All parts in their order. What does not fit is left out, and a last line
/// says so.
pub(super) fn reply(reply: &Reply) -> Rendered {
    let mut sheet = Sheet::default();
    let with_buttons = |part: &&Part| matches!(part, Part::Card(card) if !card.buttons.is_empty());
    let names_cards = reply.parts.iter().filter(with_buttons).count() > 1;
    for part in &reply.parts {
        match part {
            Part::Line(text) | Part::Quiet(text) => sheet.line(text),
            Part::Strong(text) => sheet.bold(text),
            Part::Heading(text) => {
                sheet.gap();
                sheet.bold(text);
            }
            Part::Card(card) => sheet.card(card, names_cards),
            Part::Table(table) => sheet.table(table),
            Part::Buttons(buttons) => sheet.buttons(buttons, None),
            // The value is sent as the next line.
            Part::Form(form) => sheet.line(&form.label),
        }
    }
    sheet.done()
}

#[derive(Default)]
struct Sheet {
    text: String,
    /// Of `text`, in UTF-16.
    units: usize,
    entities: Vec<MessageEntity>,
    rows: Vec<Vec<InlineKeyboardButton>>,
    buttons: usize,
    /// Something was left out.
    is_cut: bool,
    /// The next line stands apart.
    gap: bool,
}

impl Sheet {
    fn card(&mut self, card: &Card, names_card: bool) {
        self.gap();
        self.bold(&format!("{}{}", shape(card.mark), card.title));
        for line in &card.lines {
            self.line(line);
        }
        self.gap();
        let name = card.title.split_whitespace().next();
        self.buttons(&card.buttons, name.filter(|_| names_card));
    }

    fn table(&mut self, table: &Table) {
        self.gap();
        self.bold(&table.caption);
        for row in &table.rows {
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            self.line(&format!("{}{}", shape(row.mark), cells.join(" | ")));
        }
        self.gap();
    }

    fn gap(&mut self) {
        self.gap = !self.text.is_empty();
    }

    fn line(&mut self, text: &str) {
        self.write(text);
    }

    fn bold(&mut self, text: &str) {
        let (start, length) = self.write(text);
        if length > 0 {
            self.entities.push(MessageEntity::bold(start, length));
        }
    }

    /// Where the line begins and how long it is, in UTF-16.
    fn write(&mut self, text: &str) -> (usize, usize) {
        let text = unmentioned(text.trim());
        if self.is_cut || text.is_empty() {
            return (self.units, 0);
        }
        let between = match (self.text.is_empty(), std::mem::take(&mut self.gap)) {
            (true, _) => "",
            (false, false) => "\n",
            (false, true) => "\n\n",
        };
        let last = 1 + units(MORE_ON_PAGE);
        let left = TEXT_UNITS_MAX.saturating_sub(self.units + between.len() + last);
        let fitting = beginning(&text, left);
        self.is_cut = fitting.len() < text.len();
        if fitting.is_empty() {
            return (self.units, 0);
        }
        self.text.push_str(between);
        self.text.push_str(fitting);
        let start = self.units + between.len();
        let length = units(fitting);
        self.units = start + length;
        (start, length)
    }

    /// Buttons of one part begin a row of their own; with the card's name where
    /// there are several cards.
    fn buttons(&mut self, buttons: &[Button], name: Option<&str>) {
        let mut row = Vec::new();
        let mut widest = 0;
        for button in buttons {
            if self.buttons == BUTTONS_MAX {
                self.is_cut = true;
                break;
            }
            let label = match name {
                Some(name) => format!("{name} {}", button.label),
                None => button.label.clone(),
            };
            widest = widest.max(width(&label));
            if !row.is_empty()
                && (row.len() == BUTTONS_IN_ROW_MAX || (row.len() + 1) * widest > ROW_WIDTH)
            {
                widest = width(&label);
                self.rows.push(std::mem::take(&mut row));
            }
            row.push(InlineKeyboardButton::callback(
                label,
                button.action.to_string(),
            ));
            self.buttons += 1;
        }
        if !row.is_empty() {
            self.rows.push(row);
        }
    }

    fn done(mut self) -> Rendered {
        if self.text.is_empty() {
            self.text.push_str(NO_WORDS);
        }
        if self.is_cut {
            self.text.push('\n');
            self.text.push_str(MORE_ON_PAGE);
        }
        Rendered {
            text: self.text,
            entities: self.entities,
            keyboard: (!self.rows.is_empty()).then(|| InlineKeyboardMarkup::new(self.rows)),
        }
    }
}

/// A standing is told by its shape; its words stand in the lines.
fn shape(mark: Mark) -> &'static str {
    match mark {
        Mark::Plain => "",
        Mark::Soon => "○ ",
        Mark::Due => "● ",
        Mark::Overdue { .. } => "▲ ",
        Mark::Alarm => "■ ",
        Mark::Settled => "✓ ",
    }
}

/// A name in a text calls nobody: a word joiner behind the sign keeps Telegram
/// from making a mention of it.
fn unmentioned(text: &str) -> Cow<'_, str> {
    if text.contains('@') {
        Cow::Owned(text.replace('@', "@\u{2060}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// As many whole characters as fit.
fn beginning(text: &str, units_max: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > units_max
    });
    end.map_or(text, |(at, _)| &text[..at])
}

fn width(label: &str) -> usize {
    label
        .chars()
        .map(|character| if character.is_ascii() { 1 } else { 2 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{BUTTONS_MAX, MORE_ON_PAGE, Rendered, TEXT_UNITS_MAX, reply, units};
    use crate::{
        conversation::{
            action::{Action, BYTES_MAX},
            message::{Button, Card, Field, Form, Mark, Part, Reply, Row, Table, Tone},
        },
        domain::{CheckInId, household::Code},
    };
    use teloxide_core::types::InlineKeyboardButtonKind;

    fn shown(parts: Vec<Part>) -> Rendered {
        reply(&Reply { parts })
    }

    fn line(text: &str) -> Part {
        Part::Line(text.to_owned())
    }

    fn button(label: &str) -> Button {
        Button {
            label: label.to_owned(),
            action: Action::Take(CheckInId(7)),
            tone: Tone::Plain,
        }
    }

    fn card(title: &str, labels: &[&str]) -> Part {
        Part::Card(Card {
            title: title.to_owned(),
            mark: Mark::Overdue { days: 5 },
            lines: vec!["前回 10月23日(金)".to_owned()],
            buttons: labels.iter().copied().map(button).collect(),
        })
    }

    fn labels(rendered: &Rendered) -> Vec<Vec<&str>> {
        let rows = rendered
            .keyboard
            .iter()
            .flat_map(|all| &all.inline_keyboard);
        rows.map(|row| row.iter().map(|button| button.text.as_str()).collect())
            .collect()
    }

    /// The bold parts, cut out as Telegram does it.
    fn bold(rendered: &Rendered) -> Vec<String> {
        let text: Vec<u16> = rendered.text.encode_utf16().collect();
        let cut = |offset: usize, length: usize| {
            String::from_utf16(&text[offset..offset + length]).expect("whole characters")
        };
        rendered
            .entities
            .iter()
            .map(|entity| cut(entity.offset, entity.length))
            .collect()
    }

    #[test]
    fn lines_cards_and_tables_stand_apart() {
        let rendered = shown(vec![
            line("おはようございます"),
            card("H-044 訪問", &["記録する", "やります"]),
            Part::Table(Table {
                caption: "期限超過".to_owned(),
                head: vec!["世帯".to_owned(), "日数".to_owned()],
                rows: vec![Row {
                    mark: Mark::Alarm,
                    cells: vec!["H-057".to_owned(), "3日".to_owned()],
                    code: Some(Code::of(57)),
                }],
            }),
            Part::Form(Form {
                action: Action::Help,
                label: "何日ですか".to_owned(),
                field: Field::Words { max: 12 },
                submit: "送る".to_owned(),
            }),
        ]);
        assert_eq!(
            rendered.text,
            "おはようございます\n\n▲ H-044 訪問\n前回 10月23日(金)\n\n期限超過\n■ H-057 | 3日\n\n\
             何日ですか"
        );
        assert_eq!(bold(&rendered), ["▲ H-044 訪問", "期限超過"]);
        assert_eq!(labels(&rendered), [["記録する", "やります"]]);
    }

    #[test]
    fn bold_parts_are_found_behind_characters_of_two_units() {
        let rendered = shown(vec![
            line("💦💦"),
            Part::Strong("いますぐ💦電話".to_owned()),
        ]);
        assert_eq!(bold(&rendered), ["いますぐ💦電話"]);
    }

    #[test]
    fn buttons_of_several_cards_say_whose_they_are() {
        let rendered = shown(vec![
            card("H-060 約束 14時", &["記録する", "予約を変える", "相談する"]),
            card("H-044", &["記録する"]),
            Part::Buttons(vec![button("残り7世帯"), button("今週に分ける")]),
        ]);
        assert_eq!(
            labels(&rendered),
            [
                vec!["H-060 記録する", "H-060 予約を変える"],
                vec!["H-060 相談する"],
                vec!["H-044 記録する"],
                vec!["残り7世帯", "今週に分ける"],
            ]
        );
    }

    #[test]
    fn markup_and_mentions_are_plain_text() {
        let evil = "<b>H</b> *a* _b_ [c](http://d) `e` @everyone";
        let rendered = shown(vec![line(evil)]);
        assert_eq!(
            rendered.text,
            "<b>H</b> *a* _b_ [c](http://d) `e` @\u{2060}everyone"
        );
        assert!(rendered.entities.is_empty());
    }

    #[test]
    fn a_text_is_cut_at_a_character_and_says_so() {
        for filler in ["あ", "💦", "a"] {
            let rendered = shown(vec![
                line("はじめ"),
                Part::Strong(filler.repeat(TEXT_UNITS_MAX)),
                line("おわり"),
            ]);
            let length = units(&rendered.text);
            assert!((TEXT_UNITS_MAX - 1..=TEXT_UNITS_MAX).contains(&length));
            assert!(
                rendered
                    .text
                    .ends_with(&format!("{filler}\n{MORE_ON_PAGE}"))
            );
            assert!(bold(&rendered)[0].chars().all(|c| filler.contains(c)));
        }
        let fits = "a".repeat(TEXT_UNITS_MAX - 1 - units(MORE_ON_PAGE));
        assert_eq!(shown(vec![line(&fits)]).text, fits);
    }

    #[test]
    fn a_keyboard_holds_a_hundred_buttons_and_says_when_there_were_more() {
        let many: Vec<&str> = std::iter::repeat_n("1", BUTTONS_MAX + 1).collect();
        let rendered = shown(vec![line("どれ"), card("H-001", &many)]);
        let rows = labels(&rendered);
        assert_eq!(rows.iter().map(Vec::len).sum::<usize>(), BUTTONS_MAX);
        assert!(rows.iter().all(|row| row.len() <= 8));
        assert!(rendered.text.ends_with(MORE_ON_PAGE));
    }

    #[test]
    fn a_button_carries_its_action() {
        let rendered = shown(vec![Part::Buttons(vec![button("やります")])]);
        let keyboard = rendered.keyboard.expect("a button");
        let InlineKeyboardButtonKind::CallbackData(data) = &keyboard.inline_keyboard[0][0].kind
        else {
            panic!("no callback");
        };
        assert_eq!(data.parse(), Ok(Action::Take(CheckInId(7))));
        assert!(data.len() <= BYTES_MAX);
        assert_eq!(rendered.text, "…");
    }
}
