//! How Step Functions writes the names of the models: the SDK for Java 2 makes a method of each, and its first letter becomes a capital.

/// The name of an action: `PutItem` becomes `putItem`, `DBThing` becomes `dbThing`.
pub(super) fn uncapitalized(name: &str) -> String {
    let mut result = String::new();
    let mut letters = name.chars().peekable();
    let mut in_front = true;
    while let Some(letter) = letters.next() {
        if in_front {
            result.extend(letter.to_lowercase());
            let mut ahead = letters.clone();
            let (next, after) = (ahead.next(), ahead.next());
            in_front = next.is_some_and(char::is_uppercase) && !after.is_some_and(char::is_lowercase);
        } else {
            result.push(letter);
        }
    }
    result
}

/// With a capital first letter.
pub(super) fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The name of a member in a task that calls the SDK: `MD5OfBody` becomes `Md5OfBody`, `KMSKeyId` becomes `KmsKeyId`.
pub(crate) fn sdk_member(name: String) -> String {
    match name.as_bytes() {
        // Names that follow no rule: that of a type of DynamoDB, and that of a method which every object of Java has.
        b"NULL" => "Nul".to_owned(),
        b"Equals" => "EqualsValue".to_owned(),
        // Only a name with several capital letters in front changes.
        [_, second, ..] if second.is_ascii_uppercase() => capitalized(&uncapitalized(&name)),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capital_letters_in_front_become_small_up_to_the_next_word() {
        let cases = [
            ("TableName", "TableName"),
            ("MD5OfMessageBody", "Md5OfMessageBody"),
            ("SSEKMSKeyId", "SsekmsKeyId"),
            ("DBInstanceIdentifier", "DbInstanceIdentifier"),
            ("ETag", "ETag"),
            ("ACL", "Acl"),
            ("S", "S"),
            ("BOOL", "Bool"),
            ("NULL", "Nul"),
            ("Equals", "EqualsValue"),
            ("NotEquals", "NotEquals"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(sdk_member(name.to_owned()), expected);
        }
        assert_eq!(uncapitalized("DescribeDBInstances"), "describeDBInstances");
    }
}
