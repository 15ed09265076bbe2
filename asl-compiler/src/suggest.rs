//! For every stage: the name that was probably meant.
//!
//! In: a word that does not exist and those that do. Out: at most one of them. Never suggests a word that looks different.

/// No longer words are compared, so that a suggestion never takes long.
const LENGTH_LIMIT: usize = 200;

/// The candidate that `word` was probably meant to be: one that differs only in the case of letters, else the one with the
/// fewest typing errors if they are at most a third of its length. Among equals the first.
#[must_use]
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(folded) = fold(candidate) else { continue };
        let limit =
            best.map_or_else(|| word.len().max(folded.len()) / 3, |(distance, _)| distance.saturating_sub(1));
        if let Some(distance) = distance_within(&word, &folded, limit) {
            if distance == 0 {
                return Some(candidate);
            }
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// What to say where `word` does not exist: the closest candidate, else the shortest of those that start or end with it.
#[must_use]
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(closest) = closest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{closest}`?"));
    }
    let folded = word.to_lowercase();
    let has_it = |candidate: &&str| {
        let candidate = candidate.to_lowercase();
        candidate.starts_with(&folded) || candidate.ends_with(&folded)
    };
    let mut longer: Vec<_> = candidates.into_iter().filter(has_it).collect();
    longer.sort_by_key(|candidate| candidate.len());
    let shown: Vec<_> = longer.iter().take(SHOWN).map(|candidate| format!("`{candidate}`")).collect();
    let is_word = word.len() >= LEAST_LENGTH && !shown.is_empty();
    let one_of = if shown.len() > 1 { "one of " } else { "" };
    is_word.then(|| format!("did you mean {one_of}{}?", shown.join(", ")))
}

/// Whether `word` is `candidate` but for the case of letters or one or two typing errors, not counting what may be another member of the
/// same family: names with digits in them.
#[must_use]
pub(crate) fn is_slip_of(word: &str, candidate: &str) -> bool {
    let (Some(word), Some(candidate)) = (fold(word), fold(candidate)) else { return false };
    let limit = match word.len() {
        0..=3 => 0,
        4..=5 => 1,
        _ => 2,
    };
    let has_digits = word.iter().chain(&candidate).any(char::is_ascii_digit);
    let limit = if has_digits { 0 } else { limit };
    distance_within(&word, &candidate, limit).is_some()
        || has_letters_swapped(&word, &candidate)
        || is_same_without_signs(&word, &candidate)
}

/// Whether two neighbours have changed places, neither of them a digit.
fn has_letters_swapped(word: &[char], candidate: &[char]) -> bool {
    let mut pairs = word.iter().zip(candidate).enumerate().filter(|(_, (one, other))| one != other);
    let (Some((at, (a, b))), Some((next, (c, d))), None) = (pairs.next(), pairs.next(), pairs.next()) else {
        return false;
    };
    let is_swap = word.len() == candidate.len() && next == at + 1 && a == d && b == c;
    is_swap && a.is_alphabetic() && b.is_alphabetic()
}

/// `AES-256` for `AES256`
fn is_same_without_signs(word: &[char], candidate: &[char]) -> bool {
    let letters = |word: &[char]| word.iter().filter(|c| c.is_alphanumeric()).copied().collect::<String>();
    letters(word) == letters(candidate) && word.iter().any(|c| c.is_alphanumeric())
}

/// So many longer candidates are shown.
const SHOWN: usize = 4;

/// Shorter words are the start of too many others.
const LEAST_LENGTH: usize = 4;

fn fold(word: &str) -> Option<Vec<char>> {
    let folded: Vec<char> = word.chars().take(LENGTH_LIMIT + 1).flat_map(char::to_lowercase).collect();
    (folded.len() <= LENGTH_LIMIT).then_some(folded)
}

/// How many letters are missing, added, wrong or swapped with their neighbour, if at most `limit` are.
fn distance_within(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous_a = None;
    for (row, &letter_a) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut previous_b = None;
        for (column, &letter_b) in b.iter().enumerate() {
            let swapped = previous_a == Some(letter_b) && previous_b == Some(letter_a);
            let costs = [
                at(&last, column + 1) + 1,
                at(&current, column) + 1,
                at(&last, column) + usize::from(letter_a != letter_b),
                if swapped { at(&before_last, column.wrapping_sub(1)).saturating_add(1) } else { usize::MAX },
            ];
            current.push(costs.into_iter().min().unwrap_or(usize::MAX));
            previous_b = Some(letter_b);
        }
        before_last = std::mem::replace(&mut last, current);
        previous_a = Some(letter_a);
    }
    last.last().copied().filter(|&distance| distance <= limit)
}

fn at(row: &[usize], column: usize) -> usize {
    // Outside of the table nothing is reachable; half of the range leaves room for the additions.
    row.get(column).copied().unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let fields = [
            "Next",
            "End",
            "Comment",
            "InputPath",
            "OutputPath",
            "ResultPath",
            "ResultSelector",
            "Parameters",
        ];
        let cases = [
            ("next", Some("Next")),
            ("NEXT", Some("Next")),
            ("Nxet", Some("Next")),
            ("Nex", Some("Next")),
            ("inputPath", Some("InputPath")),
            ("OuputPath", Some("OutputPath")),
            ("ResultSelecter", Some("ResultSelector")),
            ("Paramaters", Some("Parameters")),
            ("Paremeter", Some("Parameters")),
            ("Ned", Some("End")),
            ("Neb", None),
            ("ENd", Some("End")),
            ("Edn", Some("End")),
            ("Zzzzzzz", None),
            ("", None),
            ("E", None),
        ];
        for (word, expected) in cases {
            assert_eq!(closest(word, fields), expected, "{word}");
        }
    }

    #[test]
    fn the_case_of_letters_matters_least() {
        assert_eq!(closest("ChargeCard", ["ChargeCart", "CHARGECARD"]), Some("CHARGECARD"));
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(closest("ChargeCrad", ["ChargeCards", "ChargeCard"]), Some("ChargeCard"));
        assert_eq!(closest("Step0", ["Step1", "Step2"]), Some("Step1"));
    }

    #[test]
    fn long_words_cost_nothing() {
        let long = "x".repeat(1_000_000);
        assert_eq!(closest(&long, [long.as_str(), "y"]), None);
    }

    #[test]
    fn letters_of_all_languages_count_as_one() {
        assert_eq!(closest("Validação", ["Validaçao", "Outra"]), Some("Validaçao"));
        assert_eq!(closest("ÇÃO", ["ção"]), Some("ção"));
    }

    #[test]
    fn slips_are_no_other_words() {
        for (word, candidate) in [
            ("event", "Event"),
            ("FARGET", "FARGATE"),
            ("ALL-OLD", "ALL_OLD"),
            ("get", "GET"),
            ("AES-256", "AES256"),
            ("t3.mirco", "t3.micro"),
        ] {
            assert!(is_slip_of(word, candidate), "{word}");
        }
        for (word, candidate) in [
            ("Async", "Event"),
            ("t3.mikro", "t3.micro"),
            ("G.2X", "G.1X"),
            ("SUSPENDING", "SUSPENDED"),
            ("PUT", "GET"),
            ("", "GET"),
        ] {
            assert!(!is_slip_of(word, candidate), "{word}");
        }
    }

    #[test]
    fn words_that_others_start_or_end_with() {
        let among = |word: &str| did_you_mean(word, ["TopicArn", "StringEquals", "BooleanEquals", "Message"]);
        assert_eq!(among("Topic").as_deref(), Some("did you mean `TopicArn`?"));
        assert_eq!(among("Mesage").as_deref(), Some("did you mean `Message`?"));
        assert_eq!(among("Equals").as_deref(), Some("did you mean one of `StringEquals`, `BooleanEquals`?"));
        assert_eq!(among("Arn"), None);
    }
}
