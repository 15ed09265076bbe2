//! Whether a text has the form that the model of a service wants: a regular expression of the whole text.
//!
//! The places that are reached are followed all at once, so that the work does not grow faster than the length of the text times that of the
//! repetitions in it, whatever the text is.

use asl_language::regex::{self, Class, RegexNode, Repeat};

/// Longer texts are documents, of which nothing is said.
const LONGEST: usize = 256;

/// How many characters of a text are right, if it does not have the form; nothing if it has, or if that cannot be said.
#[must_use]
pub(crate) fn fault(pattern: &str, text: &str) -> Option<usize> {
    let text: Vec<char> = text.chars().take(LONGEST + 1).collect();
    if text.len() > LONGEST {
        return None;
    }
    let node = regex::parse(pattern).ok()?.node;
    let mut matcher = Matcher { text: &text, furthest: 0 };
    let start = matcher.places(|place| place == 0);
    let ends = matcher.follow(&node, &start)?;
    (ends.last() != Some(&true)).then_some(matcher.furthest)
}

/// For each place between characters, whether it is reached.
type Places = Vec<bool>;

struct Matcher<'t> {
    text: &'t [char],
    furthest: usize,
}

impl Matcher<'_> {
    fn places(&self, is_reached: impl Fn(usize) -> bool) -> Places {
        (0..=self.text.len()).map(is_reached).collect()
    }

    /// The places that are reached behind a part from those before it; nothing where the part looks around or back.
    fn follow(&mut self, node: &RegexNode, from: &Places) -> Option<Places> {
        match node {
            RegexNode::Empty => Some(from.clone()),
            RegexNode::Character(character) => Some(self.step(from, |c| c == *character)),
            RegexNode::Any => Some(self.step(from, |c| !regex::is_line_end(c))),
            RegexNode::Class(class) => Some(self.step(from, |c| contains(class, c))),
            RegexNode::Start => Some(self.places(|place| place == 0 && from.first() == Some(&true))),
            RegexNode::End => {
                let end = self.text.len();
                Some(self.places(|place| place == end && from.last() == Some(&true)))
            }
            RegexNode::Sequence(nodes) => {
                nodes.iter().try_fold(from.clone(), |places, node| self.follow(node, &places))
            }
            RegexNode::Alternatives(nodes) => nodes
                .iter()
                .try_fold(self.places(|_| false), |all, node| Some(both(&all, &self.follow(node, from)?))),
            RegexNode::Group(_, body) => self.follow(body, from),
            RegexNode::Repeat(repeat) => self.repeat(repeat, from),
            RegexNode::WordBoundary { .. } | RegexNode::BackReference(_) | RegexNode::Look(_) => None,
        }
    }

    fn step(&mut self, from: &Places, is_right: impl Fn(char) -> bool) -> Places {
        let mut after = self.places(|_| false);
        for ((place, character), _) in
            self.text.iter().enumerate().zip(from).filter(|(_, is_reached)| **is_reached)
        {
            if is_right(*character)
                && let Some(next) = after.get_mut(place + 1)
            {
                *next = true;
                self.furthest = self.furthest.max(place + 1);
            }
        }
        after
    }

    fn repeat(&mut self, Repeat { min, max, body, .. }: &Repeat, from: &Places) -> Option<Places> {
        let mut places = from.clone();
        let mut all = self.places(|place| *min == 0 && from.get(place) == Some(&true));
        // Each round moves on or changes nothing.
        let most = max.map_or(usize::MAX, |max| max as usize).min(self.text.len() + *min as usize);
        for round in 1..=most {
            places = self.follow(body, &places)?;
            if round >= *min as usize {
                let more = both(&all, &places);
                if more == all {
                    break;
                }
                all = more;
            } else if !places.contains(&true) {
                break;
            }
        }
        Some(all)
    }
}

fn both(one: &Places, other: &Places) -> Places {
    one.iter().zip(other).map(|(one, other)| *one || *other).collect()
}

fn contains(class: &Class, character: char) -> bool {
    class.items.iter().any(|item| item.contains(character)) != class.negated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_form_or_is_right_up_to_a_place() {
        for (pattern, text, expected) in [
            ("[a-z]+", "abc", None),
            ("[a-z]+", "ab c", Some(2)),
            ("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "train-1", None),
            ("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "train_1", Some(5)),
            ("arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+", "runner", Some(0)),
            ("(^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)", "i-01234567", None),
            ("(^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)", "web-1", Some(0)),
            ("([a-z]+_?){1,3}", "a_b_c", None),
            ("([a-z]+_?){1,3}", "a_b_c_d", Some(6)),
            ("(?!x)a", "b", None),
            ("", "", None),
            ("a?", "", None),
            ("a{2}", "a", Some(1)),
        ] {
            assert_eq!(fault(pattern, text), expected, "{pattern} {text}");
        }
    }

    /// What makes those slow that try one way after the other.
    #[test]
    fn repetitions_of_repetitions_are_no_longer_work() {
        let text = "a".repeat(LONGEST - 1) + "!";
        assert_eq!(fault("((a*)*)*b", &text), Some(LONGEST - 1));
        assert_eq!(fault("(a|aa)+", &text), Some(LONGEST - 1));
        assert_eq!(fault("a+", &"a".repeat(LONGEST + 1)), None);
    }
}
