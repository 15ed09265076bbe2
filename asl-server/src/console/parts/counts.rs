//! What has become of the items of a Map, in numbers and as a bar.

use crate::console::frame::icon;
use crate::console::story::Progress;
use crate::console::words;
use asl_runtime::Counts;
use maud::{Markup, html};

/// The numbers, and below them the bar.
pub(crate) fn counts(items: &Counts) -> Markup {
    let shown = [
        (Progress::Succeeded.class(), "ok", "Succeeded", items.succeeded),
        ("bad", "bad", "Failed", items.failed + items.timed_out),
        ("run", "run", "Running", items.running),
        ("off", "off", "Stopped", items.aborted),
        ("off", "none", "Not started", items.pending),
    ];
    let said: Vec<_> = shown
        .iter()
        .map(|(_, _, word, count)| format!("{} {}", words::number(*count), word.to_lowercase()))
        .collect();
    html! {
        dl.stats { @for (class, symbol, word, count) in shown { div { dt { span class=(class) { (icon(symbol)) } (word) } dd { (words::number(count)) } } } }
        div.meter role="img" aria-label=(said.join(", ")) {
            @for (class, _, _, count) in shown { @if count > 0 { i class=(class) style={ "flex:" (count) } {} } }
        }
    }
}
