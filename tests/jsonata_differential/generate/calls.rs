//! Calls of built-in functions: with what they take, with what they do not take, and in all the forms in which they can be called.

use super::pictures;
use super::{Chance, Wish};

/// What an argument should be: a letter for each parameter of a function, optional ones after a `?`.
///
/// `s` a text, `n` a number, `i` a small whole number, `b` a condition, `a` an array, `N` one of numbers, `S` one of texts, `o` an object,
/// `O` an array of objects, `x` anything, `p` a pattern, `r` a replacement, `f` a function of one value, `F` one of a value and a key,
/// `2` one that puts two together, `c` one that compares; `#`, `I`, `D`, `Z` pictures of numbers, integers, dates, zones; `w` a text
/// that may fit an integer picture, `t` a moment as text, `m` one in milliseconds, `e` an encoded text, `O` options.
const FUNCTIONS: &[(&str, &str)] = &[
    ("sum", "N"),
    ("count", "a"),
    ("max", "N"),
    ("min", "N"),
    ("average", "N"),
    ("string", "x?b"),
    ("string", "n"),
    ("substring", "si?i"),
    ("substringBefore", "ss"),
    ("substringAfter", "ss"),
    ("lowercase", "s"),
    ("uppercase", "s"),
    ("length", "s"),
    ("trim", "s"),
    ("pad", "si?s"),
    ("match", "sp?i"),
    ("contains", "sp"),
    ("replace", "spr?i"),
    ("split", "sp?i"),
    ("join", "S?s"),
    ("formatNumber", "n#?k"),
    ("formatBase", "n?i"),
    ("formatInteger", "nI"),
    ("parseInteger", "wI"),
    ("number", "x"),
    ("number", "e"),
    ("floor", "n"),
    ("ceil", "n"),
    ("round", "n?i"),
    ("abs", "n"),
    ("sqrt", "n"),
    ("power", "nn"),
    ("boolean", "x"),
    ("not", "x"),
    ("map", "af"),
    ("zip", "a?aa"),
    ("filter", "af"),
    ("single", "a?f"),
    ("reduce", "a2?x"),
    ("sift", "o?F"),
    ("keys", "x"),
    ("lookup", "xs"),
    ("append", "xx"),
    ("exists", "x"),
    ("spread", "x"),
    ("merge", "O"),
    ("reverse", "a"),
    ("each", "oF"),
    ("error", "?s"),
    ("assert", "b?s"),
    ("type", "x"),
    ("sort", "a?c"),
    ("distinct", "a"),
    ("base64encode", "s"),
    ("base64decode", "e"),
    ("encodeUrlComponent", "s"),
    ("encodeUrl", "s"),
    ("decodeUrlComponent", "e"),
    ("decodeUrl", "e"),
    ("toMillis", "t?D"),
    ("fromMillis", "m?DZ"),
    ("clone", "x"),
];

const TEXTS: &[&str] = &[
    "",
    "a",
    "abc",
    "Hello World",
    "  two  words \\t\\n x ",
    "é😀ü",
    "ÄÖß İ",
    "aXbXc",
    "a.b.c",
    "-1.50",
    "10",
    "aaa",
    "x-y_z",
    "\\u0000",
    "https://a.b/c?d=é&e=f g#h",
    "5 < 6 'q' \\\"w\\\" \\\\ \\/",
    "b",
    "日本語テキスト",
];
const ENCODED: &[&str] = &[
    "aGVsbG8=",
    "aGVsbG8",
    "4pi6",
    "%20%C3%A9",
    "%C3",
    "%",
    "a+b",
    "0x1F",
    "0b101",
    "0o17",
    "1e3",
    "-0",
    " 5",
    "5 ",
    "1_0",
    ".5",
    "5.",
    "Infinity",
    "NaN",
    "-0x1",
    "1E400",
    "00012",
    "+3",
    "1e",
    "0X1f",
    "--1",
    "9007199254740993",
    "http%3A%2F%2Fx%3Fy",
    "%3F%23%2B",
    "123.456e-7",
    "true",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "12",
    "100",
    "255",
    "1984",
    "-1",
    "-5",
    "0.5",
    "1.5",
    "2.5",
    "-0.5",
    "-1.5",
    "0.1",
    "0.285",
    "1.005",
    "4.525",
    "1e3",
    "1e21",
    "1.5e-7",
    "123456789.987654321",
    "9007199254740993",
    "1e100",
    "-1e-100",
    "1e308",
    "0.000001",
    "1234.5678",
    "99999.995",
    "-0",
    "3.14159265358979",
    "1000000",
    "5e-324",
    "12345678901234567890",
];
const SMALL: &[&str] =
    &["0", "1", "2", "3", "5", "-1", "-2", "10", "16", "36", "1.5", "-1.5", "20", "40", "37"];
const ARRAYS: &[&str] = &[
    "[]",
    "[1,2,3]",
    "[3,1,2]",
    "[1]",
    "[\"b\",\"a\",\"c\"]",
    "[[1,2],[3]]",
    "[1,\"a\",true,null]",
    "[{\"a\":1},{\"a\":2,\"b\":1}]",
    "[0,0.0,-0]",
    "[1..5]",
    "[1,[2,[3]]]",
    "[null]",
    "[\"a\",\"b\",\"a\"]",
    "[{\"a\":1},{\"a\":1}]",
    "\"one\"",
    "5",
    "[[]]",
    "[1,1,\"1\",true]",
    "{\"a\":1}",
];
const NUMERIC: &[&str] = &[
    "[]",
    "[1,2,3]",
    "[0.1,0.2]",
    "[-1]",
    "5",
    "[1..10]",
    "[1,\"2\"]",
    "[1e308,1e308]",
    "[null]",
    "\"1\"",
    "[[1]]",
];
const TEXTUAL: &[&str] = &[
    "[]",
    "[\"a\"]",
    "[\"a\",\"b\",\"\"]",
    "\"abc\"",
    "[\"é\",\"😀\"]",
    "[\"a\",1]",
    "[true]",
    "[[\"a\"]]",
    "[\"x\",\"y\",\"z\"]",
];
const OBJECTS: &[&str] = &[
    "{}",
    "{\"a\":1}",
    "{\"a\":1,\"b\":\"x\",\"c\":[1,2]}",
    "{\"a\":{\"b\":2}}",
    "{\"x\":null,\"y\":false}",
    "{\"2\":1,\"1\":2,\"b\":3}",
    "{\"a\":[]}",
    "{\"f\":$sum}",
];
const OBJECT_ARRAYS: &[&str] = &[
    "[{\"a\":1},{\"b\":2},{\"a\":3}]",
    "[{\"a\":[1]},{\"a\":[2]}]",
    "[]",
    "{\"a\":1}",
    "[{}]",
    "[{\"a\":1},1]",
    "[[{\"a\":1}]]",
];
const PATTERNS: &[&str] = &[
    "/a/",
    "/[a-z]+/",
    "/B/i",
    "/(a)(b)?/",
    "/ /",
    "/^x|c$/",
    "/[0-9]/",
    "/\\s+/",
    "/(\\w)(\\w)/",
    "/x*/",
    "/./",
    "/(?:a|b)(c)?/",
    "/l(?=l)/",
    "/(.)\\1/",
    "/[^a-z]/",
    "/^b/m",
    "/\\d+\\.\\d+/",
    "/\\//",
    "/\\u00e9/",
    "/(?!a)./",
    "/a{2,}/",
    "/o.*?o/",
    "/\\bW/",
    "/$/",
    "\"\"",
    "\"a\"",
    "\".\"",
    "\"X\"",
    "\" \"",
    "\"bc\"",
];
const REPLACEMENTS: &[&str] = &[
    "\"\"",
    "\"-\"",
    "\"$1\"",
    "\"$0$0\"",
    "\"$$\"",
    "\"$2[$1]\"",
    "\"$10\"",
    "\"$1x$\"",
    "\"$w\"",
    "\"$12\"",
    "function($m) { $uppercase($m.match) }",
    "function($m) { $m.groups[0] }",
    "function($m) { $string($m.start) }",
    "function($m) { 1 }",
    "function($m) { $nothing }",
    "$string",
    "function($m) { $join($m.groups, \"+\") }",
    "\"$01\"",
    "\"$100\"",
];
const ONE: &[&str] = &[
    "$string",
    "$number",
    "function($v) { $v }",
    "function($v) { $v.a }",
    "function($v) { $v = 1 }",
    "function($v, $w) { $w }",
    "$not",
    "function($v, $w, $x) { $count($x) }",
    "function() { 1 }",
    "$uppercase",
    "$type",
    "function($v) { [$v, $v] }",
    "function($v) { {\"k\": $v} }",
    "$count",
    "$substring(?, 1)",
    "function($v)<n:n> { $v + 1 }",
    "function($v)<s-:s> { $v }",
    "/a/",
    "$exists",
    "$boolean",
    "function($v) { $w }",
    "λ($v) { $v > 1 }",
    "$abs ~> $string",
    "$append(?, 0)",
    "$sum",
    "$substring",
    "$round",
];
const KEYED: &[&str] = &[
    "function($v) { $v }",
    "function($v, $w) { $w }",
    "function($v, $w) { $w & \"=\" & $string($v) }",
    "function($v) { $v = 1 }",
    "function($v, $w) { $w = \"a\" }",
    "function($v, $w, $x) { $count($keys($x)) }",
    "$string",
    "$exists",
    "$type",
    "function() { [1] }",
    "$append",
];
const TWO: &[&str] = &[
    "function($v, $w) { $v + $w }",
    "function($v, $w) { $v & $w }",
    "$append",
    "function($v, $w, $x) { $v + $x }",
    "function($v, $w, $x, $y) { $count($y) }",
    "function($v) { $v }",
    "$max",
    "$sum",
    "function($v, $w) { $w }",
    "$power",
    "$merge",
];
const COMPARING: &[&str] = &[
    "function($v, $w) { $v > $w }",
    "function($v, $w) { $v < $w }",
    "function($v, $w) { $string($v) > $string($w) }",
    "function($v) { $v }",
    "function($v, $w) { $v.a > $w.a }",
    "function($v, $w) { true }",
    "$contains",
];

impl Chance {
    /// An expression around a call of a built-in function.
    pub(super) fn around_call(&mut self, depth: u64) -> String {
        let call = self.call(depth);
        match self.below(12) {
            0 => format!("$string({call})"),
            1 => format!("[{call}]"),
            2 => format!("({call}).{}", self.name()),
            3 => format!("({call})[{}]", self.of(SMALL)),
            4 => format!("$type({call})"),
            5 => format!("{{\"k\": {call}}}"),
            6 => format!("{call}[]"),
            _ => call,
        }
    }

    /// A call of a built-in function.
    fn call(&mut self, depth: u64) -> String {
        let (name, letters) = self.choose(FUNCTIONS).copied().unwrap_or(("sum", "N"));
        let mut arguments = self.arguments(letters, depth);
        if arguments.is_empty() {
            return format!("${name}()");
        }
        match self.below(16) {
            0 | 1 => {
                let first = arguments.remove(0);
                let call = format!("${name}({})", arguments.join(", "));
                if self.once_in(2) { format!("{first} ~> {call}") } else { format!("({first}).{call}") }
            }
            2 => {
                let first = arguments.remove(0);
                format!("[{first}, {}].${name}({})", self.argument('x', depth), arguments.join(", "))
            }
            3 => {
                let place = usize::try_from(self.below(arguments.len() as u64)).unwrap_or_default();
                let left =
                    std::mem::replace(arguments.get_mut(place).unwrap_or(&mut String::new()), "?".to_owned());
                format!("($f := ${name}({}); $f({left}))", arguments.join(", "))
            }
            4 if arguments.len() == 1 => format!("$map({}, ${name})", self.of(ARRAYS)),
            _ => format!("${name}({})", arguments.join(", ")),
        }
    }

    /// Arguments for parameters, now and then too many or too few.
    fn arguments(&mut self, letters: &str, depth: u64) -> Vec<String> {
        let (must, may) = letters.split_once('?').unwrap_or((letters, ""));
        let mut wanted: Vec<char> = must.chars().collect();
        for letter in may.chars() {
            if self.once_in(3) {
                break;
            }
            wanted.push(letter);
        }
        match self.below(25) {
            0 => drop(wanted.pop()),
            1 => wanted.push('x'),
            _ => {}
        }
        wanted.into_iter().map(|letter| self.argument(letter, depth)).collect()
    }

    /// One argument, now and then of another kind, or nothing.
    fn argument(&mut self, letter: char, depth: u64) -> String {
        match self.below(28) {
            0 => {
                return self
                    .of(&["nothing", "$nothing", "{}.a", "null", "true", "$sum", "function($v) { $v }"])
                    .to_owned();
            }
            1 => return self.argument('x', depth),
            2 if depth > 0 => return self.call(depth - 1),
            3 if depth > 0 => return self.any(depth - 1, Wish::Any),
            _ => {}
        }
        match letter {
            's' => self.quoted(TEXTS),
            'e' => self.quoted(ENCODED),
            'n' => self.of(NUMBERS).to_owned(),
            'i' => self.of(SMALL).to_owned(),
            'b' => self.of(&["true", "false", "1 = 1"]).to_owned(),
            'a' => self.of(ARRAYS).to_owned(),
            'N' => self.of(NUMERIC).to_owned(),
            'S' => self.of(TEXTUAL).to_owned(),
            'o' => self.of(OBJECTS).to_owned(),
            'O' => self.of(OBJECT_ARRAYS).to_owned(),
            'p' => self.of(PATTERNS).to_owned(),
            'r' => self.of(REPLACEMENTS).to_owned(),
            'f' => self.of(ONE).to_owned(),
            'F' => self.of(KEYED).to_owned(),
            '2' => self.of(TWO).to_owned(),
            'c' => self.of(COMPARING).to_owned(),
            'x' => {
                let letter =
                    self.choose(&['s', 'n', 'b', 'a', 'o', 'N', 'O', 'e', 'f']).copied().unwrap_or('s');
                self.argument(letter, 0)
            }
            _ => self.picture(letter),
        }
    }

    fn quoted(&mut self, texts: &'static [&'static str]) -> String {
        format!("\"{}\"", self.of(texts))
    }

    fn picture(&mut self, letter: char) -> String {
        match letter {
            '#' => self.made_of(pictures::NUMBERS, pictures::NUMBER_PARTS),
            'I' => self.made_of(pictures::INTEGERS, pictures::INTEGER_PARTS),
            'D' => self.made_of(pictures::DATES, pictures::DATE_PARTS),
            'Z' => self.quoted(pictures::ZONES),
            'w' => self.quoted(pictures::WORDS),
            't' => self.quoted(pictures::MOMENTS),
            'm' => self.of(pictures::MILLIS).to_owned(),
            _ => self.of(pictures::OPTIONS).to_owned(),
        }
    }

    /// A picture that is known to be good, or one of random parts.
    fn made_of(&mut self, good: &'static [&'static str], parts: &'static [&'static str]) -> String {
        if self.once_in(2) {
            return self.quoted(good);
        }
        let count = 1 + self.below(5);
        let parts: String = (0..count).map(|_| self.of(parts)).collect();
        format!("\"{parts}\"")
    }
}
