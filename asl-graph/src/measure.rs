//! How wide a text is, without a font: widths of letters as in the common fonts without serifs, in thousandths of the font size.

use std::borrow::Cow;

/// The width of a text in pixels.
#[must_use]
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(letter).sum::<f64>() * size
}

fn letter(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' | '!' | '.' | ',' | ':' | ';' => 0.28,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '{' | '}' | ' ' | '-' | '/' | '\\' | '"' | '`' => {
            0.36
        }
        'm' | 'M' | 'W' | '%' | '@' => 0.92,
        'w' | 'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' | '&' => 0.75,
        'A'..='Z' | '<' | '>' | '=' | '+' | '~' | '_' | '#' => 0.68,
        letter if letter.is_ascii() => 0.57,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        // Letters of East Asia and pictures take a full square.
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{ffdf}' | '\u{1f000}'.. => 1.05,
        _ => 0.66,
    }
}

/// The text cut to a width, with dots where something is missing.
#[must_use]
pub(crate) fn fit(text: &str, size: f64, most: f64) -> String {
    let text = text.char_indices().nth(MOST).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    if width(text, size) <= most {
        return text.to_owned();
    }
    let dots = letter('\u{2026}') * size;
    let mut taken = 0.0;
    let kept = text.chars().take_while(|&c| {
        taken += letter(c) * size;
        taken + dots <= most
    });
    let mut cut: String = kept.collect();
    cut.truncate(cut.trim_end().len());
    cut.push('\u{2026}');
    cut
}

/// No width holds so many letters: of longer texts not more is looked at.
const MOST: usize = 400;

/// The text without its middle, which would not be seen.
fn shortened(text: &str) -> Cow<'_, str> {
    let place = |count| text.char_indices().nth(count).map(|(place, _)| place);
    let end = || text.char_indices().rev().nth(MOST / 2).map(|(place, _)| place);
    match (place(MOST), place(MOST / 2), end()) {
        (Some(_), Some(first), Some(last)) => {
            let part = |part: Option<&str>| part.unwrap_or_default().to_owned();
            Cow::Owned(part(text.get(..first)) + &part(text.get(last..)))
        }
        _ => Cow::Borrowed(text),
    }
}

/// The end of a text that fits in a width, with dots where something is missing.
fn fit_end(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let room =
        |place: usize| most - letter('\u{2026}') * size - width(text.get(place..).unwrap_or_default(), size);
    let at_word = breaks(text, |before, _| !before.is_alphanumeric()).find(|place| room(*place) >= 0.0);
    let any = || text.char_indices().map(|(place, _)| place).find(|place| room(*place) >= 0.0);
    let place = at_word.filter(|place| room(*place) < most / 2.0).or_else(any).unwrap_or(text.len());
    format!("\u{2026}{}", text.get(place..).unwrap_or_default().trim_start())
}

/// The text in one line, or in two if it is longer than a width. If these are not enough, the middle is left out: what a condition compares
/// with is at its end, and so does the number of one of many like states.
#[must_use]
pub(crate) fn wrap(text: &str, size: f64, most: f64) -> Vec<String> {
    let text = &*shortened(text);
    if width(text, size) <= most {
        return vec![text.to_owned()];
    }
    let fits = |place: &usize| text.get(..*place).is_some_and(|line| width(line.trim_end(), size) <= most);
    // A second line that is much longer than the first would be cut, however well the text parts there.
    let half = width(text, size) / 3.0;
    let is_long =
        |place: &usize| text.get(..*place).is_some_and(|line| width(line, size) >= half.min(most / 2.0));
    let last = |parts: fn(char, char) -> bool| breaks(text, parts).filter(is_long).filter(fits).last();
    let parted = last(|before, _| before == ' ')
        .or_else(|| last(|before, _| matches!(before, '-' | '_' | '/' | '.' | ':' | ',')))
        .or_else(|| last(|before, letter| before.is_lowercase() && letter.is_uppercase()));
    let place = parted.or_else(|| text.char_indices().map(|(place, _)| place).rfind(fits)).unwrap_or(0);
    let (first, rest) = text.split_at(place);
    let lines = [first.trim_end().to_owned(), fit_end(rest.trim_start(), size, most)];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// Where a text may part, by the letters before and behind.
fn breaks(text: &str, parts: fn(char, char) -> bool) -> impl Iterator<Item = usize> {
    let follows = text.char_indices().skip(1);
    text.chars()
        .zip(follows)
        .filter(move |(before, (_, letter))| parts(*before, *letter))
        .map(|(_, (place, _))| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(fit("Charge", 13.0, 200.0), "Charge");
    }

    #[test]
    fn a_long_text_parts_where_a_word_begins() {
        let lines = |text, most| wrap(text, 13.0, most);
        assert_eq!(lines("Charge", 200.0), ["Charge"]);
        assert_eq!(lines("Update Process Ran out of time", 150.0), ["Update Process Ran", "out of time"]);
        assert_eq!(lines("ExtractStructuredOutput", 130.0), ["ExtractStructured", "Output"]);
        assert_eq!(lines("$.detail.status.of.the.job = 3", 90.0), ["$.detail.", "\u{2026}the.job = 3"]);
        assert_eq!(lines("a", 1.0).len(), 1);
        assert!(lines(&"x".repeat(99), 100.0).iter().all(|line| width(line, 13.0) <= 100.0));
    }

    #[test]
    fn a_longer_text_ends_in_dots_and_fits() {
        let cut = fit("A state with a very long name indeed", 13.0, 120.0);
        assert!(cut.ends_with('\u{2026}'), "{cut}");
        assert!(width(&cut, 13.0) <= 120.0, "{cut}");
    }
}
