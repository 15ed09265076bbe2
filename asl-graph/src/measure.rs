//! How wide a text is, without a font: widths of letters as in the common fonts without serifs, in thousandths of the font size.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(fit("Charge", 13.0, 200.0), "Charge");
    }

    #[test]
    fn a_longer_text_ends_in_dots_and_fits() {
        let cut = fit("A state with a very long name indeed", 13.0, 120.0);
        assert!(cut.ends_with('\u{2026}'), "{cut}");
        assert!(width(&cut, 13.0) <= 120.0, "{cut}");
    }
}
