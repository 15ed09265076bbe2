//! Signatures of functions: `<s-nn?:s>`.
//!
//! In: the text with its angle brackets. Out: what each parameter takes. Never looks at arguments. What a program knows when it is built
//! is read then: [`parameters`] is `const`.

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'s> {
    /// The letters of the types that it takes: `s` string, `n` number, `b` boolean, `l` null, `o` object, `a` array, `f` function.
    pub letters: &'s str,
    /// The same as a set.
    pub types: Types,
    /// It takes an array, and makes one of anything else (written `a`).
    pub array: bool,
    /// What the elements of the array must be: the whole text in the signature, or empty.
    pub elements: &'s str,
    /// The context takes the place of a missing argument (written `-`).
    pub context: bool,
    /// How many arguments it takes.
    pub occurs: Occurs,
}

/// How many arguments a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Exactly one.
    Once,
    /// One or none (written `?`, or `-`).
    Optional,
    /// One or more (written `+`).
    Repeated,
}

/// Why a text is not a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A choice between types with parameters: `(a<n>s)`.
    Choice,
    /// Parameters of a type that has none: `n<s>`.
    Subtype,
}

impl Fault {
    /// Its code in JSONata.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Choice => "S0402",
            Self::Subtype => "S0401",
        }
    }

    /// JSONata's own text without the code.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Choice => "Choice groups containing parameterized types are not supported",
            Self::Subtype => "Type parameters can only be applied to functions and arrays",
        }
    }
}

/// A set of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// The types of letters as they are in a signature; every type but that of functions may be missing.
    #[must_use]
    pub const fn of(letters: &str) -> Self {
        let (mut rest, mut bits) = (letters.as_bytes(), 0);
        while let [letter, others @ ..] = rest {
            bits |= Self::letter(*letter);
            rest = others;
        }
        Self(if bits == Self::letter(b'f') { bits } else { bits | Self::letter(b'm') })
    }

    const fn letter(letter: u8) -> u8 {
        match letter {
            b's' => 1,
            b'n' => 2,
            b'b' => 4,
            b'l' => 8,
            b'o' => 16,
            b'a' => 32,
            b'f' => 64,
            b'm' => 128,
            b'j' => 63,
            b'x' => 127,
            _ => 0,
        }
    }

    /// Whether a type is among them; `m` is that of a missing value.
    #[must_use]
    pub const fn has(self, letter: u8) -> bool {
        self.0 & Self::letter(letter) != 0
    }
}

/// How many parameters a signature has.
#[must_use]
pub const fn count(signature: &str) -> usize {
    match read(signature, &mut []) {
        Ok(Read { count, .. }) => count,
        Err(_) => 0,
    }
}

/// The parameters of a signature that is right, `N` of them.
#[must_use]
pub const fn parameters<const N: usize>(signature: &'static str) -> [Parameter<'static>; N] {
    let mut parameters = [NONE; N];
    assert!(matches!(read(signature, &mut parameters), Ok(Read { count, .. }) if count == N));
    parameters
}

/// The parameters of a signature.
///
/// # Errors
///
/// A choice between types with parameters, or parameters of a type that has none.
pub fn parse(signature: &str) -> Result<Vec<Parameter<'_>>, Fault> {
    let mut parameters = vec![NONE; count(signature)];
    read(signature, &mut parameters).map(|_| parameters)
}

/// What a signature says that is returned: what follows the colon.
#[must_use]
pub fn returned(signature: &str) -> Option<&str> {
    let rest = read(signature, &mut []).ok()?.rest;
    rest.strip_suffix('>').filter(|returned| !returned.is_empty())
}

const NONE: Parameter<'static> = Parameter {
    letters: "",
    types: Types(0),
    array: false,
    elements: "",
    context: false,
    occurs: Occurs::Once,
};

/// What reading the parameters comes to.
struct Read<'s> {
    count: usize,
    /// What follows the colon.
    rest: &'s str,
}

/// Reads the parameters into as many places as there are.
const fn read<'s>(signature: &'s str, parameters: &mut [Parameter<'s>]) -> Result<Read<'s>, Fault> {
    let (mut count, mut last) = (0_usize, NONE);
    let mut rest = after(signature, 1);
    while let Some(symbol) = rest.as_bytes().first() {
        let mut length = width(*symbol);
        let letters = match *symbol {
            b':' => break,
            b's' | b'n' | b'b' | b'l' | b'o' | b'f' => rest.split_at(1).0,
            b'a' | b'x' => "asnblfo",
            b'j' => "asnblo",
            b'(' => {
                length = closed(rest, b'(', b')');
                inside(rest, length)
            }
            b'<' => {
                length = closed(rest, b'<', b'>');
                last.elements = match (last.array, last.letters.as_bytes()) {
                    (true, _) => inside(rest, length),
                    (false, [b'f']) => "",
                    (false, _) => return Err(Fault::Subtype),
                };
                ""
            }
            b'-' | b'?' | b'+' => {
                last.context |= *symbol == b'-';
                last.occurs = if *symbol == b'+' { Occurs::Repeated } else { Occurs::Optional };
                ""
            }
            _ => "",
        };
        if matches!(*symbol, b'(') && holds(letters, b'<') {
            return Err(Fault::Choice);
        }
        if matches!(*symbol, b's' | b'n' | b'b' | b'l' | b'o' | b'f' | b'a' | b'x' | b'j' | b'(') {
            last = Parameter { letters, types: Types::of(letters), array: *symbol == b'a', ..NONE };
            count += 1;
        }
        if let Some((_, [place, ..])) = parameters.split_at_mut_checked(count.saturating_sub(1)) {
            *place = last;
        }
        rest = after(rest, length);
    }
    Ok(Read { count, rest: after(rest, 1) })
}

/// What follows so many bytes.
const fn after(text: &str, length: usize) -> &str {
    match text.split_at_checked(length) {
        Some((_, rest)) => rest,
        None => "",
    }
}

/// What is between the brackets at the start of a text, which takes so many bytes with them.
const fn inside(text: &str, length: usize) -> &str {
    let text = match text.split_at_checked(length) {
        Some((text, _)) => text,
        None => text,
    };
    let last = match text.as_bytes() {
        [.., b')' | b'>'] => text.len() - 1,
        _ => text.len(),
    };
    after(text.split_at(last).0, 1)
}

/// How many bytes there are up to the bracket, it too, that closes the one at the start; all, if none does.
const fn closed(text: &str, open: u8, close: u8) -> usize {
    let (mut rest, mut depth, mut length) = (text.as_bytes(), 0, 0);
    while let [symbol, others @ ..] = rest {
        (rest, length) = (others, length + 1);
        if *symbol == open {
            depth += 1;
        } else if *symbol == close {
            depth -= 1;
        }
        if depth == 0 {
            break;
        }
    }
    length
}

const fn holds(text: &str, wanted: u8) -> bool {
    let mut rest = text.as_bytes();
    while let [symbol, others @ ..] = rest {
        if *symbol == wanted {
            return true;
        }
        rest = others;
    }
    false
}

/// How many bytes the character takes that starts with this one.
const fn width(byte: u8) -> usize {
    match byte {
        0..=0xbf => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xff => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read() {
        const REPLACE: [Parameter<'_>; 3] = parameters("<s-(sf)a<n>?:s>");
        assert_eq!(parse("<s-(sf)a<n>?:s>"), Ok(REPLACE.to_vec()));
        let [text, pattern, numbers] = REPLACE;
        assert!(text.context && text.occurs == Occurs::Optional && text.letters == "s");
        assert!(pattern.types.has(b'f') && pattern.types.has(b'm') && pattern.letters == "sf");
        assert!(numbers.array && numbers.elements == "n" && numbers.occurs == Occurs::Optional);
        assert!(!Types::of("f").has(b'm'));
        assert_eq!([count("<s-nn?:s>"), count("<:n>"), count("<(nsb)-:n>"), count("<a+>")], [3, 0, 1, 1]);
    }

    #[test]
    fn results_are_read() {
        assert_eq!(returned("<s-f<s:o>n?:a<o>>"), Some("a<o>"));
        assert_eq!(returned("<af>"), None);
        assert_eq!(returned("<:n>"), Some("n"));
    }

    #[test]
    fn what_is_not_a_signature_is_refused() {
        assert_eq!(parse("<(a<n>s)>"), Err(Fault::Choice));
        assert_eq!(parse("<n<s>>"), Err(Fault::Subtype));
        assert_eq!(parse("<<s>>"), Err(Fault::Subtype));
    }

    #[test]
    fn nothing_is_too_odd_to_be_read() {
        for text in
            ["", "<", "é", "<é>", "<(", "<a<", "<a<é", "<(é", "<-?+>", "<s:", "<🦀s🦀(🦀)>", "<a<a<n>>>"]
        {
            let parameters = parse(text).unwrap_or_default();
            assert_eq!(parameters.len(), count(text), "{text}");
        }
        assert_eq!(count("<🦀s🦀(🦀)>"), 2);
        assert_eq!(parse("<a<a<n>>>").unwrap_or_default().first().map(|array| array.elements), Some("a<n>"));
    }
}
