//! Looking for texts and regular expressions in texts.

use crate::regex::{Matches, Units, match_object};
use crate::{Arguments, Collector, Data, Evaluation, Failure, Function, Result};

super::builtins! {
    CONTAINS = contains;
    MATCH = match_all;
    REPLACE = replace;
    SPLIT = split;
}

fn contains(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    if let Some(function) = arguments.function(1) {
        let found = Matches::new(function, text).next(evaluation)?;
        return Ok(Data::boolean(found.is_some()));
    }
    let token = arguments.text(1).ok_or_else(no_matcher)?;
    Ok(Data::boolean(text.contains(token)))
}

/// How many there may be. A negative limit is an error.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
fn limit(arguments: Arguments<'_>, index: usize, code: &'static str, what: &str) -> Result<usize> {
    match arguments.number(index) {
        Some(limit) if limit < 0.0 => {
            Err(Failure::new(code, format!("{what} function must evaluate to a positive number")))
        }
        Some(limit) => Ok(limit.ceil() as usize),
        None => Ok(usize::MAX),
    }
}

fn match_all(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    let limit = limit(arguments, 2, "D3040", "Third argument of match")?;
    let Some(function) = arguments.function(1) else { return Ok(Data::Nothing) };
    let mut found = Collector::new();
    let (mut matches, mut units) = (Matches::new(function, text), Units::default());
    while found.len() < limit
        && let Some(next) = matches.next(evaluation)?
    {
        found.push(next.to_data(text, &mut units, &["match", "index", "groups"]));
    }
    Ok(found.into_sequence())
}

fn replace(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    if arguments.text(1) == Some("") {
        return Err(Failure::new("D3010", "Second argument of replace function cannot be an empty string"));
    }
    let limit = limit(arguments, 3, "D3011", "Fourth argument of replace")?;
    if limit == 0 {
        return Ok(arguments.get(0).to_data());
    }
    match (arguments.function(1), arguments.text(1)) {
        (Some(function), _) => replace_matches(evaluation, arguments, text, function, limit),
        (None, Some(wanted)) => {
            let replacement = arguments.text(2).or_else(|| unneeded(text, wanted)).ok_or_else(no_string)?;
            let most = text.len() / wanted.len().max(1);
            // Only where it could be too much are the matches counted.
            if evaluation.text(most.saturating_mul(replacement.len()).saturating_add(text.len())).is_err() {
                let matches = text.matches(wanted).take(limit).count();
                evaluation.text(matches.saturating_mul(replacement.len()))?;
            }
            Ok(Data::text(text.replacen(wanted, replacement, limit)))
        }
        (None, None) => Err(no_matcher()),
    }
}

/// Where there is nothing to replace, it does not matter with what.
fn unneeded(text: &str, wanted: &str) -> Option<&'static str> {
    (!text.contains(wanted)).then_some("")
}

fn replace_matches(
    evaluation: &Evaluation<'_>,
    arguments: Arguments<'_>,
    text: &str,
    function: &Function,
    limit: usize,
) -> Result<Data> {
    let (mut replaced, mut position, mut count) = (String::new(), 0, 0);
    let (mut matches, mut units) = (Matches::new(function, text), Units::default());
    while count < limit
        && let Some(next) = matches.next(evaluation)?
    {
        replaced.push_str(text.get(position..next.start).unwrap_or_default());
        match (arguments.text(2), arguments.function(2)) {
            (Some(template), _) => substitute(template, next.text(text), &next.groups(text), &mut replaced),
            (None, Some(replacer)) => {
                let result = replacer.call(evaluation, &[match_object(&next, text, &mut units)])?;
                replaced.push_str(result.view().as_str().ok_or_else(no_string)?);
            }
            (None, None) => return Err(no_matcher()),
        }
        evaluation.text(replaced.len())?;
        position = next.start + next.text(text).len();
        count += 1;
    }
    if count == 0 {
        return Ok(arguments.get(0).to_data());
    }
    replaced.push_str(text.get(position..).unwrap_or_default());
    Ok(Data::text(replaced))
}

#[cold]
fn no_matcher() -> Failure {
    Failure::undefined("apply")
}

#[cold]
fn no_string() -> Failure {
    Failure::new("D3012", "Attempted to replace a matched string with a non-string value")
}

/// Appends a template in which `$0` is the match, `$1` a group and `$$` a dollar.
fn substitute(template: &str, matched: &str, groups: &[Option<&str>], out: &mut String) {
    let mut rest = template;
    while let Some((plain, after)) = rest.split_once('$') {
        out.push_str(plain);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = after.strip_prefix('0') {
            out.push_str(matched);
            rest = after;
        } else if let Some((number, after)) = group_number(after, groups.len()) {
            out.push_str(groups.get(number.wrapping_sub(1)).copied().flatten().unwrap_or_default());
            rest = after;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
}

/// The number after a dollar: of as many digits as the number of groups has, or one less if there is no such group.
fn group_number(text: &str, groups: usize) -> Option<(usize, &str)> {
    let width = groups.max(1).ilog10() as usize + 1;
    let digits = text.bytes().take(width).take_while(u8::is_ascii_digit).count();
    let number = |digits: usize| {
        let (number, rest) = text.split_at_checked(digits)?;
        Some((number.parse::<usize>().ok()?, rest))
    };
    number(digits)
        .filter(|(found, _)| width == 1 || *found <= groups)
        .or_else(|| number(digits.min(width - 1)))
}

fn split(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    let limit = limit(arguments, 2, "D3020", "Third argument of split")?;
    if let Some(function) = arguments.function(1) {
        return split_at_matches(evaluation, text, function, limit);
    }
    // Here, unlike elsewhere, a fraction of the limit does not count.
    let limit = arguments.number(2).filter(|limit| limit.fract() > 0.0).map_or(limit, |_| limit - 1);
    let parts: Vec<_> = match arguments.text(1) {
        Some("") => text.chars().take(limit).map(|part| part.to_string().into()).collect(),
        Some(separator) => text.split(separator).take(limit).map(Into::into).collect(),
        None if limit == 0 => Vec::new(),
        None => return Err(no_matcher()),
    };
    Ok(Data::array(parts))
}

fn split_at_matches(
    evaluation: &Evaluation<'_>,
    text: &str,
    function: &Function,
    limit: usize,
) -> Result<Data> {
    let (mut parts, mut position) = (Vec::new(), 0);
    let mut matches = Matches::new(function, text);
    while parts.len() < limit {
        let Some(next) = matches.next(evaluation)? else {
            parts.push(text.get(position..).unwrap_or_default().into());
            break;
        };
        parts.push(text.get(position..next.start).unwrap_or_default().into());
        position = next.end;
    }
    Ok(Data::array(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substituted(template: &str, groups: &[Option<&str>]) -> String {
        let mut text = String::new();
        substitute(template, "all", groups, &mut text);
        text
    }

    #[test]
    fn dollars_stand_for_groups() {
        let groups = [Some("a"), None, Some("c")];
        assert_eq!(substituted("$0-$1-$2-$3-$4", &groups), "all-a--c-");
        assert_eq!(substituted("$$1 $x $", &groups), "$1 $x $");
        assert_eq!(substituted("$12", &groups), "a2");
        let many: Vec<_> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(Some).to_vec();
        assert_eq!(substituted("$10 $11 $1", &many), "j a1 a");
        assert_eq!(substituted("$1$8", &[]), "");
    }
}
