//! Numbers in English words, in Roman numerals and in letters as the columns of a spreadsheet have them, and back.

const SMALL: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const SMALL_ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const TENS: [(&str, f64); 8] = [
    ("Twenty", 20.0),
    ("Thirty", 30.0),
    ("Forty", 40.0),
    ("Fifty", 50.0),
    ("Sixty", 60.0),
    ("Seventy", 70.0),
    ("Eighty", 80.0),
    ("Ninety", 90.0),
];
const MAGNITUDES: [(&str, f64); 4] =
    [("Trillion", 1e12), ("Billion", 1e9), ("Million", 1e6), ("Thousand", 1e3)];

/// A whole number that is not negative in English words, each with a capital.
pub(super) fn in_words(number: f64, ordinal: bool) -> String {
    let mut words = String::new();
    write_words(number, "", ordinal, &mut words);
    words
}

/// `joint` comes before numbers below 100; larger ones are set off by a comma if there is a joint at all.
fn write_words(number: f64, joint: &str, ordinal: bool, words: &mut String) {
    if number < 100.0 {
        words.push_str(joint);
        return write_below_hundred(number, ordinal, words);
    }
    words.push_str(if joint.is_empty() { "" } else { ", " });
    let (name, size) = MAGNITUDES.into_iter().find(|(_, size)| number >= *size).unwrap_or(("Hundred", 100.0));
    let count = (number / size).floor();
    let rest = number - count * size;
    write_words(count, "", false, words);
    words.push(' ');
    words.push_str(name);
    if rest > 0.0 {
        write_words(rest, " and ", ordinal, words);
    } else if ordinal {
        words.push_str("th");
    }
}

fn write_below_hundred(number: f64, ordinal: bool, words: &mut String) {
    let names = if ordinal { SMALL_ORDINALS } else { SMALL };
    let small = names.into_iter().zip(0..).find(|(_, value)| f64::from(*value) == number);
    if let Some((name, _)) = small {
        return words.push_str(name);
    }
    let Some((name, tens)) = TENS.into_iter().rfind(|(_, tens)| number >= *tens) else { return };
    let rest = number - tens;
    match (rest > 0.0, ordinal) {
        (true, _) => {
            words.push_str(name);
            words.push('-');
            write_below_hundred(rest, ordinal, words);
        }
        (false, true) => {
            words.push_str(name.trim_end_matches('y'));
            words.push_str("ieth");
        }
        (false, false) => words.push_str(name),
    }
}

/// The number that English words say; nothing if one of them is unknown.
pub(super) fn from_words(text: &str) -> Option<f64> {
    let text = text.to_lowercase();
    let mut parts = vec![0.0];
    for word in split_words(&text) {
        let value = word_value(word)?;
        let last = parts.pop().unwrap_or(0.0);
        if value >= 100.0 {
            parts.push(last * value);
        } else if last >= 1000.0 {
            parts.extend([last, value]);
        } else {
            parts.push(last + value);
        }
    }
    Some(parts.iter().sum())
}

/// Splits at a comma with a blank, at `and` between blanks, at a blank, a hyphen and a backslash.
fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut rest, mut scan) = (text, text);
    while let Some(character) = scan.chars().next() {
        let after = scan.get(character.len_utf8()..).unwrap_or_default();
        let Some(next) = after_separator(scan, character, after) else {
            scan = after;
            continue;
        };
        words.extend(rest.get(..rest.len() - scan.len()));
        (rest, scan) = (next, next);
    }
    words.push(rest);
    words
}

fn after_separator<'t>(text: &'t str, character: char, after: &'t str) -> Option<&'t str> {
    let is_space = asl_language::regex::is_space;
    if let Some(joined) = text.strip_prefix(',') {
        return joined.strip_prefix(is_space);
    }
    if is_space(character) {
        let joined = after.strip_prefix("and").and_then(|joined| joined.strip_prefix(is_space));
        return Some(joined.unwrap_or(after));
    }
    matches!(character, '-' | '\\').then_some(after)
}

/// All words of numbers, with their values. Magnitudes have none of their own as ordinals, only a `th`.
pub(super) fn number_words() -> impl Iterator<Item = (String, f64)> {
    let small = SMALL.into_iter().zip(0..).chain(SMALL_ORDINALS.into_iter().zip(0..));
    let small = small.map(|(word, value)| (word.to_lowercase(), f64::from(value)));
    let tens = TENS.into_iter().flat_map(|(word, value)| {
        let ordinal = format!("{}ieth", word.trim_end_matches('y').to_lowercase());
        [(word.to_lowercase(), value), (ordinal, value)]
    });
    let large = MAGNITUDES.into_iter().chain([("Hundred", 100.0)]).flat_map(|(word, value)| {
        [(word.to_lowercase(), value), (format!("{}th", word.to_lowercase()), value)]
    });
    small.chain(tens).chain(large)
}

fn word_value(word: &str) -> Option<f64> {
    number_words().find(|(known, _)| known == word).map(|(_, value)| value)
}

const ROMAN: [(u32, &str); 13] = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

/// A number in small Roman numerals; nothing for zero.
pub(super) fn in_roman(number: u32) -> String {
    let mut numerals = String::new();
    let mut rest = number;
    for (value, numeral) in ROMAN {
        while rest >= value {
            numerals.push_str(numeral);
            rest -= value;
        }
    }
    numerals
}

/// The number that Roman numerals say, in whatever order; nothing if there is another letter.
pub(super) fn from_roman(text: &str) -> Option<f64> {
    let (mut sum, mut max) = (0.0, 1.0);
    for letter in text.chars().rev() {
        let value = roman_value(letter)?;
        if value < max {
            sum -= value;
        } else {
            max = value;
            sum += value;
        }
    }
    Some(sum)
}

const fn roman_value(letter: char) -> Option<f64> {
    Some(match letter {
        'M' => 1000.0,
        'D' => 500.0,
        'C' => 100.0,
        'L' => 50.0,
        'X' => 10.0,
        'V' => 5.0,
        'I' => 1.0,
        _ => return None,
    })
}

/// A number in letters, `a` to `z`, `aa` to `zz`, ..; nothing for zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the remainder is below 26")]
pub(super) fn in_letters(number: f64) -> String {
    let mut letters = Vec::new();
    let mut rest = number;
    while rest > 0.0 {
        letters.push(char::from(b'a' + ((rest - 1.0) % 26.0) as u8));
        rest = ((rest - 1.0) / 26.0).floor();
    }
    letters.into_iter().rev().collect()
}

/// The number that letters say, counted from the one that means 1.
pub(super) fn from_letters(letters: &str, first: char) -> f64 {
    let value = |letter: char| f64::from(u32::from(letter)) - f64::from(u32::from(first)) + 1.0;
    letters.chars().fold(0.0, |number, letter| number * 26.0 + value(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        for (number, cardinal, ordinal) in [
            (0.0, "Zero", "Zeroth"),
            (12.0, "Twelve", "Twelfth"),
            (30.0, "Thirty", "Thirtieth"),
            (99.0, "Ninety-Nine", "Ninety-Ninth"),
            (100.0, "One Hundred", "One Hundredth"),
            (555.0, "Five Hundred and Fifty-Five", "Five Hundred and Fifty-Fifth"),
            (1001.0, "One Thousand and One", "One Thousand and First"),
            (
                1_200_300.0,
                "One Million, Two Hundred Thousand, Three Hundred",
                "One Million, Two Hundred Thousand, Three Hundredth",
            ),
            (1e15, "One Thousand Trillion", "One Thousand Trillionth"),
        ] {
            assert_eq!(in_words(number, false), cardinal);
            assert_eq!(in_words(number, true), ordinal);
            assert_eq!(from_words(cardinal), Some(number));
            assert_eq!(from_words(ordinal), Some(number));
        }
        assert_eq!(from_words("one and a half"), None);
    }

    #[test]
    fn roman_numerals() {
        assert_eq!(in_roman(1999), "mcmxcix");
        assert_eq!(in_roman(0), "");
        assert_eq!(from_roman("MCMXCIX"), Some(1999.0));
        assert_eq!(from_roman("Q"), None);
    }

    #[test]
    fn letters() {
        for (number, letters) in [(1.0, "a"), (26.0, "z"), (27.0, "aa"), (702.0, "zz"), (703.0, "aaa")] {
            assert_eq!(in_letters(number), letters);
            assert_eq!(from_letters(letters, 'a'), number);
        }
    }
}
