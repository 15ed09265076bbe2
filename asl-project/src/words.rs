//! What was probably meant by a name that `asl.toml` does not have.

/// What options and other tools call the same.
const OTHERWISE: &[(&str, &str)] = &[
    ("codes", "allow"),
    ("definition", "definitions"),
    ("deny", "warn"),
    ("ignore", "allow"),
    ("input-schema", "input"),
    ("input_schema", "input"),
    ("lambda", "functions"),
    ("schema", "input"),
    ("schemas", "input"),
    ("substitute", "substitutions"),
    ("test", "tests"),
    ("test_folders", "tests"),
    ("type", "machine_type"),
    ("variables", "substitutions"),
];

/// The name that was probably meant, or all that there are.
#[must_use]
pub fn meant(name: &str, known: &[&str]) -> String {
    let plain = name.to_lowercase().replace('-', "_");
    let otherwise = OTHERWISE.iter().find(|(other, _)| *other == name).map(|(_, name)| *name);
    let found = otherwise.filter(|name| known.contains(name));
    match found.or_else(|| known.iter().copied().find(|known| is_near(&plain, known))) {
        Some(name) => format!("did you mean `{name}`?"),
        None => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("there are {}", known.join(", "))
        }
    }
}

/// Whether a letter was left out, added, changed or swapped with its neighbour, or nothing at all.
fn is_near(word: &str, known: &str) -> bool {
    let (word, known): (Vec<char>, Vec<char>) = (word.chars().collect(), known.chars().collect());
    let start = word.iter().zip(&known).take_while(|(a, b)| a == b).count();
    let end = word.iter().rev().zip(known.iter().rev()).take_while(|(a, b)| a == b).count();
    let end = end.min(word.len().min(known.len()) - start);
    let middle =
        |letters: &[char]| letters.iter().skip(start).take(letters.len() - start - end).copied().collect();
    let (one, other): (Vec<char>, Vec<char>) = (middle(&word), middle(&known));
    match (one.as_slice(), other.as_slice()) {
        ([], [] | [_]) | ([_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_letters_and_by_their_meaning() {
        for (name, wanted) in [
            ("profil", "profile"),
            ("profiles", "profile"),
            ("porfile", "profile"),
            ("Profile", "profile"),
            ("prophile", ""),
            ("test", "tests"),
            ("schema", "input"),
            ("", ""),
        ] {
            let found = meant(name, &["input", "profile", "tests"]);
            match wanted {
                "" => assert_eq!(found, "there are `input`, `profile`, `tests`"),
                wanted => assert_eq!(found, format!("did you mean `{wanted}`?")),
            }
        }
    }
}
