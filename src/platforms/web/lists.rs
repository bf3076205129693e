//! The lists: board, coming days, supervision, and one household's page.
use super::{
    Page,
    frame::{self, Spot},
    problem::{Failure, Problem},
    render::{self, Ground, Manner},
    visitor::Visitor,
};
use crate::{
    conversation::{
        message::{Part, Reply},
        phrasing::page::{Label, name, say},
    },
    domain::{ContactId, PersonId, household::Code, people::Person},
    engine::{BOARD_MAX, BoardFilter},
};
use axum::extract::{
    Path, Query, State,
    rejection::{PathRejection, QueryRejection},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// The longest code that is looked for, in characters.
const CODE_CHARS_MAX: usize = 20;

/// What the board's address may say; an empty field is as good as none.
#[derive(Deserialize)]
pub struct Filter {
    #[serde(default)]
    nurse: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    after: String,
}

impl Filter {
    fn read(&self) -> Option<BoardFilter> {
        let code = self.code.trim();
        if code.chars().count() > CODE_CHARS_MAX {
            return None;
        }
        Some(BoardFilter {
            nurse: match self.nurse.as_str() {
                "" => None,
                id => Some(PersonId(id.parse().ok()?)),
            },
            code: (!code.is_empty()).then(|| code.to_owned()),
            after: match self.after.as_str() {
                "" => None,
                after => Some(after.parse().ok()?),
            },
        })
    }
}

/// All households by standing.
pub async fn board(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Markup, Failure> {
    let unknown = || visitor.fail(Problem::Unknown);
    let Query(wire) = filter.map_err(|_| unknown())?;
    let filter = wire.read().ok_or_else(unknown)?;
    let fault = |fault| visitor.fault(&fault);
    let people = page.engine.people().await.map_err(fault)?;
    let viewer = visitor.person.id;
    let reply = page.engine.board(viewer, &filter).await.map_err(fault)?;
    let language = visitor.person.language;
    let more = further(&reply).map(|last| further_path(&filter, last));
    let list = paper(&page, &visitor, &reply);
    let top = filter_form(&visitor, &people, &filter);
    let bottom = html! {
        @if let Some(path) = more {
            p.more { a.button href=(path) { (say(Label::More, language)) } }
        }
    };
    Ok(sheet_of_paper(
        &page,
        &visitor,
        Spot::Board,
        None,
        [top, list, bottom],
    ))
}

/// Where a full list goes on. It was fetched by code and then grouped, so that
/// its last household is the one with the greatest code, wherever it stands.
fn further(reply: &Reply) -> Option<&Code> {
    let tables = reply.parts.iter().filter_map(|part| match part {
        Part::Table(table) => Some(table),
        _ => None,
    });
    let rows: Vec<_> = tables.flat_map(|table| &table.rows).collect();
    let last = rows.iter().filter_map(|row| row.code.as_ref()).max();
    last.filter(|_| rows.len() >= BOARD_MAX)
}

fn further_path(filter: &BoardFilter, last: &Code) -> String {
    let nurse = filter.nurse.map(|id| id.0.to_string()).unwrap_or_default();
    // The code as typed may hold anything; ours and ids need no escaping.
    let code: String = filter
        .code
        .iter()
        .flat_map(|code| code.bytes())
        .map(|byte| format!("%{byte:02X}"))
        .collect();
    format!("/board?nurse={nurse}&code={code}&after={last}")
}

fn filter_form(visitor: &Visitor, people: &[Person], filter: &BoardFilter) -> Markup {
    let language = visitor.person.language;
    let is_filtered = filter.nurse.is_some() || filter.code.is_some();
    html! {
        form.filter method="get" action="/board" role="search" {
            label {
                span { (say(Label::FilterNurse, language)) }
                select name="nurse" {
                    option value="" { (say(Label::FilterEverybody, language)) }
                    @for person in people {
                        option value=(person.id.0) selected[filter.nurse == Some(person.id)] {
                            (name(person, language))
                        }
                    }
                }
            }
            label {
                span { (say(Label::FilterCode, language)) }
                input type="search" name="code" value=[filter.code.as_deref()] placeholder="H-012"
                    maxlength=(CODE_CHARS_MAX) autocomplete="off" autocapitalize="characters";
            }
            button.primary { (say(Label::FilterShow, language)) }
            @if is_filtered {
                a.button href="/board" { (say(Label::FilterClear, language)) }
            }
        }
    }
}

/// What is planned this and next week.
pub async fn coming(State(page): State<Arc<Page>>, visitor: Visitor) -> Result<Markup, Failure> {
    let reply = page
        .engine
        .coming(visitor.person.id)
        .await
        .map_err(|fault| visitor.fault(&fault))?;
    let body = paper(&page, &visitor, &reply);
    Ok(sheet_of_paper(&page, &visitor, Spot::Coming, None, [body]))
}

/// What waits for a supervisor.
pub async fn supervision(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
) -> Result<Markup, Failure> {
    let reply = page
        .engine
        .supervision(visitor.person.id)
        .await
        .map_err(|fault| visitor.fault(&fault))?
        .ok_or_else(|| visitor.fail(Problem::NotForYou))?;
    let body = paper(&page, &visitor, &reply);
    Ok(sheet_of_paper(
        &page,
        &visitor,
        Spot::Supervisor,
        None,
        [body],
    ))
}

/// What a household's address may say.
#[derive(Deserialize)]
pub struct Course {
    before: Option<i64>,
}

/// One household: course, flags, not before.
pub async fn sheet(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    code: Result<Path<String>, PathRejection>,
    course: Result<Query<Course>, QueryRejection>,
) -> Result<Markup, Failure> {
    let not_found = || visitor.fail(Problem::NotFound);
    let Path(code) = code.map_err(|_| not_found())?;
    let code: Code = code.parse().map_err(|_| not_found())?;
    let Query(course) = course.map_err(|_| visitor.fail(Problem::Unknown))?;
    let reply = page
        .engine
        .sheet(visitor.person.id, &code, course.before.map(ContactId))
        .await
        .map_err(|fault| visitor.fault(&fault))?
        .ok_or_else(not_found)?;
    let body = paper(&page, &visitor, &reply);
    Ok(sheet_of_paper(
        &page,
        &visitor,
        Spot::Board,
        Some(&code),
        [body],
    ))
}

fn paper(page: &Page, visitor: &Visitor, reply: &Reply) -> Markup {
    let language = visitor.person.language;
    let ground = Ground::new(page, visitor.person.id, language, Manner::Paper);
    html! {
        @if reply.parts.is_empty() {
            p.quiet { (say(Label::NothingHere, language)) }
        } @else {
            (render::reply(reply, ground))
        }
    }
}

/// A list under its heading: a household's code, else the place's name.
fn sheet_of_paper<const N: usize>(
    page: &Page,
    visitor: &Visitor,
    spot: Spot,
    code: Option<&Code>,
    parts: [Markup; N],
) -> Markup {
    let language = visitor.person.language;
    let title = match code {
        Some(code) => format!("{} {code}", say(Label::Household, language)),
        None => say(spot.label(), language).to_owned(),
    };
    let body = html! {
        div.paper {
            h1 { (title) }
            @for part in &parts { (part) }
        }
    };
    frame::around(page, visitor, spot, &title, body)
}

#[cfg(test)]
mod tests {
    use super::{Filter, further, further_path};
    use crate::{
        conversation::message::{Mark, Part, Reply, Row, Table},
        domain::{PersonId, household::Code},
        engine::{BOARD_MAX, BoardFilter},
    };

    fn read(nurse: &str, code: &str, after: &str) -> Option<BoardFilter> {
        let [nurse, code, after] = [nurse, code, after].map(str::to_owned);
        Filter { nurse, code, after }.read()
    }

    #[test]
    fn an_empty_field_of_the_filter_is_none() {
        let filter = read("", " ", "").expect("a filter");
        assert_eq!(
            (filter.nurse, filter.code, filter.after),
            (None, None, None)
        );
        let filter = read("3", " h12 ", "H-020").expect("a filter");
        assert_eq!(filter.nurse, Some(PersonId(3)));
        assert_eq!(filter.code.as_deref(), Some("h12"));
        assert_eq!(filter.after, Some(Code::of(20)));
    }

    #[test]
    fn a_filter_that_cannot_be_is_refused() {
        assert!(read("three", "", "").is_none());
        assert!(read("", &"あ".repeat(21), "").is_none());
        assert!(read("", "", "020").is_none());
    }

    fn group(codes: impl Iterator<Item = u32>) -> Part {
        Part::Table(Table {
            caption: String::new(),
            head: Vec::new(),
            rows: codes
                .map(|code| Row {
                    mark: Mark::Plain,
                    cells: Vec::new(),
                    code: Some(Code::of(code)),
                })
                .collect(),
        })
    }

    #[test]
    fn the_next_page_goes_on_after_all_that_was_shown() {
        let full = u32::try_from(BOARD_MAX).expect("a number");
        // The greatest code is overdue and so stands first.
        let parts = vec![group(full..=full), group(1..full)];
        assert_eq!(further(&Reply { parts }), Some(&Code::of(full)));
        let parts = vec![group(1..full)];
        assert_eq!(further(&Reply { parts }), None);
    }

    #[test]
    fn the_next_page_keeps_the_filter() {
        let filter = read("3", "あ&", "").expect("a filter");
        assert_eq!(
            further_path(&filter, &Code::of(20)),
            "/board?nurse=3&code=%E3%81%82%26&after=H-020"
        );
    }
}
