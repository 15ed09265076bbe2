//! When executions were started: a bar for each span of time, with those that failed at its foot. A bar leads to its executions.

use crate::console::fields::Fields;
use crate::console::words;
use asl_durable::Started;
use asl_runtime::Status;
use maud::{Markup, html};

/// So many bars are drawn.
pub(crate) const SPANS: usize = 48;

/// The executions of a span.
#[derive(Clone, Copy, Debug, Default)]
struct Bar {
    all: u64,
    failed: u64,
}

/// The bars, from a moment on, each for so many milliseconds.
pub(crate) fn starts(started: &[Started], from: i64, span: i64, fields: &Fields) -> Markup {
    let mut bars = [Bar::default(); SPANS];
    for Started { span, status, count } in started {
        if let Some(bar) = bars.get_mut(*span) {
            bar.all += count;
            if matches!(status, Status::Failed | Status::TimedOut) {
                bar.failed += count;
            }
        }
    }
    let most = bars.iter().map(|bar| bar.all).max().unwrap_or_default();
    if most == 0 {
        return html! {};
    }
    html! {
        nav.starts aria-label="Executions by the time of their start" {
            @for (place, bar) in (0..).zip(&bars) {
                @let since: i64 = from + place * span;
                @if bar.all == 0 { span {} }
                @else {
                    @let said = said(bar, since);
                    a href=(within(fields, since, since + span)) title=(said) aria-label=(said) style={ "--h:" (share(bar.all, most)) "%;--f:" (share(bar.failed, bar.all)) "%" } {}
                }
            }
        }
    }
}

fn said(bar: &Bar, since: i64) -> String {
    format!(
        "{} from {}, {} failed",
        words::count(bar.all, "execution"),
        words::moment(since),
        words::number(bar.failed)
    )
}

/// The page of the executions that were started within a span.
fn within(fields: &Fields, from: i64, until: i64) -> String {
    let (from, until) = (from.to_string(), until.to_string());
    fields.changed(&[("after", None), ("since", None), ("from", Some(&from)), ("until", Some(&until))])
}

/// In percent; what is there at all is seen.
fn share(part: u64, whole: u64) -> u64 {
    if part == 0 { 0 } else { (part * 100 / whole.max(1)).max(6) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_leads_to_its_executions() {
        let fields = Fields::read(b"machine=Order&since=12h&after=7");
        let started = [
            Started { span: 2, status: Status::Succeeded, count: 8 },
            Started { span: 2, status: Status::Failed, count: 2 },
            Started { span: 47, status: Status::Running, count: 1 },
            Started { span: 99, status: Status::Running, count: 1 },
        ];
        let shown = starts(&started, 1_000, 500, &fields).into_string();
        assert_eq!(shown.matches("<a ").count(), 2);
        assert!(shown.contains(r#"href="?machine=Order&amp;from=2000&amp;until=2500""#), "{shown}");
        assert!(shown.contains("--h:100%;--f:20%") && shown.contains("--h:10%;--f:0%"), "{shown}");
        assert_eq!(starts(&[], 0, 1, &fields).into_string(), "");
    }
}
