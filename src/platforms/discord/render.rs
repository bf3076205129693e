//! A reply as Discord shows it: lines of Markdown, rows of buttons, menus.
use super::{
    forms,
    markdown::{self, CONTENT_MAX, Manner},
};
use crate::conversation::{
    action::Action,
    message::{Button, Card, Mark, Part, Reply, Table, Tone},
    phrasing::{chat::MORE_ON_PAGE, discord::CHOOSE},
};
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption,
};
use std::collections::HashSet;

/// Rows of a message.
const ROWS_MAX: usize = 5;
const BUTTONS_A_ROW: usize = 5;
const OPTIONS_A_MENU: usize = 25;
/// Characters of a button's label.
pub const LABEL_MAX: usize = 80;
/// Characters of a menu's entry.
const OPTION_MAX: usize = 100;
/// So many cards have their buttons beside each other; more are opened from a menu.
const CARDS_WITH_BUTTONS_MAX: usize = 4;
/// What a menu's id begins with; what it does stands in the entry that is chosen.
pub const MENU: &str = "menu:";

/// A message in Discord's terms.
#[derive(Debug, Clone)]
pub struct Shown {
    pub content: String,
    pub rows: Vec<CreateActionRow>,
}

impl Shown {
    /// Its words alone, where Discord does not take how it looks.
    pub fn plain(&self) -> Shown {
        Shown {
            content: markdown::cut(&self.content, CONTENT_MAX),
            rows: Vec::new(),
        }
    }
}

/// One line before it is set.
struct Line {
    text: String,
    manner: Manner,
}

/// Something to press.
#[derive(Debug, Clone)]
struct Key {
    id: String,
    label: String,
    tone: Tone,
}

/// The reply in one message; what does not fit is named, never dropped silently.
pub fn reply(reply: &Reply) -> Shown {
    let (rows, all_fit) = rows(reply);
    Shown {
        content: content(lines(reply), all_fit),
        rows,
    }
}

/// One sentence of our own.
pub fn sentence(text: &str) -> Shown {
    Shown {
        content: markdown::line(text, Manner::Plain),
        rows: Vec::new(),
    }
}

fn lines(reply: &Reply) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |text: String, manner| lines.push(Line { text, manner });
    for part in &reply.parts {
        match part {
            Part::Line(text) => add(text.clone(), Manner::Plain),
            Part::Heading(text) | Part::Strong(text) => add(text.clone(), Manner::Bold),
            Part::Quiet(text) => add(text.clone(), Manner::Small),
            Part::Card(card) => {
                add(format!("{}{}", mark(card.mark), card.title), Manner::Bold);
                for line in &card.lines {
                    add(line.clone(), Manner::Plain);
                }
            }
            Part::Table(table) => {
                for row in &table.rows {
                    let cells = row.cells.join(" · ");
                    add(format!("{}{cells}", mark(row.mark)), Manner::Plain);
                }
            }
            Part::Buttons(_) | Part::Form(_) => {}
        }
    }
    lines
}

/// The shape of a standing; a phrased reply does not tell its language, and the
/// shape needs none.
fn mark(mark: Mark) -> String {
    match mark {
        Mark::Plain => String::new(),
        Mark::Soon => "○ ".to_owned(),
        Mark::Due => "● ".to_owned(),
        Mark::Overdue { days } => format!("▲{days} "),
        Mark::Alarm => "■ ".to_owned(),
        Mark::Settled => "✓ ".to_owned(),
    }
}

fn content(lines: Vec<Line>, all_fit: bool) -> String {
    let more = markdown::line(MORE_ON_PAGE, Manner::Small);
    let room = CONTENT_MAX - markdown::units(&more) - 1;
    let mut content = String::new();
    let mut all_fit = all_fit;
    let whole = lines
        .iter()
        .map(|line| markdown::units(&markdown::line(&line.text, line.manner)) + 1);
    let is_short = whole.sum::<usize>() <= room;
    for line in lines {
        let left = room.saturating_sub(markdown::units(&content) + 1);
        let set = markdown::line(&line.text, line.manner);
        if is_short || markdown::units(&set) <= left {
            add_line(&mut content, &set);
            continue;
        }
        all_fit = false;
        let beginning = fitting(&line, left);
        if !beginning.is_empty() {
            add_line(&mut content, &beginning);
        }
        break;
    }
    if !all_fit {
        add_line(&mut content, &more);
    }
    match content.trim().is_empty() {
        // A message without a word is refused.
        true => "…".to_owned(),
        false => content,
    }
}

fn add_line(content: &mut String, line: &str) {
    if !content.is_empty() {
        content.push('\n');
    }
    content.push_str(line);
}

/// As much of a line as fits when it is set. Setting may double its length.
fn fitting(line: &Line, units_max: usize) -> String {
    let text = markdown::cut(&line.text, units_max / 2);
    let set = markdown::line(&text, line.manner);
    match markdown::units(&set) <= units_max {
        true => set,
        false => String::new(),
    }
}

/// The rows of a message, and whether everything to press is in them.
fn rows(reply: &Reply) -> (Vec<CreateActionRow>, bool) {
    let cards: Vec<&Card> = reply
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Card(card) if !card.buttons.is_empty() => Some(card),
            _ => None,
        })
        .collect();
    let from_tables = opened_from_tables(reply);
    // An id stands once in a message.
    let mut taken = HashSet::new();
    let beside = card_rows(&cards, &mut taken);
    let common = common(reply, &mut taken);
    let needed = beside.len()
        + from_tables.len().div_ceil(OPTIONS_A_MENU)
        + common.len().div_ceil(BUTTONS_A_ROW);
    if cards.len() <= CARDS_WITH_BUTTONS_MAX && needed <= ROWS_MAX {
        return (arranged(beside, from_tables, &common).0, true);
    }
    let mut entries = opened_from(&cards);
    entries.extend(from_tables);
    let common = self::common(reply, &mut HashSet::new());
    arranged(Vec::new(), entries, &common)
}

/// First the cards' own rows, then menus, then what is of the whole message.
fn arranged(
    mut rows: Vec<CreateActionRow>,
    mut entries: Vec<Key>,
    common: &[Key],
) -> (Vec<CreateActionRow>, bool) {
    let mut taken = HashSet::new();
    entries.retain(|entry| taken.insert(entry.id.clone()));
    let common_rows = common.len().div_ceil(BUTTONS_A_ROW);
    let left = ROWS_MAX.saturating_sub(rows.len());
    let menus = left.saturating_sub(common_rows).max(left.min(1));
    let are_all_in_menus = entries.len() <= menus * OPTIONS_A_MENU;
    rows.extend(menu_rows(&entries, menus));
    let left = ROWS_MAX.saturating_sub(rows.len());
    rows.extend(common.chunks(BUTTONS_A_ROW).take(left).map(button_row));
    (rows, are_all_in_menus && common_rows <= left)
}

/// Buttons and forms of the message as a whole; one id is there once.
fn common(reply: &Reply, taken: &mut HashSet<String>) -> Vec<Key> {
    let keys = reply.parts.iter().flat_map(|part| match part {
        Part::Buttons(buttons) => buttons.iter().map(key).collect(),
        Part::Form(form) => vec![Key {
            id: forms::opener(form),
            label: form.label.clone(),
            tone: Tone::Plain,
        }],
        _ => Vec::new(),
    });
    keys.filter(|key| taken.insert(key.id.clone())).collect()
}

/// The cards' buttons, beginning a row with each card. Rows stand below the whole
/// message: each button names its card where there are several.
fn card_rows(cards: &[&Card], taken: &mut HashSet<String>) -> Vec<CreateActionRow> {
    let mut rows = Vec::new();
    for card in cards {
        let mut keys: Vec<Key> = card.buttons.iter().map(key).collect();
        keys.retain(|key| taken.insert(key.id.clone()));
        if cards.len() > 1 {
            for key in &mut keys {
                key.label = format!("{} {}", short_title(card), key.label);
            }
        }
        rows.extend(keys.chunks(BUTTONS_A_ROW).map(button_row));
    }
    rows
}

/// What a card is called on a button: its first word, a household's code mostly.
fn short_title(card: &Card) -> &str {
    card.title.split(' ').next().unwrap_or_default()
}

/// The entries of a menu for many cards: everything that they offer, or what
/// opens each where that would be too much.
fn opened_from(cards: &[&Card]) -> Vec<Key> {
    let all: usize = cards.iter().map(|card| card.buttons.len()).sum();
    let entry = |card: &Card, button: &Button| {
        let label = match card.buttons.len() {
            1 => card.title.clone(),
            _ => format!("{} {}", short_title(card), button.label),
        };
        Key {
            label,
            ..key(button)
        }
    };
    let entries = cards.iter().flat_map(|card| {
        let shown: Vec<&Button> = match all <= OPTIONS_A_MENU {
            true => card.buttons.iter().collect(),
            false => opening(card).into_iter().collect(),
        };
        shown.into_iter().map(move |button| entry(card, button))
    });
    entries.collect()
}

/// The button that shows the card with all that it offers, or its first.
fn opening(card: &Card) -> Option<&Button> {
    let opens = |button: &&Button| matches!(button.action, Action::Open(_));
    card.buttons
        .iter()
        .find(opens)
        .or_else(|| card.buttons.first())
}

/// A row of a table opens the household that it stands for.
fn opened_from_tables(reply: &Reply) -> Vec<Key> {
    let tables = reply.parts.iter().filter_map(|part| match part {
        Part::Table(table) => Some(table),
        _ => None,
    });
    tables.flat_map(opened_from_table).collect()
}

fn opened_from_table(table: &Table) -> Vec<Key> {
    let entries = table.rows.iter().filter_map(|row| {
        row.code.as_ref().map(|code| Key {
            id: Action::Open(code.clone()).to_string(),
            label: row.cells.join(" "),
            tone: Tone::Plain,
        })
    });
    entries.collect()
}

fn key(button: &Button) -> Key {
    Key {
        id: button.action.to_string(),
        label: button.label.clone(),
        tone: button.tone,
    }
}

fn button_row(keys: &[Key]) -> CreateActionRow {
    let button = |key: &Key| {
        CreateButton::new(&key.id)
            .label(named(&key.label, LABEL_MAX))
            .style(style(key.tone))
    };
    CreateActionRow::Buttons(keys.iter().map(button).collect())
}

fn menu_rows(entries: &[Key], menus_max: usize) -> Vec<CreateActionRow> {
    let menu = |(at, keys): (usize, &[Key])| {
        let options = keys
            .iter()
            .map(|key| CreateSelectMenuOption::new(named(&key.label, OPTION_MAX), &key.id));
        let kind = CreateSelectMenuKind::String {
            options: options.collect(),
        };
        let menu = CreateSelectMenu::new(format!("{MENU}{at}"), kind).placeholder(CHOOSE);
        CreateActionRow::SelectMenu(menu)
    };
    let chunks = entries.chunks(OPTIONS_A_MENU).take(menus_max);
    chunks.enumerate().map(menu).collect()
}

/// A label that Discord takes: not empty, not too long.
fn named(label: &str, units_max: usize) -> String {
    match label.trim() {
        "" => "…".to_owned(),
        label => markdown::cut(label, units_max),
    }
}

fn style(tone: Tone) -> ButtonStyle {
    match tone {
        Tone::Plain => ButtonStyle::Secondary,
        Tone::Primary => ButtonStyle::Primary,
        Tone::Careful => ButtonStyle::Danger,
    }
}

#[cfg(test)]
mod tests {
    use super::{CONTENT_MAX, MORE_ON_PAGE, markdown, reply};
    use crate::conversation::message::{Part, Reply};

    #[test]
    fn wherever_a_text_is_cut_it_is_not_too_long_and_says_so() {
        for first in 1..=150 {
            let lengths = std::iter::once(first).chain(std::iter::repeat_n(99, 30));
            let parts = lengths
                .map(|length| Part::Line("a".repeat(length)))
                .collect();
            let content = reply(&Reply { parts }).content;
            assert!(markdown::units(&content) <= CONTENT_MAX, "{first}");
            assert!(
                content.ends_with(&format!("\n-# {MORE_ON_PAGE}")),
                "{content}"
            );
            assert!(!content.contains("\n\n"), "{content}");
        }
    }
}
