//! What is the same on every page: the bar with the sections and the find box, and the files that pages need.

use super::assets::{ICON, SCRIPT, STYLE};
use super::json::visible;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Where a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Machines,
    Executions,
    Activities,
    Elsewhere,
}

const SECTIONS: [(Section, &str, &str); 3] = [
    (Section::Machines, "/", "Machines"),
    (Section::Executions, "/executions", "Executions"),
    (Section::Activities, "/activities", "Activities"),
];

/// All symbols, once for each page.
const SYMBOLS: &str = include_str!("icons.svg");

const MARK: &str = "M12 7v4.5M5 17v-2a3.5 3.5 0 0 1 3.5-3.5h7A3.5 3.5 0 0 1 19 15v2";

/// A symbol by its name.
pub(crate) fn icon(name: &str) -> Markup {
    html! { svg.i aria-hidden="true" { use href={ "#i-" (name) } {} } }
}

/// A page.
pub(crate) fn page(title: &str, section: Section, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (visible(title)) " · asl" }
                link rel="icon" href=(ICON.path()) type="image/svg+xml";
                link rel="stylesheet" href=(STYLE.path());
                script src=(SCRIPT.path()) {}
            }
            body {
                (PreEscaped(SYMBOLS))
                a.skip href="#main" { "Skip to content" }
                (bar(section))
                main #main tabindex="-1" { (body) }
            }
        }
    }
}

/// A page as a file, with all that it needs in it. Nothing runs in it, and it loads nothing.
pub(crate) fn file(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (visible(title)) " · asl" }
                style { (PreEscaped(STYLE.text())) }
            }
            body {
                (PreEscaped(SYMBOLS))
                main #main tabindex="-1" { (body) }
            }
        }
    }
}

/// A page that is in none of the sections.
pub(crate) fn bare(title: &str, body: &Markup) -> Markup {
    page(title, Section::Elsewhere, body)
}

fn bar(section: Section) -> Markup {
    html! {
        header.bar {
            a.brand href="/" aria-label="asl, all machines" {
                svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" {
                    circle cx="12" cy="4.5" r="2.5" {} circle cx="5" cy="19.5" r="2.5" {} circle cx="19" cy="19.5" r="2.5" {}
                    path d=(MARK) {}
                }
                span { "asl" }
            }
            nav aria-label="Main" {
                @for (of, path, name) in SECTIONS {
                    a.extra[of == Section::Activities] href=(path) aria-current=[(of == section).then_some("page")] { (name) }
                }
            }
            form.find role="search" action="/find" {
                label.sr for="find" { "Find a machine, an execution or an ARN" }
                input #find type="search" name="q" placeholder="Find a name or paste an ARN" autocomplete="off";
                kbd aria-hidden="true" { "/" }
            }
            span.where #live data-live="still" { "this server" }
            button.btn.quiet.icon #theme type="button" aria-label="Switch between light and dark" { (icon("theme")) }
        }
    }
}

/// The way to a page: names with their paths.
pub(crate) fn crumbs(way: &[(&str, String)]) -> Markup {
    html! {
        nav aria-label="Path" { ol.crumbs {
            @for (name, path) in way { li { a.cut href=(path) { (visible(name)) } } }
        } }
    }
}

/// Something that is not there yet, why, and the next step.
pub(crate) fn empty(title: &str, why: &str, next: &Markup) -> Markup {
    html! { div.empty { h2 { (title) } p { (why) } (next) } }
}

/// A panel with a heading.
pub(crate) fn panel(id: &str, title: &str, tools: &Markup, body: &Markup) -> Markup {
    html! {
        section.panel id=(id) aria-labelledby={ (id) "-title" } {
            header { h2 id={ (id) "-title" } { (title) } div.tools { (tools) } }
            (body)
        }
    }
}
