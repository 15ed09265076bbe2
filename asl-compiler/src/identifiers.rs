//! State names to Rust identifiers.
//!
//! In: any text. Out: a CamelCase name for a variant and a snake_case name for a function, both unique, readable and no
//! keywords: `"Chamar API Externa"` becomes `ChamarApiExterna` and `chamar_api_externa`.

use std::collections::{HashMap, HashSet};

/// The names given so far.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    variants: HashSet<String>,
    functions: HashSet<String>,
    /// The number to try next for a function name that was asked for before.
    numbers: HashMap<String, usize>,
}

/// Every keyword of Rust, the reserved ones included; the lower-case ones can clash with functions only.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

impl Identifiers {
    /// The variant and the function for a state of that name.
    pub(crate) fn assign(&mut self, name: &str) -> (String, String) {
        let mut words = words(name);
        if words.first().is_none_or(|word| word.starts_with(|c: char| c.is_ascii_digit())) {
            words.insert(0, "state".to_owned());
        }
        let variant = words.iter().map(|word| capitalised(word)).collect::<String>();
        let function = words.join("_");
        // The two get the same number, so that they are seen to belong together.
        let number = self.numbers.entry(function.clone()).or_insert(1);
        loop {
            let (variant, function) = numbered(&variant, &function, *number);
            *number += 1;
            let free = !self.variants.contains(&variant) && !self.functions.contains(&function);
            if free {
                self.variants.insert(variant.clone());
                self.functions.insert(function.clone());
                return (variant, function);
            }
        }
    }
}

/// A text as the name of a function or a module: `chamar_api_externa`.
pub(crate) fn function_name(text: &str) -> String {
    Identifiers::default().assign(text).1
}

fn numbered(variant: &str, function: &str, number: usize) -> (String, String) {
    if number > 1 {
        let separator = if variant.ends_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
        return (format!("{variant}{separator}{number}"), format!("{function}_{number}"));
    }
    // `r#self` and its like do not exist, so that all keywords are treated alike.
    let variant = if KEYWORDS.contains(&variant) { format!("{variant}State") } else { variant.to_owned() };
    let function =
        if KEYWORDS.contains(&function) { format!("{function}_state") } else { function.to_owned() };
    (variant, function)
}

/// The words of a name in lower case and ASCII. A word ends at anything but a letter or digit, before a capital after a
/// small letter (`getUser`), and before the last capital of several (`HTTPCall`).
fn words(name: &str) -> Vec<String> {
    let ascii = deunicode::deunicode(name);
    let characters: Vec<char> = ascii.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous = None;
    for (at, &c) in characters.iter().enumerate() {
        let next = characters.get(at + 1);
        if !c.is_ascii_alphanumeric() || starts_word(previous, c, next) {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        previous = Some(c);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn starts_word(previous: Option<char>, c: char, next: Option<&char>) -> bool {
    let Some(previous) = previous else { return false };
    c.is_ascii_uppercase()
        && (previous.is_ascii_lowercase()
            || previous.is_ascii_digit()
            || (previous.is_ascii_uppercase() && next.is_some_and(char::is_ascii_lowercase)))
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assign(names: &[&str]) -> Vec<(String, String)> {
        let mut identifiers = Identifiers::default();
        names.iter().map(|name| identifiers.assign(name)).collect()
    }

    fn check(name: &str, variant: &str, function: &str) {
        assert_eq!(assign(&[name]), [(variant.to_owned(), function.to_owned())], "{name:?}");
    }

    #[test]
    fn names_stay_readable() {
        check("Chamar API Externa", "ChamarApiExterna", "chamar_api_externa");
        check("Salvar no DynamoDB", "SalvarNoDynamoDb", "salvar_no_dynamo_db");
        check("getUser", "GetUser", "get_user");
        check("HTTPCall", "HttpCall", "http_call");
        check("is-it_ok?", "IsItOk", "is_it_ok");
        check("Ação é 2ª", "AcaoE2a", "acao_e_2a");
    }

    #[test]
    fn keywords_digits_and_empty_names_become_identifiers() {
        check("Self", "SelfState", "self_state");
        check("type", "Type", "type_state");
        check("1st try", "State1stTry", "state_1st_try");
        check("!!!", "State", "state");
        check("", "State", "state");
    }

    #[test]
    fn names_that_clash_are_numbered() {
        let names = assign(&["Save it", "save-it", "SaveIt", "Step 1", "step-1"]);
        let expected = [
            ("SaveIt", "save_it"),
            ("SaveIt2", "save_it_2"),
            ("SaveIt3", "save_it_3"),
            ("Step1", "step_1"),
            ("Step1_2", "step_1_2"),
        ];
        assert_eq!(names, expected.map(|(variant, function)| (variant.to_owned(), function.to_owned())));
    }

    #[test]
    fn a_numbered_name_does_not_take_one_that_is_taken() {
        let names = assign(&["A", "A 2", "a"]);
        let variants: Vec<_> = names.iter().map(|(variant, _)| variant.as_str()).collect();
        assert_eq!(variants, ["A", "A2", "A3"]);
    }
}
