//! How Lambda functions are named: by a name, a partial ARN or a whole one, each with or without a version or an alias.
//!
//! In: the text of a `FunctionName`, or of a `Resource`. Out: its parts (AWS, "Invoke", the pattern of `FunctionName`).

/// The parts of a name that were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    region: Option<&'a str>,
    account: Option<&'a str>,
    function: &'a str,
    qualifier: Option<&'a str>,
}

impl<'a> Name<'a> {
    /// Reads a name. What is none in AWS's sense, such as a placeholder, is taken as a whole.
    pub(super) fn parse(text: &'a str) -> Self {
        let whole = Self { region: None, account: None, function: text, qualifier: None };
        let rest = match text.strip_prefix("arn:") {
            None => text,
            Some(rest) => match rest.split_once(":lambda:") {
                Some((_, rest)) => rest,
                None => return whole,
            },
        };
        let (region, rest) = part(rest, is_region);
        let (account, rest) = part(rest, is_account);
        let rest = rest.strip_prefix("function:").unwrap_or(rest);
        let (function, qualifier) = match rest.split_once(':') {
            Some((function, qualifier)) => (function, Some(qualifier)),
            None => (rest, None),
        };
        let is_name = |text: &str| {
            !text.is_empty()
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '$'))
        };
        if is_name(function) && qualifier.is_none_or(is_name) {
            Self { region, account, function, qualifier }
        } else {
            whole
        }
    }

    /// The same with the version or alias that a task names beside it.
    pub(super) fn qualified(self, qualifier: Option<&'a str>) -> Self {
        Self { qualifier: self.qualifier.or(qualifier), ..self }
    }

    /// The name and the version, without where the function is.
    pub(super) fn to_text(self) -> String {
        match self.qualifier {
            Some(qualifier) => format!("{}:{qualifier}", self.function),
            None => self.function.to_owned(),
        }
    }

    /// The name alone.
    pub(super) const fn function(&self) -> &'a str {
        self.function
    }

    /// The version or alias that is called.
    pub(super) fn version(&self) -> &'a str {
        self.qualifier.unwrap_or("$LATEST")
    }

    /// Whether a function that was given under this name is the one that is asked for: what either does not say does not matter, but a version
    /// that this one says does.
    pub(super) fn stands_for(&self, asked: &Name<'_>) -> bool {
        let agree =
            |own: Option<&str>, asked: Option<&str>| own.zip(asked).is_none_or(|(own, asked)| own == asked);
        self.function == asked.function
            && agree(self.region, asked.region)
            && agree(self.account, asked.account)
            && self.qualifier.is_none_or(|qualifier| qualifier == asked.version())
    }

    /// Whether it is about one version or alias alone.
    pub(super) const fn is_qualified(&self) -> bool {
        self.qualifier.is_some()
    }
}

/// The part before the next colon, if it is of this kind.
fn part(text: &str, is_of_kind: fn(&str) -> bool) -> (Option<&str>, &str) {
    match text.split_once(':').filter(|(part, _)| is_of_kind(part)) {
        Some((part, rest)) => (Some(part), rest),
        None => (None, text),
    }
}

/// `eu-west-1`, `us-gov-west-1`
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let ends_in_number =
        parts.next_back().is_some_and(|last| last.len() == 1 && last.bytes().all(|b| b.is_ascii_digit()));
    ends_in_number
        && parts.clone().count() >= 2
        && parts.all(|part| part.bytes().all(|b| b.is_ascii_lowercase()))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(given: &str, asked: &str) -> bool {
        Name::parse(given).stands_for(&Name::parse(asked))
    }

    #[test]
    fn a_function_is_found_by_every_form_of_its_name() {
        for asked in [
            "Charge",
            "Charge:live",
            "function:Charge",
            "123456789012:function:Charge",
            "123456789012:function:Charge:7",
            "arn:aws:lambda:us-east-1:123456789012:function:Charge",
            "arn:aws:lambda:us-east-1:123456789012:function:Charge:$LATEST",
        ] {
            assert!(is_found("Charge", asked), "{asked}");
            assert!(is_found("arn:aws:lambda:us-east-1:123456789012:function:Charge", asked), "{asked}");
        }
        for asked in ["Charg", "Charge2", "", "arn:aws:lambda:us-east-1:123456789012:function:Other"] {
            assert!(!is_found("Charge", asked), "{asked}");
        }
    }

    #[test]
    fn what_a_name_says_has_to_agree() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:Charge:live";
        assert!(is_found("Charge:live", arn));
        assert!(!is_found("Charge:live", "Charge"));
        assert!(is_found("Charge:$LATEST", "Charge"));
        assert!(!is_found("999999999999:function:Charge", arn));
        assert!(!is_found("arn:aws:lambda:eu-west-1:123456789012:function:Charge", arn));
        assert!(Name::parse("Charge").qualified(Some("live")).is_qualified());
    }

    #[test]
    fn a_placeholder_is_a_name_of_its_own() {
        assert!(is_found("${ChargeFunction.Arn}", "${ChargeFunction.Arn}"));
        assert!(is_found("${Charge::1}", "${Charge::1}"));
        assert!(!is_found("${ChargeFunction}", "${OtherFunction}"));
    }
}
