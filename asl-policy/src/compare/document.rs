//! What policies grant: their statements, wherever in a JSON they are.
//!
//! In: a policy document, or whatever holds some: a role as `aws iam get-account-authorization-details` writes it, a template, a list of
//! documents, a plain list of actions. Out: [`Grant`]s. What says who may take on a role, or who may use a resource, grants a role nothing.

use super::condition::Check;
use super::template;
use crate::form::MachinePlace;
use crate::glob::{Holds, Reach, Token, Trust, fits, of_pattern, overlap};
use serde_json::{Map, Value};

/// A statement.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    /// How to speak of it.
    pub(super) name: String,
    /// `Allow` or `Deny`
    pub(super) allows: bool,
    pub(super) actions: Listed,
    pub(super) resources: Listed,
    /// All of them have to hold.
    pub(super) checks: Vec<Check>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub(super) enum Listed {
    These(Vec<Pattern>),
    AllBut(Vec<Pattern>),
    /// A plain list of actions says nothing about resources.
    Unsaid,
}

/// A pattern and how it was written.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    /// What IAM may take it for as well.
    wider: Vec<Vec<Token>>,
}

impl Pattern {
    fn new(text: String, tokens: Vec<Token>) -> Self {
        Self { text, tokens, wider: Vec::new() }
    }

    /// Whether what is needed is what is granted; `Perhaps` where it is only if IAM takes the pattern for more.
    pub(super) fn fits(&self, needed: &[Token], trust: Trust) -> Holds {
        let holds = fits(needed, &self.tokens, trust);
        if holds == Holds::Never && self.may_have(needed) { Holds::Perhaps } else { holds }
    }

    /// Whether any text is one of both, if IAM takes the pattern for all that it may.
    pub(super) fn may_have(&self, tokens: &[Token]) -> bool {
        // What is open in the other is hardly a text with colons, with which nearly everything would fit.
        let narrow = || tokens.iter().map(|token| within_colons(*token)).collect::<Vec<_>>();
        overlap(tokens, &self.tokens) || self.wider.iter().any(|wider| overlap(&narrow(), wider))
    }
}

const fn within_colons(token: Token) -> Token {
    match token {
        Token::Letter(_) => token,
        Token::One(_) => Token::One(Reach::Field),
        Token::Many(_) | Token::Unknown => Token::Many(Reach::Field),
    }
}

/// What the texts of a document mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect<'p> {
    /// `${..}` is a variable; before version 2012-10-17 it was text.
    variables: bool,
    place: &'p MachinePlace,
}

/// Every statement in a JSON that grants its role something.
pub(super) fn grants(json: &Value, place: &MachinePlace) -> Vec<Grant> {
    let mut reader = Reader { reads: Reads::Permissions, place, grants: Vec::new() };
    reader.read(json, "");
    reader.grants
}

/// Every statement of a trust policy that is about Step Functions.
pub(super) fn trust_grants(json: &Value, place: &MachinePlace) -> Vec<Grant> {
    let mut reader = Reader { reads: Reads::Trust, place, grants: Vec::new() };
    reader.read(json, "");
    reader.grants
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    /// Statements about resources.
    Permissions,
    /// Statements about who may take on a role.
    Trust,
}

struct Reader<'p> {
    reads: Reads,
    place: &'p MachinePlace,
    grants: Vec<Grant>,
}

impl Reader<'_> {
    /// The depth is that of the JSON, which is limited where it is parsed.
    fn read(&mut self, json: &Value, name: &str) {
        match json {
            Value::String(text) => match embedded(text) {
                Some(document) => self.read(&document, name),
                None if text.contains(':') || text == "*" => self.grants.push(plain(text)),
                None => {}
            },
            Value::Array(elements) => {
                elements.iter().for_each(|element| self.read_element(element, name));
            }
            Value::Object(members) => self.read_object(members, name),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// An element of a list, which may be a policy template of SAM.
    fn read_element(&mut self, element: &Value, name: &str) {
        match template::policy(element) {
            Some((name, document)) => self.read(&document, name),
            None => self.read(element, name),
        }
    }

    fn read_object(&mut self, members: &Map<String, Value>, name: &str) {
        let called = ["PolicyName", "RoleName", "Id"].iter().find_map(|key| members.get(*key)?.as_str());
        let name = called.unwrap_or(name);
        if members.contains_key("Effect") {
            // A statement by itself is read as those of today.
            return self.statement(members, name, 1, true);
        }
        if let Some(statements) = members.get("Statement") {
            let variables = members.get("Version").and_then(Value::as_str) == Some("2012-10-17");
            for (statement, number) in one_or_many(statements).iter().zip(1..) {
                if let Value::Object(members) = statement {
                    self.statement(members, name, number, variables);
                }
            }
            return;
        }
        // Of a managed policy only one version counts.
        if members.get("IsDefaultVersion") == Some(&Value::Bool(false)) {
            return;
        }
        for (key, value) in members {
            if NO_GRANTS.contains(&key.as_str()) {
                continue;
            }
            match value {
                Value::Array(_) if matches!(key.as_str(), "Action" | "actions") => self.read(value, name),
                // Texts in other lists are names of managed policies or something else, and not actions.
                Value::Array(elements) => {
                    elements
                        .iter()
                        .filter(|element| !element.is_string())
                        .for_each(|element| self.read_element(element, name));
                }
                Value::Object(_) => self.read(value, name),
                Value::String(text) => {
                    if let Some(document) = embedded(text) {
                        self.read(&document, name);
                    }
                }
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
    }

    fn statement(&mut self, members: &Map<String, Value>, document: &str, number: usize, variables: bool) {
        let dialect = Dialect { variables, place: self.place };
        let allows = match members.get("Effect").and_then(Value::as_str) {
            Some("Allow") => true,
            Some("Deny") => false,
            _ => return,
        };
        let actions = listed(members, ["Action", "NotAction"], |text, _| action(text));
        let resources = match self.reads {
            Reads::Permissions
                if members.contains_key("Principal") || members.contains_key("NotPrincipal") =>
            {
                None
            }
            Reads::Permissions => listed(members, ["Resource", "NotResource"], |text, is_of_template| {
                let variables = dialect.variables || is_of_template;
                Dialect { variables, ..dialect }.resource(text)
            }),
            Reads::Trust => {
                members.get("Principal").filter(|who| is_step_functions(who)).map(|_| Listed::Unsaid)
            }
        };
        let (Some(actions), Some(resources)) = (actions, resources) else { return };
        let sid = members.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty());
        let statement = sid.map_or_else(|| format!("statement {number}"), |sid| format!("statement `{sid}`"));
        let name =
            if document.is_empty() { statement } else { format!("{statement} of policy `{document}`") };
        let checks = Check::all(members.get("Condition"), &dialect);
        self.grants.push(Grant { name, allows, actions, resources, checks });
    }
}

fn is_step_functions(principal: &Value) -> bool {
    let kinds = [principal.get("Service"), principal.get("AWS"), Some(principal)];
    // Also in a form with the region: `states.eu-west-1.amazonaws.com`.
    let is_one = |name: &str| name == "*" || (name.starts_with("states.") && name.contains(".amazonaws.com"));
    kinds.into_iter().flatten().flat_map(texts).any(|name| is_one(&name))
}

/// What holds no grants for the role: who may take it on, and which ARN its boundary has.
const NO_GRANTS: &[&str] = &["AssumeRolePolicyDocument", "assume_role_policy", "PermissionsBoundary"];

/// An action; small and large letters are the same.
fn action(text: String) -> Pattern {
    let tokens = of_pattern(&text.to_lowercase());
    Pattern::new(text, tokens)
}

/// An action of a plain list, on whatever resource.
fn plain(text: &str) -> Grant {
    Grant {
        name: format!("`{text}`"),
        allows: true,
        actions: Listed::These(vec![action(text.to_owned())]),
        resources: Listed::Unsaid,
        checks: Vec::new(),
    }
}

/// A document in a text: JSON as it is, or encoded as in a URL, as the API of IAM returns it.
fn embedded(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.starts_with('{') || text.starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    let encoded = text.strip_prefix("%7B").or_else(|| text.strip_prefix("%7b"))?;
    serde_json::from_str(&format!("{{{}", decode(encoded)?)).ok()
}

fn decode(encoded: &str) -> Option<String> {
    let mut parts = encoded.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// One is the same as a list of one.
fn one_or_many(value: &Value) -> &[Value] {
    match value {
        Value::Array(elements) => elements,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            std::slice::from_ref(value)
        }
    }
}

pub(super) fn texts(value: &Value) -> impl Iterator<Item = String> {
    one_or_many(value).iter().filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}

/// The patterns of one of two members; `pattern` is told whether a text was made of functions of a template.
fn listed(
    members: &Map<String, Value>,
    [these, all_but]: [&str; 2],
    pattern: impl Fn(String, bool) -> Pattern,
) -> Option<Listed> {
    let pattern = |value: &Value| match value {
        Value::Object(_) => template::text(value).map(|text| pattern(text, true)),
        Value::String(text) => Some(pattern(text.clone(), false)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    };
    let patterns = |value: &Value| match value.as_array() {
        Some(elements) => elements.iter().filter_map(pattern).collect(),
        None => pattern(value).into_iter().collect(),
    };
    match (members.get(these), members.get(all_but)) {
        (Some(value), _) => Some(Listed::These(patterns(value))),
        (None, Some(value)) => Some(Listed::AllBut(patterns(value))),
        (None, None) => None,
    }
}

/// An ARN whose wildcards end at the colons of its first five fields; if it `is_wide`, a `*` that ends its field does not.
fn with_fields(tokens: &[Token], is_wide: bool) -> Vec<Token> {
    let mut colons = 0;
    let behind = tokens.iter().skip(1).map(Some).chain([None]);
    let within = |(token, behind): (&Token, Option<&Token>)| {
        colons += usize::from(*token == Token::Letter(':'));
        let ends_field = matches!(behind, None | Some(Token::Letter(':')));
        match token {
            Token::Many(_) if is_wide && ends_field => *token,
            Token::Many(_) if colons < 5 => Token::Many(Reach::Field),
            Token::One(_) if colons < 5 => Token::One(Reach::Field),
            Token::Letter(_) | Token::One(_) | Token::Many(_) | Token::Unknown => *token,
        }
    };
    tokens.iter().zip(behind).map(within).collect()
}

/// An ARN with wildcards in the fields that lack.
fn completed(mut tokens: Vec<Token>) -> Vec<Token> {
    let colons = tokens.iter().filter(|token| **token == Token::Letter(':')).count();
    for field in colons + 1..6 {
        let reach = if field < 5 { Reach::Field } else { Reach::All };
        tokens.extend([Token::Letter(':'), Token::Many(reach)]);
    }
    tokens
}

impl Dialect<'_> {
    /// A resource: an ARN with fewer than six fields has wildcards in those that lack, and wildcards end at the colons of fields.
    ///
    /// AWS says ("IAM JSON policy elements: Resource") that a `*` at the end of a field can go on beyond its colon, and not what that means
    /// to fields that lack. So such patterns may be wider: with the fields that lack, or as they are written.
    fn resource(&self, text: String) -> Pattern {
        let written = self.pattern(&text);
        if !text.starts_with("arn:") {
            return Pattern::new(text, written);
        }
        let narrow = with_fields(&written, false);
        let wide = with_fields(&written, true);
        let wider = if wide == narrow { Vec::new() } else { vec![completed(wide.clone()), wide] };
        Pattern { text, tokens: completed(narrow), wider }
    }

    /// A text with wildcards and variables.
    pub(super) fn pattern(&self, text: &str) -> Vec<Token> {
        self.with_variables(text, of_pattern)
    }

    /// A text with variables, in which `*` and `?` are letters.
    pub(super) fn text(&self, text: &str) -> Vec<Token> {
        self.with_variables(text, |text| text.chars().map(Token::Letter).collect())
    }

    fn with_variables(&self, text: &str, tokens: impl Fn(&str) -> Vec<Token>) -> Vec<Token> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${").filter(|_| self.variables) {
            let Some((name, behind)) = after.split_once('}') else { break };
            found.extend(tokens(before));
            found.extend(self.variable(name));
            rest = behind;
        }
        found.extend(tokens(rest));
        found
    }

    /// `${*}`, `${?}` and `${$}` are these letters.
    fn variable(&self, name: &str) -> Vec<Token> {
        let known = match name {
            "*" | "?" | "$" => Some(name.to_owned()),
            "AWS::Partition" => self.place.partition.clone(),
            "AWS::Region" => self.place.region.clone(),
            "AWS::AccountId" => self.place.account.clone(),
            _ if name.eq_ignore_ascii_case("aws:PrincipalAccount") => self.place.account.clone(),
            _ => None,
        };
        known.map_or_else(|| vec![Token::Unknown], |text| text.chars().map(Token::Letter).collect())
    }
}
