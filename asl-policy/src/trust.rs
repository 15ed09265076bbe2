//! Whether a role lets Step Functions take it on.

use crate::compare::admits;
use crate::form::MachinePlace;
use crate::glob::Holds;
use serde_json::Value;

/// Whether a role trusts Step Functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trusts {
    /// There is no trust policy to look at.
    Unsaid,
    /// It does not.
    No,
    /// Under a condition that is not known here.
    Perhaps,
    /// It does, for this machine.
    Yes,
}

/// What the trust policies in the JSON of a role say; of several roles, what the one says that trusts least.
#[must_use]
pub fn trusts(role: &Value, place: &MachinePlace) -> Trusts {
    let mut least: Option<Holds> = None;
    let mut left = vec![role];
    while let Some(value) = left.pop() {
        match value {
            Value::Object(members) => {
                if let Some(document) = members.get("AssumeRolePolicyDocument") {
                    let holds = admits(document, place);
                    least = Some(least.map_or(holds, |least| least.min(holds)));
                }
                left.extend(members.values());
            }
            Value::Array(elements) => left.extend(elements),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    match least {
        None => Trusts::Unsaid,
        Some(Holds::Never) => Trusts::No,
        Some(Holds::Perhaps) => Trusts::Perhaps,
        Some(Holds::Always) => Trusts::Yes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_role_trusts_step_functions_or_not() {
        let place = MachinePlace { account: Some("1".to_owned()), ..MachinePlace::default() };
        let role = |principal: Value, condition: Value| {
            let statement = json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition });
            json!({ "Role": { "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [statement] } } })
        };
        let states = json!({ "Service": ["lambda.amazonaws.com", "states.amazonaws.com"] });
        let account = |account: &str| json!({ "StringEquals": { "aws:SourceAccount": account } });
        assert_eq!(trusts(&role(states.clone(), json!({})), &place), Trusts::Yes);
        assert_eq!(trusts(&role(states.clone(), account("1")), &place), Trusts::Yes);
        let regional = json!({ "Service": "states.eu-west-1.amazonaws.com" });
        assert_eq!(trusts(&role(regional, json!({})), &place), Trusts::Yes);
        assert_eq!(trusts(&role(states.clone(), account("2")), &place), Trusts::No);
        assert_eq!(trusts(&role(states, json!({ "Bool": { "a:b": "true" } })), &place), Trusts::Perhaps);
        assert_eq!(
            trusts(&role(json!({ "Service": "lambda.amazonaws.com" }), json!({})), &place),
            Trusts::No
        );
        assert_eq!(trusts(&json!({}), &place), Trusts::Unsaid);
        let everyone = json!({ "Service": "lambda.amazonaws.com", "AWS": ["1", "*"] });
        assert_eq!(trusts(&role(everyone, json!({})), &place), Trusts::Yes);
    }

    #[test]
    fn of_several_roles_the_one_that_trusts_least_decides() {
        let role = |service: &str, condition: Value| {
            let statement = json!({ "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole", "Condition": condition });
            json!({ "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [statement] } })
        };
        let yes = role("states.amazonaws.com", json!({}));
        let no = role("lambda.amazonaws.com", json!({}));
        let perhaps = role("states.amazonaws.com", json!({ "Bool": { "a:b": "true" } }));
        for (roles, expected) in [
            ([&yes, &yes], Trusts::Yes),
            ([&yes, &no], Trusts::No),
            ([&no, &yes], Trusts::No),
            ([&yes, &perhaps], Trusts::Perhaps),
            ([&perhaps, &yes], Trusts::Perhaps),
            ([&perhaps, &no], Trusts::No),
        ] {
            let json = json!({ "RoleDetailList": roles });
            assert_eq!(trusts(&json, &MachinePlace::default()), expected, "{json}");
        }
    }
}
