//! Patterns with wildcards, as IAM compares them: whether one covers another, or has anything in common with it.
//!
//! In: what is needed and what is granted, as [`Token`]s. Out: [`Holds`]. On both sides there may be texts that are not known here: what a
//! template puts in, the value of a policy variable.

use crate::arn::{Arn, Piece};

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// This letter.
    Letter(char),
    /// `?`: any letter.
    One(Reach),
    /// `*`: any letters.
    Many(Reach),
    /// One text that is not known.
    Unknown,
}

/// How far a wildcard reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// A field of an ARN before its last one: over everything but colons, as far as that is certain.
    Field,
    /// Over everything.
    All,
}

impl Reach {
    fn has(self, letter: char) -> bool {
        self == Self::All || letter != ':'
    }

    fn covers(self, other: Self) -> bool {
        self == Self::All || other == Self::Field
    }
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holds {
    /// In no case.
    Never,
    /// In some cases, or that cannot be told from here.
    Perhaps,
    /// In every case.
    Always,
}

impl Holds {
    /// The opposite.
    pub(crate) const fn not(self) -> Self {
        match self {
            Self::Never => Self::Always,
            Self::Perhaps => Self::Perhaps,
            Self::Always => Self::Never,
        }
    }
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Self {
        if holds { Self::Always } else { Self::Never }
    }
}

/// On which side texts that are not known are taken to be what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// On no side.
    None,
    /// In what is needed: a template that is deployed in another place names other resources in its policy as well.
    Needed,
    /// On both.
    Both,
}

/// The needed name as a pattern.
pub(crate) fn of_arn(arn: &Arn) -> Vec<Token> {
    let mut colons = 0;
    let mut tokens = Vec::new();
    for piece in arn.pieces() {
        let reach = if colons < 5 && !arn.is_any() { Reach::Field } else { Reach::All };
        match piece {
            Piece::Text(text) => {
                colons += text.matches(':').count();
                tokens.extend(text.chars().map(Token::Letter));
            }
            Piece::Many => tokens.push(Token::Many(reach)),
            Piece::One => tokens.push(Token::One(reach)),
            Piece::Partition
            | Piece::Region
            | Piece::Account
            | Piece::StateMachine
            | Piece::Placeholder(_) => {
                tokens.push(Token::Unknown);
            }
        }
    }
    tokens
}

/// A text with `*` and `?` and nothing else that means more than itself.
pub(crate) fn of_pattern(text: &str) -> Vec<Token> {
    text.chars()
        .map(|letter| match letter {
            '*' => Token::Many(Reach::All),
            '?' => Token::One(Reach::All),
            letter => Token::Letter(letter),
        })
        .collect()
}

/// Whether what is needed is what is granted.
pub(crate) fn fits(needed: &[Token], granted: &[Token], trust: Trust) -> Holds {
    if covers(granted, needed, trust) {
        Holds::Always
    } else if overlap(needed, granted) {
        Holds::Perhaps
    } else {
        Holds::Never
    }
}

/// Whether every text of `needed` is one of `granted`: the automaton of `granted` is run over `needed`, whose wildcards only wildcards cover.
pub(crate) fn covers(granted: &[Token], needed: &[Token], trust: Trust) -> bool {
    let mut places = vec![false; granted.len() + 1];
    reach(&mut places, granted, 0, trust);
    for token in needed {
        let mut next = vec![false; places.len()];
        for (place, _) in places.iter().enumerate().filter(|(_, is_reached)| **is_reached) {
            step(&mut next, granted, place, *token, trust);
        }
        if !next.contains(&true) {
            return false;
        }
        places = next;
    }
    places.last() == Some(&true)
}

/// Marks a place, and those behind it that are reached without a letter.
fn reach(places: &mut [bool], granted: &[Token], place: usize, trust: Trust) {
    for at in place..places.len() {
        if let Some(place) = places.get_mut(at) {
            *place = true;
        }
        if !granted.get(at).is_some_and(|token| is_many(*token, trust)) {
            return;
        }
    }
}

fn is_many(token: Token, trust: Trust) -> bool {
    matches!(token, Token::Many(_)) || (token == Token::Unknown && trust == Trust::Both)
}

fn step(next: &mut [bool], granted: &[Token], place: usize, needed: Token, trust: Trust) {
    if needed == Token::Unknown && trust != Trust::None {
        // It can be the text for whatever comes next.
        (place..next.len()).for_each(|at| reach(next, granted, at, trust));
        return;
    }
    let Some(&token) = granted.get(place) else { return };
    let (stays, goes) = match (token, needed) {
        (Token::Unknown, _) => (trust == Trust::Both, false),
        (Token::Many(all), Token::Letter(letter)) => (all.has(letter), false),
        (Token::Many(all), Token::One(some) | Token::Many(some)) => (all.covers(some), false),
        (Token::Many(all), Token::Unknown) => (all == Reach::All, false),
        (Token::One(all), Token::Letter(letter)) => (false, all.has(letter)),
        (Token::One(all), Token::One(some)) => (false, all.covers(some)),
        (Token::Letter(letter), Token::Letter(other)) => (false, letter == other),
        (Token::One(_), Token::Many(_) | Token::Unknown)
        | (Token::Letter(_), Token::One(_) | Token::Many(_) | Token::Unknown) => (false, false),
    };
    if stays {
        reach(next, granted, place, trust);
    }
    if goes {
        reach(next, granted, place + 1, trust);
    }
}

/// Whether any text is one of both.
pub(crate) fn overlap(left: &[Token], right: &[Token]) -> bool {
    // From the ends to the beginnings: `below[j]` says it of the rest of `left` behind this token and the rest of `right` from `j` on.
    let mut below: Vec<bool> = Vec::new();
    for i in (0..=left.len()).rev() {
        let a = left.get(i).copied();
        let mut row = vec![false; right.len() + 1];
        for j in (0..=right.len()).rev() {
            let b = right.get(j).copied();
            let get = |row: &[bool], at: usize| row.get(at).copied().unwrap_or(false);
            let met = match (a, b) {
                (None, None) => true,
                _ => {
                    (a.is_some_and(skips) && get(&below, j))
                        || (b.is_some_and(skips) && get(&row, j + 1))
                        || meets(a, b).is_some_and(|(left_goes, right_goes)| {
                            let row = if left_goes { &below } else { &row };
                            get(row, if right_goes { j + 1 } else { j })
                        })
                }
            };
            if let Some(cell) = row.get_mut(j) {
                *cell = met;
            }
        }
        below = row;
    }
    below.first() == Some(&true)
}

fn skips(token: Token) -> bool {
    matches!(token, Token::Many(_) | Token::Unknown)
}

/// Whether both can be the same letter here, and which of them goes on behind it.
fn meets(left: Option<Token>, right: Option<Token>) -> Option<(bool, bool)> {
    let (left, right) = (left?, right?);
    let has = |token, letter: char| match token {
        Token::Letter(other) => other == letter,
        Token::One(reach) | Token::Many(reach) => reach.has(letter),
        Token::Unknown => true,
    };
    let same = match (left, right) {
        (Token::Letter(letter), other) | (other, Token::Letter(letter)) => has(other, letter),
        _ => true,
    };
    let goes = (!skips(left), !skips(right));
    // Of two that can be anything, skipping one of them says as much.
    (same && goes != (false, false)).then_some(goes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_has_its_letters() {
        for (granted, needed, holds) in [
            ("abc", "abc", Holds::Always),
            ("abc", "abd", Holds::Never),
            ("a*", "abc", Holds::Always),
            ("*c", "abc", Holds::Always),
            ("a?c", "abc", Holds::Always),
            ("ab?c", "abc", Holds::Never),
            ("*", "a*b", Holds::Always),
            ("a*", "a?", Holds::Always),
            ("a?", "a*", Holds::Perhaps),
            ("ab", "a*", Holds::Perhaps),
            ("*b", "a*", Holds::Perhaps),
            ("b*", "a*", Holds::Never),
            ("a**b", "a*b", Holds::Always),
            ("", "", Holds::Always),
            ("*", "", Holds::Always),
            ("?", "", Holds::Never),
        ] {
            assert_eq!(
                fits(&of_pattern(needed), &of_pattern(granted), Trust::None),
                holds,
                "{granted} {needed}"
            );
        }
    }

    #[test]
    fn a_wildcard_of_a_field_ends_at_its_colon() {
        let mut granted = of_pattern("a:*:f");
        granted[2] = Token::Many(Reach::Field);
        assert_eq!(fits(&of_pattern("a:b:f"), &granted, Trust::None), Holds::Always);
        assert_eq!(fits(&of_pattern("a:b:c:f"), &granted, Trust::None), Holds::Never);
        assert_eq!(fits(&of_pattern("a:*:f"), &granted, Trust::None), Holds::Perhaps);
    }

    #[test]
    fn what_is_not_known_fits_where_it_is_trusted() {
        let open = [Token::Letter('a'), Token::Unknown, Token::Letter('c')];
        let fixed = of_pattern("abc");
        assert_eq!(fits(&open, &fixed, Trust::Needed), Holds::Always);
        assert_eq!(fits(&open, &fixed, Trust::None), Holds::Perhaps);
        assert_eq!(fits(&fixed, &open, Trust::Needed), Holds::Perhaps);
        assert_eq!(fits(&fixed, &open, Trust::Both), Holds::Always);
        assert_eq!(fits(&of_pattern("xyz"), &open, Trust::Both), Holds::Never);
    }
}
