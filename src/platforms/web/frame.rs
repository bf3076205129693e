//! What stands around every page: head, places, and that the data are made up.
use super::{Mode, Page, assets, entrance, trial, visitor::Visitor};
use crate::{
    conversation::phrasing::page::{Label, as_of, say},
    domain::{closed_list, people::Language},
};
use maud::{DOCTYPE, Markup, html};

closed_list! {
    /// The places of the page.
    pub enum Spot {
        Chat,
        Board,
        Coming,
        Supervisor,
    }
}

impl Spot {
    pub fn path(self) -> &'static str {
        match self {
            Spot::Chat => "/#latest",
            Spot::Board => "/board",
            Spot::Coming => "/coming",
            Spot::Supervisor => "/supervisor",
        }
    }

    pub fn label(self) -> Label {
        match self {
            Spot::Chat => Label::Chat,
            Spot::Board => Label::Board,
            Spot::Coming => Label::Coming,
            Spot::Supervisor => Label::Supervisor,
        }
    }
}

/// The language as HTML names it.
pub fn lang(language: Language) -> &'static str {
    match language {
        Language::Japanese => "ja",
        Language::English => "en",
    }
}

/// A page for a visitor; `main` brings its own first heading.
pub fn around(page: &Page, visitor: &Visitor, spot: Spot, title: &str, main: Markup) -> Markup {
    let language = visitor.person.language;
    let spots = [Spot::Chat, Spot::Board, Spot::Coming];
    let supervision = visitor.is_offered_supervision().then_some(Spot::Supervisor);
    let (office, controls) = match &page.settings.mode {
        Mode::Trial => (
            html! { p.made-up { (say(Label::MadeUp, language)) } },
            trial::controls(page, visitor, spot),
        ),
        Mode::Office(office) => (
            html! { p.office { (office.name) } },
            entrance::controls(page, visitor),
        ),
    };
    html! {
        (DOCTYPE)
        html lang=(lang(language)) {
            (head(language, title))
            body class=(spot.code()) {
                a.skip href="#main" { (say(Label::SkipToContent, language)) }
                header.top {
                    (office)
                    (controls)
                    nav aria-label=(say(Label::Places, language)) {
                        @for offered in spots.into_iter().chain(supervision) {
                            a href=(offered.path()) aria-current=[(offered == spot).then_some("page")] {
                                (say(offered.label(), language))
                            }
                        }
                    }
                }
                main #main tabindex="-1" { (main) }
                footer.printed {
                    (as_of(visitor.now, language))
                    " · " (named(page, language))
                }
            }
        }
    }
}

/// Whose data it is.
fn named(page: &Page, language: Language) -> &str {
    match &page.settings.mode {
        Mode::Trial => say(Label::MadeUp, language),
        Mode::Office(office) => &office.name,
    }
}

/// A page that needs nobody: the door, and troubles. It names no office.
pub fn bare(page: &Page, language: Language, title: &str, main: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang(language)) {
            (head(language, title))
            body.bare {
                header.top {
                    @match page.settings.mode {
                        Mode::Trial => p.made-up { (say(Label::MadeUp, language)) },
                        Mode::Office(_) => p.office { (say(Label::Product, language)) },
                    }
                }
                main #main {
                    h1 { (title) }
                    (main)
                }
            }
        }
    }
}

fn head(language: Language, title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport"
                content="width=device-width, initial-scale=1, interactive-widget=resizes-content";
            meta name="robots" content="noindex, nofollow";
            title { (title) " · " (say(Label::Product, language)) }
            link rel="icon" type="image/svg+xml" href=(assets::path("icon.svg"));
            link rel="stylesheet" href=(assets::path("style.css"));
            link rel="stylesheet" media="print" href=(assets::path("print.css"));
            script src=(assets::path("chat.js")) defer {}
        }
    }
}
