//! `${Name}`: what SAM, CDK, CloudFormation and Terraform put a value in place of before AWS sees the definition.
//!
//! In: texts. Out: the places of placeholders in them. Never knows a value.

use std::ops::Range;

/// The placeholder that a text starts with. One inside of it, as in `${concat(a, "${b}")}`, belongs to it.
#[must_use]
pub(crate) fn leading(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, character) in text.strip_prefix('$')?.char_indices() {
        match character {
            '{' if depth == 0 && !may_be_name(text.get(at + 2..)) => return None,
            '{' => depth += 1,
            '}' if depth == 1 => return text.get(..at + 2).filter(|found| found.len() > "${}".len()),
            '\n' => return None,
            _ if depth == 0 => return None,
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The places of the placeholders in a text: the same as [`leading`] at each `${` that is in no other, found in one go.
#[must_use]
pub fn all(text: &str) -> Vec<Range<usize>> {
    // Nearly every text of a definition has none.
    if !text.contains('$') {
        return Vec::new();
    }
    let mut closed = Vec::new();
    let mut open = Vec::new();
    let mut before = '\n';
    for (at, character) in text.char_indices() {
        match character {
            '{' => open.push((before == '$' && may_be_name(text.get(at + 1..))).then(|| at - 1)),
            '}' => closed.extend(open.pop().flatten().map(|start| start..at + 1)),
            '\n' => open.clear(),
            _ => {}
        }
        before = character;
    }
    closed.retain(|place| place.len() > "${}".len());
    // What is inside of another was closed before it.
    let mut outermost: Vec<Range<usize>> = Vec::new();
    for place in closed {
        let inside = outermost.iter().rev().take_while(|other| other.start > place.start).count();
        outermost.truncate(outermost.len() - inside);
        outermost.push(place);
    }
    outermost
}

/// Whether the name of a placeholder may begin so: no name starts with a `$` that is not a placeholder itself. `${$total}` is a text as
/// other languages write it.
fn may_be_name(rest: Option<&str>) -> bool {
    rest.is_some_and(|rest| !rest.starts_with('$') || rest.starts_with("${"))
}

/// The name of a placeholder: `Name` of `${Name}`.
#[must_use]
pub fn name(placeholder: &str) -> &str {
    placeholder.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).map_or(placeholder, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_found_in_one_go() {
        let one_by_one = |text: &str| {
            let (mut found, mut at) = (Vec::new(), 0);
            while let Some(start) = text.get(at..).and_then(|rest| Some(at + rest.find("${")?)) {
                let length = text.get(start..).and_then(leading).map_or(0, str::len);
                found.extend((length > 0).then(|| start..start + length));
                at = start + length.max(2);
            }
            found
        };
        let parts = ["$", "{", "}", "${", "a", "\n", "é"];
        for number in 0..parts.len().pow(6) {
            let text: String =
                (0..6).map(|place| parts[number / parts.len().pow(place) % parts.len()]).collect();
            assert_eq!(all(&text), one_by_one(&text), "{text:?}");
        }
    }

    #[test]
    fn placeholders_are_found_and_named() {
        let found = |text: &'static str| -> Vec<&str> {
            all(text).into_iter().map(|range| text.get(range).unwrap_or_default()).collect()
        };
        assert_eq!(found("arn:${A}:${ b.Arn }/${}/${open"), ["${A}", "${ b.Arn }"]);
        assert_eq!(found("${concat(a, {b = \"${c}\"})}"), ["${concat(a, {b = \"${c}\"})}"]);
        assert_eq!(found("$${A}$.{}"), ["${A}"]);
        assert_eq!([leading("$}"), leading("$"), leading("}")], [None, None, None]);
        assert_eq!(name("${ b.Arn }"), "b.Arn");
    }
}
