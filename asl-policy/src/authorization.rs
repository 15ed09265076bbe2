//! What IAM knows: the prefix of each service, the actions that an action of an API needs, and the resources that they are about.
//!
//! In: names. Out: [`Action`]s. The facts are in a text that `cargo xtask services` makes of the Service Authorization Reference and the
//! models of the APIs; `docs/permissions.md` describes it. Only the section that is asked for is read.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

const TABLE: &str = include_str!("authorization/table.txt");

/// An action of IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Action {
    /// `dynamodb:PutItem`
    pub(crate) name: String,
    /// What it is about; empty if it is about no resource.
    pub(crate) types: Vec<Type>,
    /// Whether the reference has it.
    pub(crate) is_known: bool,
}

/// A type of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Type {
    /// In small letters.
    pub(crate) name: &'static str,
    /// `arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}`; a type whose ARN has several forms is there for each.
    pub(crate) arn: &'static str,
    /// Marked in the reference; of others, those count that the parameters name.
    pub(crate) required: bool,
}

/// The prefix that a service of the API has in IAM.
pub(crate) fn prefix(service: &str) -> &str {
    static PREFIXES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| pairs("prefixes").collect());
    PREFIXES.get(service).copied().unwrap_or(service)
}

/// What an action of an API needs; its first letter may be small.
pub(crate) fn actions(service: &str, action: &str) -> Vec<Action> {
    static NAMES: LazyLock<HashMap<String, &str>> =
        LazyLock::new(|| pairs("names").map(|(name, names)| (name.to_ascii_lowercase(), names)).collect());
    match NAMES.get(&format!("{service}:{action}").to_ascii_lowercase()) {
        Some(names) => names.split(' ').map(self::action).collect(),
        None => vec![self::action(&format!("{}:{}", prefix(service), capital(action)))],
    }
}

/// Whether a parameter of a service names a role or an instance profile, though it is not called an ARN of one.
pub(crate) fn names_role(service: &str, parameter: &str) -> bool {
    static ROLES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| pairs("roles").collect());
    let names = ROLES.get(service);
    names.is_some_and(|names| names.split(' ').any(|name| name.eq_ignore_ascii_case(parameter)))
}

/// An action of IAM by its name; small and large letters are the same.
pub(crate) fn action(name: &str) -> Action {
    let (prefix, short) = name.split_once(':').unwrap_or((name, ""));
    let service = SECTIONS.get(prefix).map(Section::service);
    let found =
        service.and_then(|service| Some((service, service.actions.get(&short.to_ascii_lowercase())?)));
    match found {
        Some((service, (known, head))) => {
            let types = head.split(' ').flat_map(|name| service.types_of(name)).collect();
            Action { name: format!("{prefix}:{known}"), types, is_known: true }
        }
        None => Action { name: name.to_owned(), types: Vec::new(), is_known: false },
    }
}

/// `PutItem` of `putItem`.
pub(crate) fn capital(action: &str) -> String {
    let mut characters = action.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// `putItem` of `PutItem`.
pub(crate) fn small(action: &str) -> String {
    let mut characters = action.chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}

/// The sections by their names; that is all that is read of those that are not asked for.
static SECTIONS: LazyLock<HashMap<&str, Section>> = LazyLock::new(|| {
    let sections = TABLE.split("\n[").skip(1).filter_map(|section| section.split_once("]\n"));
    sections.map(|(name, text)| (name, Section { text, service: OnceLock::new() })).collect()
});

struct Section {
    text: &'static str,
    /// The same, once it is asked for as that of a prefix.
    service: OnceLock<Service>,
}

impl Section {
    fn service(&self) -> &Service {
        self.service.get_or_init(|| Service::read(self.text))
    }
}

/// What is known of a prefix.
struct Service {
    /// The forms of its types of resources, by their names.
    types: HashMap<&'static str, &'static str>,
    /// Its actions, by their names in small letters: the name, and the set of types.
    actions: HashMap<String, (&'static str, &'static str)>,
}

impl Service {
    fn read(section: &'static str) -> Self {
        let types = section.lines().take_while(|line| !line.starts_with('>'));
        let types = types.filter_map(|line| line.split_once(' ')).collect();
        let mut actions = HashMap::new();
        let mut lines = section.lines();
        while let Some(line) = lines.next() {
            let Some(head) = line.strip_prefix('>') else { continue };
            let names = lines.next().unwrap_or_default().split(' ');
            actions.extend(names.map(|name| (name.to_ascii_lowercase(), (name, head))));
        }
        Self { types, actions }
    }

    /// A type of this name for each form that its ARN may have.
    fn types_of(&self, name: &str) -> impl Iterator<Item = Type> {
        let (name, required) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        let found = self.types.get_key_value(name).into_iter();
        found.flat_map(move |(&name, forms)| forms.split(", ").map(move |arn| Type { name, arn, required }))
    }
}

/// The lines of a section: the first word, and the others.
fn pairs(section: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = SECTIONS.get(section).map(|section| section.text).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_the_names_and_resources_of_iam() {
        for (service, name, expected) in [
            ("dynamodb", "putItem", "dynamodb:PutItem"),
            ("sqs", "sendMessageBatch", "sqs:SendMessage"),
            ("apigateway", "getRestApi", "apigateway:GET"),
            ("s3", "getBucketCors", "s3:GetBucketCORS"),
            ("rds", "describeDBInstances", "rds:DescribeDBInstances"),
            ("neptune", "stopDBCluster", "rds:StopDBCluster"),
            ("cloudcontrol", "getResource", "cloudformation:GetResource"),
            ("bedrockruntime", "converse", "bedrock:InvokeModel"),
        ] {
            let found = actions(service, name);
            assert_eq!(found.iter().map(|action| action.name.as_str()).collect::<Vec<_>>(), [expected]);
            assert!(found.iter().all(|action| action.is_known));
        }
        assert_eq!(actions("kms", "reEncrypt").len(), 2);
        let table = action("dynamodb:PutItem").types;
        assert_eq!(table.len(), 1);
        assert_eq!(table[0].arn, "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}");
        assert!(names_role("lambda", "Role") && names_role("batch", "ServiceRole"));
        assert!(!names_role("chime", "Role"), "the role of a member");
        assert!(!action("lambda:NoSuchThing").is_known);
    }

    #[test]
    fn every_type_of_every_action_has_its_form() {
        let mut section = "";
        let mut types = Vec::new();
        let mut actions = 0;
        for line in TABLE.lines().skip(1) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name;
                types.clear();
            } else if let Some(head) = line.strip_prefix('>') {
                for name in head.split(' ').filter(|name| !name.is_empty()) {
                    assert!(types.contains(&name.trim_end_matches('*')), "{section}: {name}");
                }
            } else if line.contains("arn:${") {
                types.extend(line.split(' ').next());
            } else if !["prefixes", "names", "roles"].contains(&section) {
                actions += line.split(' ').count();
            }
        }
        assert!(actions > 20_000, "{actions}");
        assert!(TABLE.len() < 1_000_000);
    }
}
