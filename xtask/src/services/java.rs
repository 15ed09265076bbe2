//! The names that the AWS SDK for Java 2 makes of those in the models, because Step Functions calls services with it.

/// The name of a service: `DynamoDB` becomes `DynamoDb`, `Database Migration Service` becomes `DatabaseMigration`.
pub(super) fn service_name(id: &str) -> String {
    let name = pascal_case(id);
    let name = name.strip_prefix("Amazon").unwrap_or(&name);
    let name = name.strip_prefix("Aws").unwrap_or(name);
    name.strip_suffix("Service").unwrap_or(name).to_owned()
}

/// The name of an exception: `NoSuchBucket` becomes `NoSuchBucketException`, `DBClusterNotFoundFault` becomes
/// `DbClusterNotFoundException`.
pub(super) fn exception_name(shape: &str) -> String {
    let stem = shape.strip_suffix("Fault").or_else(|| shape.strip_suffix("Exception")).unwrap_or(shape);
    format!("{}Exception", pascal_case(stem))
}

/// Every word with one capital letter.
fn pascal_case(name: &str) -> String {
    let mut result = String::new();
    for word in words(name) {
        let mut letters = word.chars();
        result.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        result.extend(letters.flat_map(char::to_lowercase));
    }
    result
}

/// Where a name falls into words: at everything that is not a letter or digit, before a capital letter behind a small one, before the
/// last of several capital letters if a small one follows it, behind a number, and before the `v` of a version.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let letters: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (at, &letter) in letters.iter().enumerate() {
            if !word.is_empty() && starts_word(&letters, at) {
                words.push(std::mem::take(&mut word));
            }
            word.push(letter);
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

fn starts_word(letters: &[char], at: usize) -> bool {
    let get = |index: usize| letters.get(index).copied();
    let (Some(letter), Some(before)) = (get(at), at.checked_sub(1).and_then(get)) else { return false };
    let next = get(at + 1);
    let ends_capitals = next.is_some_and(|c| c.is_ascii_lowercase()) && !is_version(letters, at + 1);
    is_version(letters, at)
        || (before.is_ascii_digit() && letter.is_ascii_alphabetic())
        || (before.is_ascii_lowercase() && letter.is_ascii_uppercase() && next.is_some())
        || (before.is_ascii_uppercase() && letter.is_ascii_uppercase() && ends_capitals)
}

/// Whether the `v` of a version is there: in front of a digit, and not of the same case as the two letters before it.
fn is_version(letters: &[char], at: usize) -> bool {
    let two_before = |is: fn(&char) -> bool| {
        at.checked_sub(2).and_then(|start| letters.get(start..at)).is_some_and(|two| two.iter().all(is))
    };
    letters.get(at + 1).is_some_and(char::is_ascii_digit)
        && match letters.get(at) {
            Some('v') => two_before(char::is_ascii_uppercase),
            Some('V') => two_before(char::is_ascii_lowercase),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_the_names_of_step_functions() {
        let cases = [
            ("DynamoDB", "DynamoDb"),
            ("S3", "S3"),
            ("S3 Control", "S3Control"),
            ("SESv2", "SesV2"),
            ("WAFV2", "Wafv2"),
            ("Config Service", "Config"),
            ("Database Migration Service", "DatabaseMigration"),
            ("Directory Service Data", "DirectoryServiceData"),
            ("Elastic Load Balancing v2", "ElasticLoadBalancingV2"),
            ("Route 53 Domains", "Route53Domains"),
            ("IoT Data Plane", "IotDataPlane"),
            ("IoTSiteWise", "IoTSiteWise"),
            ("b2bi", "B2Bi"),
            ("EC2", "Ec2"),
            ("SFN", "Sfn"),
            ("ApiGatewayV2", "ApiGatewayV2"),
            ("XRay", "XRay"),
            ("FSx", "FSx"),
        ];
        for (id, expected) in cases {
            assert_eq!(service_name(id), expected);
        }
    }

    #[test]
    fn exceptions_end_in_exception() {
        let cases = [
            ("NoSuchBucket", "NoSuchBucketException"),
            ("DBClusterNotFoundFault", "DbClusterNotFoundException"),
            ("ConditionalCheckFailedException", "ConditionalCheckFailedException"),
            ("KMSAccessDeniedException", "KmsAccessDeniedException"),
            ("TooManyEntriesInBatchRequest", "TooManyEntriesInBatchRequestException"),
        ];
        for (shape, expected) in cases {
            assert_eq!(exception_name(shape), expected);
        }
    }
}
