//! Where services are: what their rules say for every Region, in as few words as possible.
//!
//! In: the rules of a service. Out: a text, which is empty where the service is where most are. `docs/services.md` says how it is written.

use super::model::{Model, Operation};
use super::rules::{Rules, of_partition, regions};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// With FIPS or without, with addresses of both kinds or of the old one: the letter, and what is usual.
const VARIANTS: [(char, bool, bool, &str); 4] = [
    ('p', false, false, "{e}.{r}.{s}"),
    ('f', true, false, "{e}-fips.{r}.{s}"),
    ('d', false, true, "{e}.{r}.{d}"),
    ('b', true, true, "{e}-fips.{r}.{d}"),
];

/// Where a service is: for most of its operations, and for those that are elsewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    pub(super) usual: String,
    others: BTreeMap<String, String>,
}

impl Hosts {
    /// By the rules of a service; nothing is known of one without.
    pub(super) fn of(model: &Model) -> Self {
        let Some(set) = &model.rules else { return Self::default() };
        let rules = Rules { set, partitions: &model.partitions };
        let mut kinds: BTreeMap<String, (String, Vec<&String>)> = BTreeMap::new();
        for (name, operation) in &model.operations {
            let parameters = fixed(model, operation);
            let key = parameters.iter().map(|(name, value)| format!("{name}={value} ")).collect();
            let kind = kinds.entry(key).or_insert_with(|| (text(&rules, model, &parameters), Vec::new()));
            kind.1.push(name);
        }
        let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
        for (text, operations) in kinds.values() {
            *texts.entry(text).or_default() += operations.len();
        }
        let most = texts.iter().max_by_key(|(_, count)| **count).map_or("", |(text, _)| *text).to_owned();
        let others = kinds.values().filter(|(text, _)| *text != most);
        let others =
            others.flat_map(|(text, names)| names.iter().map(|name| ((*name).clone(), text.clone())));
        let others = others.collect();
        Self { usual: most, others }
    }

    /// All of these texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        self.others.values().chain([&self.usual]).cloned().collect::<BTreeSet<_>>().into_iter()
    }

    /// Where an operation is, if it is elsewhere than most.
    pub(super) fn other(&self, operation: &str) -> Option<&String> {
        self.others.get(operation)
    }
}

/// The parameters of rules that an operation has always. Those about buckets mean nothing where a bucket is given, and an account is asked for
/// elsewhere.
fn fixed<'m>(model: &Model, operation: &'m Operation) -> Vec<(&'m str, Value)> {
    let input = operation.input.as_ref().and_then(|name| model.shapes.get(name));
    let mut members = input.and_then(|shape| shape.get("members")?.as_object()).into_iter().flatten();
    let given =
        |member: &Value| member.pointer("/contextParam/name").and_then(Value::as_str) == Some("Bucket");
    if members.any(|(_, member)| given(member)) {
        return Vec::new();
    }
    let fixed = operation.model.get("staticContextParams").and_then(Value::as_object);
    let fixed = fixed.into_iter().flatten().filter(|(name, _)| *name != "RequiresAccountId");
    fixed.filter_map(|(name, parameter)| Some((name.as_str(), parameter.get("value").cloned()?))).collect()
}

fn text(rules: &Rules<'_>, model: &Model, fixed: &[(&str, Value)]) -> String {
    let endpoint = model.text("endpointPrefix").unwrap_or_default();
    let words = VARIANTS.iter().flat_map(|(letter, fips, dual, usual)| {
        let flags = [("UseFIPS", Value::Bool(*fips)), ("UseDualStack", Value::Bool(*dual))];
        let places = regions(rules.partitions).into_iter().filter_map(|(partition, region)| {
            let mut parameters = vec![("Region", Value::from(region.as_str()))];
            parameters.extend(flags.iter().chain(fixed).cloned());
            let found = rules.endpoint(&parameters)?;
            let host = found.url.strip_prefix("https://")?.to_owned();
            let signed = found.signing_region.unwrap_or_else(|| region.clone());
            let hosts = ways(rules.partitions, endpoint, &region, &host, &signed);
            Some(Found { partition, region, ways: hosts })
        });
        shortest(&places.collect::<Vec<_>>(), usual).into_iter().map(move |word| format!("{letter}:{word}"))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A Region, and all ways to write where the service is for it.
struct Found {
    partition: String,
    region: String,
    ways: BTreeSet<String>,
}

/// `{e}` is the prefix of the service, `{r}` the Region, `{h}` the first Region of the partition, `{s}` and `{d}` its two endings.
fn ways(partitions: &Value, endpoint: &str, region: &str, host: &str, signed: &str) -> BTreeSet<String> {
    let of = |name: &str| of_partition(partitions, region, name);
    let (suffix, dual, home) = (of("dnsSuffix"), of("dualStackDnsSuffix"), of("implicitGlobalRegion"));
    let ended = |ending: &str, mark: &str| host.strip_suffix(ending).map(|before| format!("{before}{mark}"));
    let host = ended(&dual, "{d}").or_else(|| ended(&suffix, "{s}")).unwrap_or_else(|| host.to_owned());
    let begun = host.strip_prefix(endpoint).filter(|rest| rest.starts_with(['.', '-']));
    let host = begun.map_or_else(|| host.clone(), |rest| format!("{{e}}{rest}"));
    let mut hosts = vec![host.replace(&format!(".{region}."), ".{r}.")];
    if host.starts_with(&format!("{region}.")) {
        hosts.push(host.replacen(region, "{r}", 1));
    }
    hosts.push(host.replace(&format!(".{home}."), ".{h}."));
    hosts.push(host);
    let mut signatures = vec![format!("@{signed}")];
    signatures.extend((signed == region).then(String::new));
    signatures.extend((signed == home).then(|| "@{h}".to_owned()));
    hosts
        .iter()
        .flat_map(|host| signatures.iter().map(move |signature| format!("{host}{signature}")))
        .collect()
}

/// One way for most Regions, one for each partition that has another, and one for each Region that has yet another.
fn shortest(found: &[Found], usual: &str) -> Vec<String> {
    let count = |way: &str, of: &[&Found]| of.iter().filter(|found| found.ways.contains(way)).count();
    let all: Vec<&Found> = found.iter().collect();
    let most = found.iter().flat_map(|found| &found.ways).max_by_key(|way| {
        (count(way, &all), way.len() < 40, way.as_str() == usual, std::cmp::Reverse(way.len()))
    });
    let Some(most) = most else { return Vec::new() };
    let most = if count(usual, &all) == count(most, &all) { usual } else { most };
    let mut words: Vec<_> = (most != usual).then(|| format!(":{most}")).into_iter().collect();
    let others: BTreeSet<&str> = found
        .iter()
        .filter(|found| !found.ways.contains(most))
        .map(|found| found.partition.as_str())
        .collect();
    for partition in others {
        let here: Vec<&Found> = found.iter().filter(|found| found.partition == partition).collect();
        let ways = here.iter().flat_map(|found| &found.ways);
        let shared = ways.filter(|way| count(way, &here) == here.len()).min_by_key(|way| way.len());
        if let Some(way) = shared {
            words.push(format!("{partition}:{way}"));
            continue;
        }
        for found in here.iter().filter(|found| !found.ways.contains(most)) {
            let way = found.ways.iter().min_by_key(|way| way.len());
            words.extend(way.map(|way| format!("{}:{way}", found.region)));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(partition: &str, region: &str, ways: &[&str]) -> Found {
        Found {
            partition: partition.to_owned(),
            region: region.to_owned(),
            ways: ways.iter().map(|way| (*way).to_owned()).collect(),
        }
    }

    #[test]
    fn only_what_is_unusual_is_written() {
        let usual = "{e}.{r}.{s}";
        let normal =
            || vec![found("aws", "a", &[usual]), found("aws", "b", &[usual]), found("cn", "c", &[usual])];
        assert_eq!(shortest(&normal(), usual), Vec::<String>::new());
        let mut one_is_not = normal();
        one_is_not.push(found("aws", "d", &["x"]));
        assert_eq!(shortest(&one_is_not, usual), ["d:x"]);
        let mut a_partition_is_not = normal();
        a_partition_is_not.push(found("gov", "g", &["x", "longer"]));
        a_partition_is_not.push(found("gov", "h", &["x"]));
        assert_eq!(shortest(&a_partition_is_not, usual), ["gov:x"]);
        let global = [found("aws", "a", &["{e}.{s}@{h}"]), found("aws", "b", &["{e}.{s}@{h}"])];
        assert_eq!(shortest(&global, usual), [":{e}.{s}@{h}"]);
    }
}
