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

/// Where a name falls into words: at everything that is no letter or digit, before a capital letter behind a small one, before the
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
    let Some(letter) = get(at) else { return false };
    let (before, next) = (at.checked_sub(1).and_then(get), get(at + 1));
    let Some(before) = before else { return false };
    let is_lower = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let is_version = match letter {
        'v' => {
            is_digit(next) && at >= 2 && letters.iter().take(at).rev().take(2).all(char::is_ascii_uppercase)
        }
        'V' => {
            is_digit(next) && at >= 2 && letters.iter().take(at).rev().take(2).all(char::is_ascii_lowercase)
        }
        _ => false,
    };
    is_version
        || (before.is_ascii_digit() && letter.is_ascii_alphabetic())
        || (before.is_ascii_lowercase() && letter.is_ascii_uppercase() && next.is_some())
        || (before.is_ascii_uppercase() && letter.is_ascii_uppercase() && is_lower(next))
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
