//! Filters in paths: `?(@.a == 'x' && ($.b > 3 || !(@.c)))`.
//!
//! In: a cursor at the question mark. Out: a [`Filter`] or the first fault with its place. Never evaluates. Literals without
//! quotes count as strings, because AWS takes them and published workflows have them: `@.Type.Text==AMOUNT_PAID`.

use super::cursor::{Cursor, Fault, number};
use super::parser::{function_call, optional_number, quoted};
use crate::ir::{Constant, Filter, FilterOperand, FilterPath, FilterRelation, Step};
use crate::json::NESTING_LIMIT;

/// No filter that people write is nested deeper.
const DEPTH_LIMIT: usize = 32;

const RELATIONS: &[(&str, FilterRelation)] = &[
    ("==", FilterRelation::Equals),
    ("!=", FilterRelation::NotEquals),
    ("<=", FilterRelation::LessThanEquals),
    (">=", FilterRelation::GreaterThanEquals),
    ("<", FilterRelation::LessThan),
    (">", FilterRelation::GreaterThan),
];

/// Operators that Jayway's JSONPath has and AWS has not.
const OPERATORS: &[&str] =
    &["in", "nin", "subsetof", "anyof", "noneof", "contains", "size", "sizeof", "empty", "all", "type"];

/// Reads `?(...)`.
pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Filter, Fault> {
    cursor.advance();
    cursor.skip_blanks();
    parenthesised(cursor, "a filter has no parentheses", 0)
}

/// A condition in parentheses; `otherwise` is what is wrong if there are none.
fn parenthesised(cursor: &mut Cursor<'_>, otherwise: &str, depth: usize) -> Result<Filter, Fault> {
    if depth > DEPTH_LIMIT {
        return Err(cursor.fault("a filter is nested too deeply", "nested deeper than any filter needs"));
    }
    let open = cursor.at;
    if !cursor.eat('(') {
        return Err(cursor.fault(otherwise, "expected `(` here"));
    }
    let filter = any(cursor, depth)?;
    if cursor.eat(')') {
        return Ok(filter);
    }
    Err(match cursor.peek() {
        None => cursor.fault_from(open, "it ends inside of a filter", "this `(` has no `)`"),
        Some(_) => cursor.fault("a condition has no end", "expected `&&`, `||` or `)` here"),
    })
}

fn any(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, Fault> {
    let first = all(cursor, depth)?;
    let mut conditions = vec![first];
    while cursor.eat_word("||") {
        conditions.push(all(cursor, depth)?);
    }
    Ok(only(conditions).unwrap_or_else(Filter::Or))
}

fn all(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, Fault> {
    let first = condition(cursor, depth)?;
    let mut conditions = vec![first];
    while cursor.eat_word("&&") {
        conditions.push(condition(cursor, depth)?);
    }
    Ok(only(conditions).unwrap_or_else(Filter::And))
}

/// The only condition, or all of them.
fn only(mut conditions: Vec<Filter>) -> Result<Filter, Vec<Filter>> {
    match (conditions.pop(), conditions.is_empty()) {
        (Some(only), true) => Ok(only),
        (last, _) => {
            conditions.extend(last);
            Err(conditions)
        }
    }
}

/// One condition with the blanks around it.
fn condition(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, Fault> {
    cursor.skip_blanks();
    cursor.count_part()?;
    let mut negations = 0_usize;
    while cursor.eat('!') {
        negations += 1;
        cursor.skip_blanks();
    }
    let filter = if cursor.peek() == Some('(') {
        parenthesised(cursor, "a condition has no parentheses", depth + 1)?
    } else {
        comparison(cursor)?
    };
    cursor.skip_blanks();
    Ok(if negations % 2 == 1 { Filter::Not(Box::new(filter)) } else { filter })
}

fn comparison(cursor: &mut Cursor<'_>) -> Result<Filter, Fault> {
    let left = operand(cursor)?;
    cursor.skip_blanks();
    let Some(relation) = relation(cursor)? else {
        return match left {
            FilterOperand::Path(path) => Ok(Filter::Exists(path)),
            FilterOperand::Constant(_) => {
                Err(cursor.fault("a condition compares nothing", "expected a comparison, such as `==`"))
            }
        };
    };
    cursor.skip_blanks();
    Ok(Filter::Compare { left, relation, right: operand(cursor)? })
}

fn relation(cursor: &mut Cursor<'_>) -> Result<Option<FilterRelation>, Fault> {
    if cursor.rest().starts_with("=~") {
        return Err(regular_expression(cursor));
    }
    if let Some((_, relation)) = RELATIONS.iter().find(|(text, _)| cursor.eat_word(text)) {
        return Ok(Some(*relation));
    }
    match cursor.peek() {
        Some('=') => Err(cursor
            .fault("a condition compares with one `=`", "expected a comparison")
            .help("to compare for equality, write `==`")),
        Some(')' | '&' | '|') | None => Ok(None),
        Some(_) => Err(other_operator(cursor)),
    }
}

fn regular_expression(cursor: &Cursor<'_>) -> Fault {
    cursor.fault("it has a regular expression", "AWS does not support regular expressions in paths")
}

fn other_operator(cursor: &mut Cursor<'_>) -> Fault {
    let start = cursor.at;
    let word = cursor.take_while(char::is_alphanumeric);
    if OPERATORS.contains(&word) {
        let label = format!("AWS does not support `{word}` in paths");
        return Fault::new(start..cursor.at, format!("it has the operator `{word}`"), label);
    }
    cursor.at = start;
    cursor.fault("a condition has an unknown operator", "expected `==`, `!=`, `<`, `<=`, `>` or `>=`")
}

fn operand(cursor: &mut Cursor<'_>) -> Result<FilterOperand, Fault> {
    match cursor.peek() {
        Some('@') => path(cursor, false),
        Some('$') => path(cursor, true),
        Some('\'' | '"') => quoted(cursor).map(|text| FilterOperand::Constant(Constant::String(text))),
        Some('/') => Err(regular_expression(cursor)),
        _ => word(cursor),
    }
}

/// A literal without quotes.
fn word(cursor: &mut Cursor<'_>) -> Result<FilterOperand, Fault> {
    let word = cursor.take_while(|c| !c.is_whitespace() && !"()[]{}&|=<>!~,'\"@$".contains(c));
    let constant = match word {
        "" => return Err(cursor.fault("a value is missing", "expected a path or a literal")),
        "true" => Constant::Bool(true),
        "false" => Constant::Bool(false),
        "null" => Constant::Null,
        word => match number(word) {
            Some(number) => Constant::Number(number),
            None => Constant::String(word.to_owned()),
        },
    };
    Ok(FilterOperand::Constant(constant))
}

fn path(cursor: &mut Cursor<'_>, from_data: bool) -> Result<FilterOperand, Fault> {
    cursor.advance();
    let mut steps = Vec::new();
    loop {
        if steps.len() >= NESTING_LIMIT && matches!(cursor.peek(), Some('.' | '[')) {
            let range = cursor.fault("", "").range;
            let what = format!("a path in a filter has more than {NESTING_LIMIT} steps");
            return Err(Fault::too_many(range, what).help("no data is nested so deeply"));
        }
        match cursor.peek() {
            Some('.') => {
                cursor.advance();
                // As in the paths around filters, a dot may stand before brackets.
                let is_bracket = cursor.peek() == Some('[');
                steps.push(if is_bracket { bracket(cursor)? } else { name(cursor)? });
            }
            Some('[') => steps.push(bracket(cursor)?),
            Some(c) if c == '$' || c.is_alphanumeric() || c == '_' => {
                let what = "a filter reads something else than the data";
                return Err(cursor.fault(what, "a path in a filter starts with `@` or `$`"));
            }
            _ => return Ok(FilterOperand::Path(FilterPath { from_data, steps })),
        }
    }
}

fn name(cursor: &mut Cursor<'_>) -> Result<Step, Fault> {
    let start = cursor.at;
    let name = cursor.take_while(|c| !c.is_whitespace() && !".[]()'\",?=<>!&|~*".contains(c));
    match cursor.peek() {
        Some('(') if !name.is_empty() => Err(function_call(cursor, start)),
        Some('.' | '*') if name.is_empty() => Err(many_values(cursor)),
        _ if name.is_empty() => Err(cursor.fault("a name is missing", "a name is missing here")),
        _ => Ok(Step::Name(name.to_owned())),
    }
}

fn bracket(cursor: &mut Cursor<'_>) -> Result<Step, Fault> {
    let open = cursor.at;
    cursor.advance();
    cursor.skip_blanks();
    let step = match cursor.peek() {
        Some('\'' | '"') => Some(Step::Name(quoted(cursor)?)),
        Some('0'..='9' | '-') => optional_number(cursor)?.map(Step::Index),
        _ => None,
    };
    cursor.skip_blanks();
    match (step, cursor.peek()) {
        (Some(step), Some(']')) => {
            cursor.advance();
            Ok(step)
        }
        (_, None) => Err(cursor.fault_from(open, "it ends inside of brackets", "this `[` has no `]`")),
        _ => Err(many_values(cursor)),
    }
}

fn many_values(cursor: &Cursor<'_>) -> Fault {
    let what = "a path in a filter leads to more than one value";
    cursor.fault(what, "expected names and indexes only, as in `@.name` or `@['name'][0]`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Number;
    use crate::json::Text;
    use crate::source::Span;
    use std::ops::Range;

    fn text(filter: &str) -> Text {
        Text { value: filter.to_owned(), span: Span::new(0, 2 + filter.len()), escapes: Vec::new() }
    }

    fn filter(written: &str) -> Filter {
        parse(&mut Cursor::new(&text(written))).unwrap()
    }

    fn fault(written: &str) -> Range<usize> {
        parse(&mut Cursor::new(&text(written))).unwrap_err().range
    }

    fn at(names: &[&str]) -> FilterPath {
        FilterPath {
            from_data: false,
            steps: names.iter().map(|name| Step::Name((*name).to_owned())).collect(),
        }
    }

    fn equals(name: &str, constant: Constant) -> Filter {
        Filter::Compare {
            left: FilterOperand::Path(at(&[name])),
            relation: FilterRelation::Equals,
            right: FilterOperand::Constant(constant),
        }
    }

    fn string(text: &str) -> Constant {
        Constant::String(text.to_owned())
    }

    #[test]
    fn literals_have_quotes_or_not() {
        assert_eq!(filter("?(@.a == 'x y')"), equals("a", string("x y")));
        assert_eq!(filter(r#"?(@.a=="x")"#), equals("a", string("x")));
        assert_eq!(filter("?(@.a==AMOUNT_PAID)"), equals("a", string("AMOUNT_PAID")));
        assert_eq!(filter("? ( @.a == 2024-01-01 ) "), equals("a", string("2024-01-01")));
        assert_eq!(filter("?(@.a == -1.5)"), equals("a", Constant::Number(Number::Float(-1.5))));
        assert_eq!(filter("?(@.a == true)"), equals("a", Constant::Bool(true)));
        assert_eq!(filter("?(@.a == null)"), equals("a", Constant::Null));
    }

    #[test]
    fn paths_start_at_the_tested_value_or_at_the_data() {
        assert_eq!(filter("?(@)"), Filter::Exists(at(&[])));
        assert_eq!(filter("?(@.a['b c'].d)"), Filter::Exists(at(&["a", "b c", "d"])));
        let steps = vec![Step::Name("list".to_owned()), Step::Index(-1)];
        assert_eq!(filter("?($.list[-1])"), Filter::Exists(FilterPath { from_data: true, steps }));
    }

    #[test]
    fn and_binds_closer_than_or() {
        let (a, b, c) = (at(&["a"]), at(&["b"]), at(&["c"]));
        let [a, b, c] = [a, b, c].map(Filter::Exists);
        assert_eq!(
            filter("?(@.a || @.b && @.c)"),
            Filter::Or(vec![a.clone(), Filter::And(vec![b.clone(), c.clone()])])
        );
        assert_eq!(
            filter("?((@.a||@.b) && !(@.c))"),
            Filter::And(vec![Filter::Or(vec![a, b]), Filter::Not(Box::new(c))])
        );
    }

    #[test]
    fn faults_are_at_the_character() {
        for (written, range) in [
            ("?@.a", 1..2),
            ("?(@.a", 1..5),
            ("?(@.a = 1)", 6..7),
            ("?(@.a =~ /x/)", 6..7),
            ("?(@.a in ['x'])", 6..8),
            ("?(@.a == )", 9..10),
            ("?(@.a == 1 2)", 11..12),
            ("?(@.a[*] == 1)", 6..7),
            ("?(@..a == 1)", 4..5),
            ("?($x.a == 1)", 3..4),
            ("?('a')", 5..6),
            ("?(@.a && )", 9..10),
            ("?(@.a == 'x)", 9..12),
        ] {
            assert_eq!(fault(written), range, "{written}");
        }
        fault(&format!("?{}", "(".repeat(100_000)));
        fault(&format!("?({}", "!(".repeat(100_000)));
    }
}
