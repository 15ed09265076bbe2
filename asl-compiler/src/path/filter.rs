//! Filters in paths: `[?(@.a == 'x' && $.b > 3 || !@.c)]`, as the library that AWS uses reads them.
//!
//! In: a part in brackets, and the question mark in it. Out: a [`Filter`] or the first fault with its place. Never evaluates.
//!
//! The condition is cut at every `&&` and `||`, in quotes and in parentheses too; parentheses around the pieces are thrown away, so `&&` always binds
//! closer than `||`. A piece is cut at its operator. What is not a path or a pattern there is a text, with single quotes or without.

use super::brackets::unclosed;
use super::cursor::Fault;
use super::doubt::Doubted;
use super::parser::{Reading, segments};
use super::piece::Piece;
use crate::vocabulary::{
    Filter, FilterCondition, FilterOperand, FilterPath, FilterPattern, FilterRelation, Selector,
};

/// The operators, in the order in which a condition is searched for them.
const RELATIONS: &[(&str, FilterRelation)] = &[
    ("==", FilterRelation::Equals),
    (">=", FilterRelation::GreaterThanEquals),
    ("<=", FilterRelation::LessThanEquals),
    ("!=", FilterRelation::NotEquals),
    ("<", FilterRelation::LessThan),
    (">", FilterRelation::GreaterThan),
    ("=~", FilterRelation::Matches),
];

/// Operators that later versions of the library have.
const LATER_OPERATORS: &[&str] =
    &["in", "nin", "subsetof", "anyof", "noneof", "contains", "size", "sizeof", "empty", "all", "type"];

/// Reads `[?(...)]`; `mark` is the place of the question mark.
pub(super) fn parse(part: Piece<'_>, mark: usize, reading: &mut Reading<'_>) -> Result<Filter, Fault> {
    let start = part.text.get(..mark).and_then(|before| before.rfind('[')).unwrap_or_default();
    let whole = bounded(part.from(start))?;
    let no_filter = |piece: Piece<'_>| {
        piece
            .fault_at(0, "a filter has no parentheses", "expected `?(` here")
            .help("write a filter as `[?(@.field == 'value')]`")
    };
    let inner = whole.within('[', ']').ok_or_else(|| unclosed(part))?.trim();
    if !inner.text.starts_with('?') {
        return Err(no_filter(inner));
    }
    let inner = inner.from(1).trim();
    let condition = inner.within('(', ')').ok_or_else(|| no_filter(inner))?.trim();
    let filter = any(condition, reading)?;
    Ok(filter)
}

/// The filter up to the bracket that closes it. Brackets and parentheses in single quotes do not count.
fn bounded(part: Piece<'_>) -> Result<Piece<'_>, Fault> {
    let (mut brackets, mut parentheses, mut quoted, mut before) = (0_i32, 0_i32, None, ' ');
    for (at, c) in part.text.char_indices() {
        match (c, quoted) {
            ('\'', _) if before == '\\' => {}
            ('\'', None) => quoted = Some(at),
            ('\'', Some(_)) => quoted = None,
            (_, Some(_)) => {}
            ('(', None) => parentheses += 1,
            (')', None) => parentheses -= 1,
            ('[', None) => brackets += 1,
            (']', None) => {
                brackets -= 1;
                if parentheses == 0 {
                    return if brackets == 0 { Ok(part.part(0..at + 1)) } else { Err(unbalanced(part)) };
                }
            }
            _ => {}
        }
        before = c;
    }
    Err(match quoted {
        Some(at) => part.from(at).fault("a quoted text does not end", "this quote is not closed"),
        None if parentheses > 0 => {
            let open = part.text.find('(').unwrap_or_default();
            part.from(open).fault("it ends inside of a filter", "this `(` has no `)`")
        }
        None => unbalanced(part),
    })
}

fn unbalanced(part: Piece<'_>) -> Fault {
    part.fault("the brackets of a filter do not match", "a bracket or a parenthesis is missing in here")
}

/// The condition in parentheses. The library tests from the last to the first.
fn any(whole: Piece<'_>, reading: &mut Reading<'_>) -> Result<Filter, Fault> {
    let (mut any, mut pieces) = (Vec::new(), Vec::new());
    for group in split(whole, "||")? {
        let mut all = Vec::new();
        for one in split(group, "&&")? {
            reading.count(one)?;
            let piece = clean(one)?;
            all.push(condition(piece, reading)?);
            pieces.push(piece);
        }
        any.push(all);
    }
    if parentheses_matter(whole.text) {
        reading.doubt(Doubted::Parentheses, whole);
    }
    for (condition, piece) in any.iter().flatten().zip(pieces) {
        notice(condition, &any, piece, reading);
    }
    any.iter_mut().for_each(|all| all.reverse());
    any.reverse();
    Ok(Filter { any })
}

/// Whether an `||` is in parentheses that an `&&` is not in.
fn parentheses_matter(text: &str) -> bool {
    let (mut depth, mut deepest_or, mut outermost_and) = (0_usize, 0, usize::MAX);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if text.get(at..).is_some_and(|rest| rest.starts_with("||")) => {
                deepest_or = depth.max(deepest_or)
            }
            '&' if text.get(at..).is_some_and(|rest| rest.starts_with("&&")) => {
                outermost_and = depth.min(outermost_and);
            }
            _ => {}
        }
    }
    deepest_or > outermost_and
}

/// The pieces between operators.
fn split<'t>(condition: Piece<'t>, operator: &str) -> Result<Vec<Piece<'t>>, Fault> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    for (at, _) in condition.text.match_indices(operator) {
        let character = operator.chars().next();
        if condition.at(at + operator.len()) == character && character.is_some() {
            let what = format!("a condition has more than `{operator}`");
            return Err(condition.fault_at(at + operator.len(), what, format!("expected `{operator}`")));
        }
        pieces.push(condition.part(start..at));
        start = at + operator.len();
    }
    pieces.push(condition.from(start));
    Ok(pieces)
}

/// Without the parentheses around it.
fn clean(piece: Piece<'_>) -> Result<Piece<'_>, Fault> {
    let piece = piece.trim();
    let clean = piece
        .trim_start_matches(|c| matches!(c, '[' | '?' | '(' | ' '))
        .trim_end_matches(|c| matches!(c, ')' | ' '));
    if clean.text.is_empty() {
        return Err(clean.fault_at(
            0,
            "a condition is missing",
            "expected a comparison, such as `@.name == 'x'`",
        ));
    }
    Ok(clean)
}

fn condition(text: Piece<'_>, reading: &mut Reading<'_>) -> Result<FilterCondition, Fault> {
    let found = RELATIONS.iter().find_map(|(sign, relation)| Some((text.text.find(sign)?, *sign, *relation)));
    let Some((at, sign, relation)) = found else {
        return exists(text.trim(), reading);
    };
    let (left, right) = (text.part(0..at).trim(), text.from(at + sign.len()).trim());
    if right.text.starts_with("!@") {
        return Err(right
            .fault("a comparison has a `!`", "`!` only asks whether a path leads nowhere")
            .help("write `!` before a path alone, as in `[?(!@.name)]`"));
    }
    let written = left;
    let left =
        written.text.strip_prefix('!').filter(|rest| rest.starts_with('@')).map_or(left, |_| left.from(1));
    if left.text.len() < written.text.len() {
        reading.doubt(Doubted::Negation, text);
    }
    let (left, right) = (operand(left, reading)?, operand(right, reading)?);
    Ok(FilterCondition::Compare { left, relation, right })
}

/// `@.a`, or `!@.a`. Whatever it starts with, the path is looked for in the value that is tested.
fn exists(text: Piece<'_>, reading: &mut Reading<'_>) -> Result<FilterCondition, Fault> {
    let wanted = !text.text.starts_with("!@");
    let path = if wanted { text } else { text.from(1) };
    // With a blank before it, it is not a part of a name.
    if !path.text.starts_with(['@', '$']) || path.text.contains(" =") {
        return Err(no_condition(text));
    }
    path_of(path, reading).map(|path| FilterCondition::Exists { path, wanted })
}

fn no_condition(text: Piece<'_>) -> Fault {
    if let Some(at) = text.text.find(" = ").map(|at| at + 1).or_else(|| text.text.find('=')) {
        return text
            .fault_at(at, "a condition compares with one `=`", "expected a comparison")
            .help("to compare for equality, write `==`");
    }
    let negated = text.text.trim_start_matches('!').trim_start_matches([' ', '(']);
    if text.text.starts_with('!') && negated.starts_with('@') {
        let fault = text.fault("a `!` is not followed by a path", "AWS reads `!` directly before `@` only");
        return fault.help(format!("write `!{}`", negated.trim_end_matches([')', ' '])));
    }
    text.fault("a condition compares nothing", "expected a comparison, such as `==`")
}

fn operand(text: Piece<'_>, reading: &mut Reading<'_>) -> Result<FilterOperand, Fault> {
    if text.text.starts_with(['@', '$']) {
        return path_of(text, reading).map(FilterOperand::Path);
    }
    if text.text == "'" {
        return Err(text.fault("a quoted text does not end", "this quote is not closed"));
    }
    if let Some(literal) = text.within('\'', '\'') {
        return Ok(FilterOperand::Text(literal.text.to_owned()));
    }
    if let Some(pattern) = pattern(text)? {
        return Ok(FilterOperand::Pattern(pattern));
    }
    if text.text.starts_with('"') {
        reading.doubt(Doubted::DoubleQuotedText, text);
    }
    if text.text.starts_with(['!', '(']) && text.text.contains('@') {
        reading.doubt(Doubted::PathAsText, text);
    }
    Ok(FilterOperand::Text(text.text.to_owned()))
}

/// `/../` or `/../i`
fn pattern(text: Piece<'_>) -> Result<Option<FilterPattern>, Fault> {
    if !text.text.starts_with('/') {
        return Ok(None);
    }
    let (written, ignore_case) = match text.text.strip_suffix("/i") {
        Some(written) => (text.part(0..written.len() + 1), true),
        None => (text, false),
    };
    let Some(source) = written.within('/', '/') else {
        let is_open = text.text.len() < 2;
        return if is_open {
            Err(text.fault("a pattern does not end", "this `/` is not closed"))
        } else {
            Ok(None)
        };
    };
    if let Err(fault) = asl_language::regex::parse(source.text) {
        return Err(source.fault_at(fault.offset, "a pattern is not a regular expression", fault.message));
    }
    Ok(Some(FilterPattern { source: source.text.to_owned(), ignore_case }))
}

/// A path in a filter. It has to lead to one value.
fn path_of(text: Piece<'_>, reading: &mut Reading<'_>) -> Result<FilterPath, Fault> {
    let rest = text.from(1);
    if rest.at(0).is_some_and(|c| c == '$' || c.is_alphanumeric() || c == '_') {
        return Err(rest.fault_at(
            0,
            "a filter reads something else than the data",
            "a path in a filter starts with `@` or `$`",
        ));
    }
    if let Some(operator) = later_operator(rest) {
        return Err(operator);
    }
    let segments = reading.deeper(text, |reading| segments(rest, reading))?;
    let selectors: Vec<_> = segments.into_iter().map(|segment| segment.selector).collect();
    if !selectors.iter().all(Selector::is_definite) {
        let label = "expected names and indexes only, as in `@.name` or `@['name'][0]`";
        return Err(text.fault("a path in a filter leads to more than one value", label));
    }
    let (steps, selectors) = super::resolved::split(selectors);
    Ok(FilterPath { from_data: text.text.starts_with('$'), steps, selectors })
}

/// `@.a in [..]`
fn later_operator(rest: Piece<'_>) -> Option<Fault> {
    let start = rest.text.find(' ')?;
    let word = rest.from(start).trim();
    let word = word.part(0..word.text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(word.text.len()));
    LATER_OPERATORS.contains(&word.text).then(|| {
        let label = format!("AWS does not have `{}` in paths", word.text);
        word.fault(format!("it has the operator `{}`", word.text), label)
    })
}

/// What people think that a comparison means, and it does not. Who asks elsewhere in the filter whether a field is there knows that it may be
/// missing.
fn notice(
    condition: &FilterCondition,
    filter: &[Vec<FilterCondition>],
    text: Piece<'_>,
    reading: &mut Reading<'_>,
) {
    let FilterCondition::Compare { left, relation, right } = condition else { return };
    let sides = [left, right];
    let is_asked = |side: &FilterOperand| {
        filter.iter().flatten().any(|other| match (other, side) {
            (FilterCondition::Exists { path, .. }, FilterOperand::Path(side)) => path == side,
            (FilterCondition::Exists { .. } | FilterCondition::Compare { .. }, _) => false,
        })
    };
    let is_null = |side: &FilterOperand| *side == FilterOperand::Text(String::from("null"));
    let is_pattern = |side: &FilterOperand| matches!(side, FilterOperand::Pattern(_));
    let doubted = match relation {
        FilterRelation::Matches => (!sides.into_iter().any(is_pattern)).then_some(Doubted::NoPattern),
        FilterRelation::Equals | FilterRelation::NotEquals if sides.into_iter().any(is_asked) => None,
        FilterRelation::Equals => sides.into_iter().any(is_null).then_some(Doubted::EqualsNull),
        FilterRelation::NotEquals => (!sides.into_iter().any(is_null)).then_some(Doubted::NotEquals),
        FilterRelation::LessThan
        | FilterRelation::LessThanEquals
        | FilterRelation::GreaterThan
        | FilterRelation::GreaterThanEquals => None,
    };
    if let Some(doubted) = doubted {
        reading.doubt(doubted, text);
    }
}
