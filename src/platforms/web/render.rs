//! A reply as HTML: the same parts that every platform shows.
use super::{Page, slip};
use crate::{
    conversation::{
        action::Action,
        message::{Button, Card, Field, Form, Mark, Part, Reply, Row, Table, Tone},
        phrasing::page::{Label, mark, say},
    },
    domain::{PersonId, people::Language},
};
use maud::{Markup, html};

/// Where a reply is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// In the chat: every button is a press, as on every platform.
    Chat,
    /// On a page of its own: what only shows something is a link.
    Paper,
}

/// What a reply needs from its surroundings.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    pub secret: &'a slip::Secret,
    pub by: PersonId,
    pub language: Language,
    pub manner: Manner,
}

impl<'a> Ground<'a> {
    pub fn new(page: &'a Page, by: PersonId, language: Language, manner: Manner) -> Ground<'a> {
        Ground {
            secret: &page.secret,
            by,
            language,
            manner,
        }
    }
}

/// All parts in their order.
pub fn reply(reply: &Reply, ground: Ground<'_>) -> Markup {
    html! {
        @for (at, part) in reply.parts.iter().enumerate() {
            @match part {
                Part::Line(text) => p { (text) },
                Part::Heading(text) => (heading(text, ground)),
                Part::Strong(text) => p.strong { strong { (text) } },
                Part::Quiet(text) => p.quiet { (text) },
                Part::Card(given) => (card(given, ground)),
                Part::Table(given) => (table(given, follows_heading(reply, at), ground)),
                Part::Buttons(given) => (buttons(given, ground)),
                Part::Form(given) => (form(given, ground)),
            }
        }
    }
}

/// Whether a heading, with lines below it at most, already names the table.
fn follows_heading(reply: &Reply, at: usize) -> bool {
    reply.parts[..at]
        .iter()
        .rev()
        .find(|part| !matches!(part, Part::Line(_) | Part::Quiet(_)))
        .is_some_and(|part| matches!(part, Part::Heading(_)))
}

fn heading(text: &str, ground: Ground<'_>) -> Markup {
    match ground.manner {
        // The days of the chat are the level above.
        Manner::Chat => html! { h3 { (text) } },
        Manner::Paper => html! { h2 { (text) } },
    }
}

fn card(card: &Card, ground: Ground<'_>) -> Markup {
    html! {
        section.card.(tint(card.mark)) {
            div.card-head {
                (heading(&card.title, ground))
                (stamp(card.mark, ground.language))
            }
            @for line in &card.lines { p { (line) } }
            (buttons(&card.buttons, ground))
        }
    }
}

/// The class beside which a mark's colour stands.
fn tint(mark: Mark) -> &'static str {
    match mark {
        Mark::Plain => "plain",
        Mark::Soon => "soon",
        Mark::Due => "due",
        Mark::Overdue { .. } => "overdue",
        Mark::Alarm => "alarm",
        Mark::Settled => "settled",
    }
}

fn stamp(given: Mark, language: Language) -> Markup {
    html! {
        @if let Some((shape, words)) = mark(given, language) {
            span.mark.(tint(given)) {
                span aria-hidden="true" { (shape) }
                " " (words)
            }
        }
    }
}

/// The roles are spelled out because narrow screens show the rows as cards,
/// and some browsers then forget that it is a table.
fn table(table: &Table, is_headed: bool, ground: Ground<'_>) -> Markup {
    let is_marked = table.rows.iter().any(|row| row.mark != Mark::Plain);
    let mark_head = is_marked.then(|| say(Label::MarkColumn, ground.language));
    let mut heads: Vec<&str> = table.head.iter().map(String::as_str).collect();
    if let Some(mark_head) = mark_head {
        // The mark stands after the first cell, which names the row.
        heads.insert(heads.len().min(1), mark_head);
    }
    html! {
        table role="table" class=[is_marked.then_some("marked")] {
            caption.unseen[is_headed] { (table.caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for head in &heads { th scope="col" role="columnheader" { (head) } }
                }
            }
            tbody role="rowgroup" {
                @for row in &table.rows { (table_row(row, &table.head, mark_head, ground)) }
            }
        }
    }
}

fn table_row(row: &Row, head: &[String], mark_head: Option<&str>, ground: Ground<'_>) -> Markup {
    html! {
        tr role="row" class=(tint(row.mark)) {
            @for (at, cell) in row.cells.iter().enumerate() {
                @let label = head.get(at).map(String::as_str);
                @if at == 0 {
                    th scope="row" role="rowheader" data-label=[label] {
                        @match &row.code {
                            Some(code) => a href={ "/h/" (code) } { (cell) },
                            None => (cell),
                        }
                    }
                    @if mark_head.is_some() {
                        td role="cell" data-label=[mark_head] { (stamp(row.mark, ground.language)) }
                    }
                } @else {
                    td role="cell" data-label=[label] { (cell) }
                }
            }
        }
    }
}

fn buttons(buttons: &[Button], ground: Ground<'_>) -> Markup {
    html! {
        @if !buttons.is_empty() {
            div.buttons {
                @for given in buttons { (button(given, ground)) }
            }
        }
    }
}

fn button(button: &Button, ground: Ground<'_>) -> Markup {
    html! {
        @match link(&button.action, ground.manner) {
            Some(to) => a.button.(tone(button.tone)) href=(to) { (button.label) },
            None => form.press method="post" action="/press" {
                (slip::unseen(ground.secret, ground.by, &slip::new_key()))
                input type="hidden" name="action" value=(button.action);
                button class=(tone(button.tone)) { (button.label) }
            },
        }
    }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Primary => "primary",
        Tone::Careful => "careful",
    }
}

/// Where an action leads that changes nothing, for a page of its own.
fn link(action: &Action, manner: Manner) -> Option<String> {
    match (manner, action) {
        (Manner::Chat, _) => None,
        (Manner::Paper, Action::Open(code) | Action::Course(code, None)) => {
            Some(format!("/h/{code}"))
        }
        (Manner::Paper, Action::Course(code, Some(before))) => {
            Some(format!("/h/{code}?before={}", before.0))
        }
        (Manner::Paper, Action::Upcoming(_)) => Some("/coming".to_owned()),
        (Manner::Paper, Action::Overdue(_)) => Some("/supervisor".to_owned()),
        (Manner::Paper, _) => None,
    }
}

fn form(form: &Form, ground: Ground<'_>) -> Markup {
    html! {
        form.fill method="post" action="/fill" {
            (slip::unseen(ground.secret, ground.by, &slip::new_key()))
            input type="hidden" name="action" value=(form.action);
            label {
                span { (form.label) }
                @match form.field {
                    Field::Day { from } => input type="date" name="value" min=(from) required;,
                    Field::Words { max } => {
                        input type="text" name="value" maxlength=(max) required autocomplete="off";
                    }
                }
            }
            button.primary { (form.submit) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ground, Manner, reply};
    use crate::{
        conversation::{
            action::Action,
            message::{Button, Card, Field, Form, Mark, Part, Reply, Row, Table, Tone},
        },
        domain::{CheckInId, ContactId, PersonId, household::Code, people::Language},
        platforms::web::slip::Secret,
    };
    use chrono::NaiveDate;

    fn shown(parts: Vec<Part>, manner: Manner) -> String {
        let secret = Secret::random();
        let ground = Ground {
            secret: &secret,
            by: PersonId(1),
            language: Language::Japanese,
            manner,
        };
        reply(&Reply { parts }, ground).into_string()
    }

    fn button(action: Action) -> Button {
        Button {
            label: "<b>押す</b>".to_owned(),
            action,
            tone: Tone::Careful,
        }
    }

    #[test]
    fn no_text_of_a_reply_becomes_markup() {
        let evil = || "<script>alert(1)</script>\"'&".to_owned();
        let html = shown(
            vec![
                Part::Line(evil()),
                Part::Heading(evil()),
                Part::Strong(evil()),
                Part::Quiet(evil()),
                Part::Card(Card {
                    title: evil(),
                    mark: Mark::Due,
                    lines: vec![evil()],
                    buttons: vec![button(Action::Help)],
                }),
                Part::Table(Table {
                    caption: evil(),
                    head: vec![evil(), evil()],
                    rows: vec![Row {
                        mark: Mark::Overdue { days: 3 },
                        cells: vec![evil(), evil()],
                        code: Some(Code::of(12)),
                    }],
                }),
                Part::Form(Form {
                    action: Action::Help,
                    label: evil(),
                    field: Field::Words { max: 20 },
                    submit: evil(),
                }),
            ],
            Manner::Chat,
        );
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;"));
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        // No attribute was ended by a quotation mark of the text.
        assert!(html.contains("data-label=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;\""));
    }

    #[test]
    fn a_button_is_a_form_with_its_action() {
        let html = shown(
            vec![Part::Buttons(vec![button(Action::Redate(CheckInId(7)))])],
            Manner::Chat,
        );
        assert!(html.contains(r#"action="/press""#));
        assert!(html.contains(r#"name="action" value="redate:7""#));
        assert!(html.contains(r#"name="by" value="1""#));
        assert!(html.contains(r#"<button class="careful">"#));
    }

    #[test]
    fn on_paper_what_only_shows_is_a_link() {
        let further = Action::Course(Code::of(12), Some(ContactId(40)));
        let parts = |action| vec![Part::Buttons(vec![button(action)])];
        let html = shown(parts(further.clone()), Manner::Paper);
        assert!(html.contains(r#"href="/h/H-012?before=40""#), "{html}");
        assert!(shown(parts(further), Manner::Chat).contains("<form"));
        assert!(shown(parts(Action::Help), Manner::Paper).contains("<form"));
    }

    #[test]
    fn a_mark_is_shape_and_word_after_the_rows_name() {
        let table = |mark| {
            vec![Part::Table(Table {
                caption: "世帯".to_owned(),
                head: vec!["世帯".to_owned(), "次".to_owned()],
                rows: vec![Row {
                    mark,
                    cells: vec!["H-012".to_owned(), "訪問".to_owned()],
                    code: Some(Code::of(12)),
                }],
            })]
        };
        let html = shown(table(Mark::Overdue { days: 3 }), Manner::Paper);
        assert!(html.contains("過ぎています 3日"));
        let order = ["/h/H-012", "data-label=\"時期\"", "▲", "訪問"];
        let places: Vec<_> = order.iter().map(|part| html.rfind(part)).collect();
        assert!(
            places.iter().all(Option::is_some) && places.is_sorted(),
            "{html}"
        );
        assert!(!shown(table(Mark::Plain), Manner::Paper).contains("時期"));
    }

    #[test]
    fn a_day_cannot_be_before_the_first_that_is_offered() {
        let from = NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day");
        let html = shown(
            vec![Part::Form(Form {
                action: Action::OtherDay(CheckInId(7)),
                label: "いつにしますか".to_owned(),
                field: Field::Day { from },
                submit: "変える".to_owned(),
            })],
            Manner::Chat,
        );
        assert!(html.contains(r#"type="date" name="value" min="2026-11-26" required"#));
    }
}
