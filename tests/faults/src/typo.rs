//! Words as people mistype them.

/// A word with a typo: a letter left out, typed twice or swapped with the next one. Which of them follows from the word and from `turn`. The
/// first letter stays. None is for a word too short to be recognised afterwards.
pub(crate) fn mistype(word: &str, turn: usize) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return None;
    }
    let seed = letters.iter().fold(turn, |sum, &letter| sum.wrapping_mul(31).wrapping_add(letter as usize));
    let places = letters.len() - 2;
    let ways = [drop_letter, swap_letters, double_letter];
    let tries = (0..places).flat_map(|step| {
        let at = 1 + (seed / 3 + step) % places;
        ways.iter().cycle().skip(seed % 3).take(3).map(move |way| (at, way))
    });
    tries.map(|(at, way)| way(&letters, at)).find(|typo| typo.as_str() != word && is_fair(word, typo))
}

/// A typo that leaves another sensible word, by a plural or by case alone, is none.
fn is_fair(word: &str, typo: &str) -> bool {
    !typo.eq_ignore_ascii_case(word) && typo.trim_end_matches('s') != word.trim_end_matches('s')
}

fn drop_letter(letters: &[char], at: usize) -> String {
    letters.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, letter)| letter).collect()
}

fn swap_letters(letters: &[char], at: usize) -> String {
    let mut letters = letters.to_vec();
    if at + 1 < letters.len() {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

fn double_letter(letters: &[char], at: usize) -> String {
    letters
        .iter()
        .enumerate()
        .flat_map(|(place, &letter)| std::iter::repeat_n(letter, 1 + usize::from(place == at)))
        .collect()
}

/// The word with its first letter in the other case.
pub(crate) fn other_case(word: &str) -> String {
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return String::new() };
    let first =
        if first.is_ascii_uppercase() { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() };
    std::iter::once(first).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_changes_the_word_and_keeps_its_first_letter() {
        for word in ["Next", "ResultPath", "Payload", "States.Timeout"] {
            for turn in 0..20 {
                let typo = mistype(word, turn).expect("a typo");
                assert!(typo != word && typo.chars().next() == word.chars().next(), "{word}: {typo}");
                assert_eq!(mistype(word, turn).as_ref(), Some(&typo));
            }
        }
        assert_eq!(mistype("End", 0), None);
    }

    #[test]
    fn the_case_of_the_first_letter() {
        assert_eq!((other_case("Next"), other_case("getItem")), ("next".into(), "GetItem".into()));
    }
}
