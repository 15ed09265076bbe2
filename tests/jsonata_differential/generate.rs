//! Random expressions and random data for them.
//!
//! In: a seed. Out: the same texts for the same seed. Expressions are by no means always right, but they nearly always parse, and names
//! and kinds are chosen so that they often find something. Nothing in them depends on time or chance.

mod calls;
mod pictures;

use std::fmt::Write as _;

/// What an expression should give; a wish that is not always fulfilled, because wrong kinds have rules too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Any,
    Number,
    Text,
    Condition,
    Array,
    Object,
}

/// What expressions are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Operators, paths, variables, and built-in functions as far as they are used everywhere.
    Language,
    /// The built-in functions, with good and bad arguments.
    Functions,
}

const NAMES: &[&str] = &["a", "b", "c", "d", "e"];
const VARIABLES: &[&str] = &["v", "w", "x"];
const TEXTS: &[&str] = &["", "a", "b", "abc", "10", "x y", "B", "-3.5", "é😀"];
const NUMBERS: &[&str] = &["0", "1", "2", "3", "7", "10", "0.5", "2.25", "100", "1e3"];
const PATTERNS: &[&str] = &["/a/", "/[a-z]+/", "/B/i", "/(a)(b)?/", "/ /", "/^x|c$/", "/[0-9]/"];
const ARITHMETIC: &[&str] = &["+", "-", "*", "/", "%"];
const COMPARISONS: &[&str] = &["<", "<=", ">", ">=", "=", "!=", "in", "and", "or"];

/// Chance that can be repeated.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// Chance that comes from a seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Once in so many times.
    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn of(&mut self, choices: &[&'static str]) -> &'static str {
        self.choose(choices).copied().unwrap_or_default()
    }

    fn choose<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        choices.get(usize::try_from(self.below(choices.len() as u64)).unwrap_or_default())
    }

    /// A document: an object with many of the names that expressions ask for.
    pub(crate) fn document(&mut self) -> String {
        self.object_of(4)
    }

    fn object_of(&mut self, depth: u64) -> String {
        let mut members = Vec::new();
        for name in NAMES {
            if !self.once_in(4) {
                members.push(format!("\"{name}\":{}", self.datum(depth - 1)));
            }
        }
        format!("{{{}}}", members.join(","))
    }

    fn datum(&mut self, depth: u64) -> String {
        match self.below(if depth == 0 { 6 } else { 11 }) {
            0 | 1 => {
                self.of(&["0", "1", "2", "3", "5", "12", "-1", "-7", "0.5", "2.25", "1000000"]).to_owned()
            }
            2 | 3 => format!("\"{}\"", self.of(TEXTS)),
            4 => self.of(&["true", "false"]).to_owned(),
            5 => "null".to_owned(),
            6 | 7 => self.object_of(depth),
            8 | 9 => {
                let count = self.below(4);
                let items: Vec<_> = (0..count).map(|_| self.object_of(depth)).collect();
                format!("[{}]", items.join(","))
            }
            _ => {
                let count = self.below(4);
                let items: Vec<_> = (0..count).map(|_| self.datum(depth - 1)).collect();
                format!("[{}]", items.join(","))
            }
        }
    }

    /// An expression: of the language at large, or around a call of a built-in function.
    pub(crate) fn expression(&mut self, subject: Subject) -> String {
        match subject {
            Subject::Language => {
                let depth = 2 + self.below(3);
                self.any(depth, Wish::Any)
            }
            Subject::Functions => {
                let depth = self.below(2);
                self.around_call(depth)
            }
        }
    }

    fn any(&mut self, depth: u64, wish: Wish) -> String {
        let wish = if wish == Wish::Any || self.once_in(12) { self.wish() } else { wish };
        if depth == 0 {
            return self.leaf(wish);
        }
        match self.below(16) {
            0..=3 => self.path(depth),
            4 => self.block(depth, wish),
            5 => format!(
                "({} ? {} : {})",
                self.any(depth - 1, Wish::Condition),
                self.any(depth - 1, wish),
                self.any(depth - 1, wish)
            ),
            6 => self.application(depth, wish),
            7 => self.leaf(wish),
            8 => self.rare(depth),
            _ => self.of_kind(depth, wish),
        }
    }

    fn wish(&mut self) -> Wish {
        match self.below(6) {
            0 => Wish::Text,
            1 => Wish::Condition,
            2 => Wish::Array,
            3 => Wish::Object,
            _ => Wish::Number,
        }
    }

    fn leaf(&mut self, wish: Wish) -> String {
        if self.once_in(2) {
            return match self.below(6) {
                0 => format!("${}", self.of(VARIABLES)),
                1 => "$".to_owned(),
                _ => self.name().to_owned(),
            };
        }
        match wish {
            Wish::Any | Wish::Number => self.of(NUMBERS).to_owned(),
            Wish::Text => self.text(),
            Wish::Condition => self.of(&["true", "false", "null"]).to_owned(),
            Wish::Array => {
                self.of(&["[]", "[1,2,3]", "[1..3]", "[\"b\",\"a\"]", "[[1],[2,3]]", "[0]"]).to_owned()
            }
            Wish::Object => self.of(&["{}", "{\"a\":1}", "{\"a\":[1,2],\"b\":{\"c\":3}}"]).to_owned(),
        }
    }

    fn name(&mut self) -> &'static str {
        self.of(NAMES)
    }

    fn text(&mut self) -> String {
        format!("\"{}\"", self.of(TEXTS))
    }

    fn of_kind(&mut self, depth: u64, wish: Wish) -> String {
        match wish {
            Wish::Any | Wish::Number => self.number(depth),
            Wish::Text => self.textual(depth),
            Wish::Condition => self.condition(depth),
            Wish::Array => self.array(depth),
            Wish::Object => self.object(depth),
        }
    }

    fn number(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        match self.below(8) {
            0..=2 => {
                let operator = self.of(ARITHMETIC);
                format!("({} {operator} {})", self.any(inner, Wish::Number), self.any(inner, Wish::Number))
            }
            3 => format!("-({})", self.any(inner, Wish::Number)),
            4 => {
                let function = self.of(&["sum", "max", "min", "average", "count"]);
                format!("${function}({})", self.any(inner, Wish::Array))
            }
            5 => {
                let function = self.of(&["abs", "floor", "ceil", "round", "number", "sqrt"]);
                format!("${function}({})", self.any(inner, Wish::Number))
            }
            6 => format!("$length({})", self.any(inner, Wish::Text)),
            _ => {
                let function = self.of(&["round", "power"]);
                format!("${function}({}, {})", self.any(inner, Wish::Number), self.of(&["0", "1", "2", "-1"]))
            }
        }
    }

    fn textual(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        let text = self.any(inner, Wish::Text);
        match self.below(11) {
            0 | 1 => format!("({text} & {})", self.any(inner, Wish::Any)),
            2 => format!("$string({})", self.any(inner, Wish::Any)),
            3 => format!(
                "${}({text})",
                self.of(&["uppercase", "lowercase", "trim", "type", "encodeUrlComponent"])
            ),
            4 => format!("$substring({text}, {})", self.any(inner, Wish::Number)),
            5 => format!("$substring({text}, {}, {})", self.of(&["0", "1", "-2"]), self.of(&["1", "2", "0"])),
            6 => format!("${}({text}, {})", self.of(&["substringBefore", "substringAfter"]), self.text()),
            7 => format!("$pad({text}, {}, \"{}\")", self.of(&["5", "-5", "1"]), self.of(&["#", " ", "ab"])),
            8 => format!("$join({}, \"{}\")", self.any(inner, Wish::Array), self.of(&["", ",", "-"])),
            9 => {
                let pattern = self.of(PATTERNS);
                format!("$replace({text}, {pattern}, {})", self.text())
            }
            _ => format!("$type({})", self.any(inner, Wish::Any)),
        }
    }

    fn condition(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        match self.below(8) {
            0..=3 => {
                let operator = self.of(COMPARISONS);
                let wish = if self.once_in(2) { Wish::Number } else { self.wish() };
                format!("({} {operator} {})", self.any(inner, wish), self.any(inner, wish))
            }
            4 => format!("${}({})", self.of(&["not", "boolean", "exists"]), self.any(inner, Wish::Any)),
            5 => format!("$contains({}, {})", self.any(inner, Wish::Text), self.of(PATTERNS)),
            6 => format!("$contains({}, {})", self.any(inner, Wish::Text), self.text()),
            _ => format!("({} in {})", self.any(inner, Wish::Any), self.any(inner, Wish::Array)),
        }
    }

    fn array(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        match self.below(14) {
            0 | 1 => {
                let count = self.below(4);
                let items: Vec<_> = (0..count).map(|_| self.any(inner, Wish::Any)).collect();
                format!("[{}]", items.join(", "))
            }
            2 => format!("[{}..{}]", self.any(0, Wish::Number), self.of(&["0", "1", "4", "b"])),
            3 => format!("$append({}, {})", self.any(inner, Wish::Array), self.any(inner, Wish::Any)),
            4 => {
                let function = self.of(&["reverse", "distinct", "sort", "zip"]);
                format!("${function}({})", self.any(inner, Wish::Array))
            }
            5 => {
                format!("$zip({}, {})", self.any(inner, Wish::Array), self.any(inner, Wish::Array))
            }
            6 => format!("${}({})", self.of(&["keys", "spread"]), self.any(inner, Wish::Object)),
            7 => format!(
                "$split({}, {})",
                self.any(inner, Wish::Text),
                self.of(&["\"\"", "\",\"", "/ /", "/[a-z]/"])
            ),
            8 => format!("$match({}, {})", self.any(inner, Wish::Text), self.of(PATTERNS)),
            9 => format!("$lookup({}, \"{}\")", self.any(inner, Wish::Object), self.name()),
            10 => format!("$sort({}, function($l, $r) {{ $l > $r }})", self.any(inner, Wish::Array)),
            _ => self.higher(depth),
        }
    }

    /// A function over an array or an object whose function is written in the call.
    fn higher(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        let array = self.any(inner, Wish::Array);
        match self.below(8) {
            0 | 1 => format!("$map({array}, function($v) {{ {} }})", self.about("$v", inner, Wish::Any)),
            2 => format!("$map({array}, function($v, $w, $x) {{ {} }})", self.about("$w", inner, Wish::Any)),
            3 | 4 => {
                format!("$filter({array}, function($v) {{ {} }})", self.about("$v", inner, Wish::Condition))
            }
            5 => {
                format!("$reduce({array}, function($v, $w) {{ {} }})", self.about("$w", inner, Wish::Number))
            }
            6 => format!(
                "$each({}, function($v, $w) {{ {} }})",
                self.any(inner, Wish::Object),
                self.about("$w", inner, Wish::Any)
            ),
            _ => format!("$single({array}, function($v) {{ {} }})", self.about("$v", inner, Wish::Condition)),
        }
    }

    /// An expression that often has to do with a variable.
    fn about(&mut self, variable: &str, depth: u64, wish: Wish) -> String {
        match self.below(5) {
            0 => variable.to_owned(),
            1 => format!("{variable}.{}", self.name()),
            2 => format!("{variable} {} {}", self.of(ARITHMETIC), self.any(0, Wish::Number)),
            3 => format!("{variable}.{} {} {}", self.name(), self.of(COMPARISONS), self.any(0, Wish::Number)),
            _ => self.any(depth, wish),
        }
    }

    fn object(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        match self.below(7) {
            0..=2 => {
                let (mut members, count) = (String::new(), self.below(4));
                for number in 0..count {
                    let comma = if number == 0 { "" } else { ", " };
                    let key = if self.once_in(5) {
                        self.any(0, Wish::Text)
                    } else {
                        format!("\"{}\"", self.name())
                    };
                    let _ = write!(members, "{comma}{key}: {}", self.any(inner, Wish::Any));
                }
                format!("{{{members}}}")
            }
            3 => format!("$merge({})", self.any(inner, Wish::Array)),
            4 => format!(
                "$sift({}, function($v, $w) {{ {} }})",
                self.any(inner, Wish::Object),
                self.about("$v", inner, Wish::Condition)
            ),
            5 => format!(
                "{}{{{}: {}}}",
                self.plain_path(),
                self.any(0, Wish::Text),
                self.any(inner, Wish::Any)
            ),
            _ => format!(
                "({} ~> |{}|{}|)",
                self.any(inner, Wish::Object),
                self.plain_path(),
                self.any(0, Wish::Object)
            ),
        }
    }

    fn plain_path(&mut self) -> String {
        let start = self.of(&["$", "$$", "a", "b", "c"]);
        if self.once_in(2) { start.to_owned() } else { format!("{start}.{}", self.name()) }
    }

    fn path(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        let mut path = match self.below(9) {
            0 => "$".to_owned(),
            1 => "$$".to_owned(),
            2 => format!("${}", self.of(VARIABLES)),
            3 => format!("({})", self.any(inner, Wish::Any)),
            4 => self.any(0, Wish::Array),
            _ => self.name().to_owned(),
        };
        self.stages(&mut path, inner);
        for _ in 0..=self.below(3) {
            let step = match self.below(12) {
                0 => "*".to_owned(),
                1 => "**".to_owned(),
                2 => format!("({})", self.any(inner, Wish::Any)),
                3 => format!("{{\"{}\": {}}}", self.name(), self.any(inner, Wish::Any)),
                4 => format!("[{}]", self.any(inner, Wish::Any)),
                5 => "$".to_owned(),
                6 => format!(
                    "${}($)",
                    self.of(&["string", "type", "count", "exists", "keys", "uppercase", "sum"])
                ),
                7 if inner > 0 => "%".to_owned(),
                _ => self.name().to_owned(),
            };
            let _ = write!(path, ".{step}");
            self.stages(&mut path, inner);
        }
        path
    }

    /// What may follow a step.
    fn stages(&mut self, path: &mut String, depth: u64) {
        while self.once_in(3) {
            let stage = match self.below(12) {
                0 | 1 => format!("[{}]", self.of(&["0", "1", "-1", "-2", "0.7", "9"])),
                2..=4 => format!("[{}]", self.any(depth, Wish::Condition)),
                5 => format!("[{}]", self.any(depth, Wish::Number)),
                6 => format!("[[{}..{}]]", self.of(&["0", "1"]), self.of(&["1", "2"])),
                7 => "[]".to_owned(),
                8 => {
                    let direction = self.of(&["", "<", ">"]);
                    format!("^({direction}{})", if self.once_in(3) { "$" } else { self.name() })
                }
                9 => format!("@${}", self.of(VARIABLES)),
                10 => format!("#${}", self.of(VARIABLES)),
                _ => continue,
            };
            path.push_str(&stage);
        }
    }

    fn block(&mut self, depth: u64, wish: Wish) -> String {
        let inner = depth - 1;
        let (one, other) = (self.of(VARIABLES), self.of(VARIABLES));
        match self.below(4) {
            0 => format!("(${one} := {}; {})", self.any(inner, Wish::Any), self.any(inner, wish)),
            1 => format!(
                "(${one} := {}; ${other} := {}; {})",
                self.any(inner, Wish::Array),
                self.any(inner, Wish::Any),
                self.any(inner, wish)
            ),
            2 => format!(
                "($f := function(${one}) {{ {} }}; $f({}))",
                self.any(inner, wish),
                self.any(inner, Wish::Any)
            ),
            _ => format!("({}; {})", self.any(inner, Wish::Any), self.any(inner, wish)),
        }
    }

    /// `~>` and calls of functions that are values.
    fn application(&mut self, depth: u64, wish: Wish) -> String {
        let inner = depth - 1;
        match self.below(6) {
            0 | 1 => {
                let function = self.of(&[
                    "$sum",
                    "$count",
                    "$string",
                    "$reverse",
                    "$keys",
                    "$distinct",
                    "$uppercase",
                    "$not",
                ]);
                let call = if self.once_in(2) { "()" } else { "" };
                format!("({} ~> {function}{call})", self.any(inner, wish))
            }
            2 => format!(
                "function($v) {{ {} }}({})",
                self.about("$v", inner, wish),
                self.any(inner, Wish::Any)
            ),
            3 => format!(
                "$map({}, ${})",
                self.any(inner, Wish::Array),
                self.of(&["string", "number", "not", "uppercase", "count"])
            ),
            4 => format!(
                "($f := $substring(?, {}); $f($string({})))",
                self.of(&["0", "1"]),
                self.any(inner, Wish::Text)
            ),
            _ => format!("({} ~> ($uppercase ~> $length))", self.any(inner, Wish::Text)),
        }
    }

    fn rare(&mut self, depth: u64) -> String {
        let inner = depth - 1;
        match self.below(10) {
            0 => format!(
                "$formatNumber({}, \"{}\")",
                self.any(inner, Wish::Number),
                self.of(&["#,##0.00", "0", "#0.0#", "00.0e0", "0%"])
            ),
            1 => format!("$formatBase({}, {})", self.any(inner, Wish::Number), self.of(&["2", "16", "36"])),
            2 => format!("$fromMillis({} * 86400000)", self.of(&["0", "100", "18262.5"])),
            3 => format!(
                "$toMillis(\"{}\")",
                self.of(&["1970-01-02", "2020-02-29T12:30:00Z", "2020-01-01T00:00:00+01:00"])
            ),
            4 => format!("$base64decode($base64encode({}))", self.any(inner, Wish::Text)),
            5 => format!(
                "$formatInteger({}, \"{}\")",
                self.of(NUMBERS),
                self.of(&["w", "I", "A", "#,##0", "0001", "1;o"])
            ),
            6 => format!("$error({})", self.any(inner, Wish::Text)),
            7 => format!("$assert({}, \"no\")", self.any(inner, Wish::Condition)),
            8 => format!(
                "$reduce({}, function($v, $w) {{ {} }}, {})",
                self.any(inner, Wish::Array),
                self.about("$v", inner, Wish::Any),
                self.any(inner, Wish::Any)
            ),
            _ => format!("$decodeUrlComponent({})", self.any(inner, Wish::Text)),
        }
    }
}
