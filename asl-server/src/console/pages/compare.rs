//! Two versions of a machine, line by line.

use super::Page;
use super::machine::find;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, panel};
use crate::console::json::pretty;
use crate::console::parts::source::coloured;
use crate::console::{Console, address, words};
use crate::control::StateMachine;
use axum::extract::{Path, State};
use maud::{Markup, html};
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// So many lines around a change are shown.
const AROUND: usize = 3;
/// So long is looked for what is alike; what was not found by then is shown as changed.
const PATIENCE: Duration = Duration::from_millis(200);

/// `GET /machines/{machine}/compare?from=&to=`: by the numbers of versions; without one, the machine as it is now.
pub(crate) async fn show(
    State(console): State<Console>,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Page, Failure> {
    let machine = find(&console, &name)?;
    let (from, to) = (fields.number("from"), fields.number("to"));
    let (before, after) = (definition(&machine, from)?, definition(&machine, to)?);
    let choice = |name: &str, label: &str, chosen: Option<u64>| {
        html! {
            label.field { (label) select name=(name) {
                option value="" selected[chosen.is_none()] { "as it is now" }
                @for version in machine.versions.iter().rev() {
                    option value=(version.number) selected[chosen == Some(version.number)] { "version " (version.number) ", " (words::moment(version.created.milliseconds())) }
                }
            } }
        }
    };
    let body = html! {
        (frame::crumbs(&[("Machines", "/".to_owned()), (&name, address::machine(&name))]))
        div.head { h1 { "Compare versions" } }
        div.panel { form.in.choices { (choice("from", "From", from)) (choice("to", "To", to)) button.btn { "Compare" } } }
        (panel("changes", "Changes", &html! {}, &changes(&before, &after)))
    };
    Ok(Page(frame::page("Compare versions", Section::Machines, &body)))
}

/// The definition of a version as it is read best, or of the machine as it is.
fn definition(machine: &StateMachine, version: Option<u64>) -> Result<String, Failure> {
    let settings = match version {
        None => &machine.revision.settings,
        Some(number) => {
            let version = machine.version(number);
            let missing = || Failure::missing(format!("`{}` has no version {number}", machine.name));
            &version.ok_or_else(missing)?.revision.settings
        }
    };
    Ok(pretty(&settings.definition))
}

fn changes(before: &str, after: &str) -> Markup {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    let groups = diff.grouped_ops(AROUND);
    if groups.is_empty() {
        return frame::empty(
            "They are the same",
            "Blanks between the parts of a definition do not count.",
            &html! {},
        );
    }
    let number = |line: Option<usize>| line.map(|line| (line + 1).to_string()).unwrap_or_default();
    html! {
        div.src.diff tabindex="0" role="region" aria-label="Changes, scrollable" {
            @for (place, group) in groups.iter().enumerate() {
                @if place > 0 { div.l.cut-out { "⋯" } }
                @for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                    @let (class, sign, word) = match change.tag() {
                        ChangeTag::Equal => ("", " ", ""),
                        ChangeTag::Delete => ("old", "−", "removed: "),
                        ChangeTag::Insert => ("new", "+", "added: "),
                    };
                    div class={ "l " (class) } {
                        span.g aria-hidden="true" { (sign) } span.sr { (word) }
                        span.no { (number(change.old_index())) } span.no { (number(change.new_index())) }
                        span { (coloured(change.value().trim_end_matches(['\n', '\r']))) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_shown_with_what_is_around_it() {
        let before: String = (0..100).map(|line| format!("line {line}\n")).collect();
        let after = before.replace("line 50\n", "<b>\n");
        let shown = changes(&before, &after).into_string();
        assert!(
            shown.contains("line 50") && shown.contains("&lt;b&gt;") && shown.contains("line 53"),
            "{shown}"
        );
        assert!(!shown.contains("line 54") && !shown.contains("line 46<"), "{shown}");
        assert!(changes(&before, &before).into_string().contains("They are the same"));
    }

    #[test]
    fn texts_that_have_nothing_in_common_take_no_longer() {
        let of = |step: usize| (0..20_000).map(|line| format!("{}\n", line * step)).collect::<String>();
        assert!(changes(&of(7), &of(11)).into_string().contains("class=\"l new\""));
    }
}
