//! The services that Step Functions integrates with in its own way: `arn:aws:states:::NAME:action`.
//!
//! A row for each: who calls it, and what it is drawn as. The compiler has a row of the same constant with its actions, their patterns,
//! parameters, results and jobs.

use super::Client;

/// A service that Step Functions integrates with in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integration {
    /// The name in `arn:aws:states:::NAME:action`.
    pub name: &'static str,
    /// Who calls it.
    client: Client,
    /// Its actions that another client does.
    except: Option<(Client, &'static [&'static str])>,
    /// A Cargo feature for it alone.
    pub feature: Option<&'static str>,
    /// What it is drawn as.
    pub icon: Icon,
}

/// What a service is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Icon {
    Function,
    Table,
    Globe,
    Queue,
    Horn,
    Bucket,
    Bus,
    Machine,
    Container,
    Batch,
    Worker,
    Secret,
    Chart,
    Brain,
    Door,
    Gear,
}

impl Integration {
    /// One whose actions any client of AWS can do.
    const fn new(name: &'static str, icon: Icon) -> Self {
        Self { name, client: Client::Aws, except: None, feature: None, icon }
    }

    /// One that has a client to itself.
    const fn by(self, client: Client) -> Self {
        Self { client, ..self }
    }

    /// Actions that have a client to themselves.
    const fn except(self, client: Client, actions: &'static [&'static str]) -> Self {
        Self { except: Some((client, actions)), ..self }
    }

    const fn feature(self, feature: &'static str) -> Self {
        Self { feature: Some(feature), ..self }
    }

    /// The integration of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|integration| integration.name == name)
    }

    /// Who does one of its actions.
    #[must_use]
    pub fn client_of(&self, action: &str) -> Client {
        let except = self.except.filter(|(_, actions)| actions.contains(&action));
        except.map_or(self.client, |(client, _)| client)
    }

    /// Whether the actions are sent as the API behind them says, so that the compiler has to know how.
    #[must_use]
    pub const fn is_sent_by_aws(&self) -> bool {
        !matches!(self.client, Client::DynamoDb | Client::Lambda)
    }
}

macro_rules! integrations {
    ($($constant:ident = $row:expr;)*) => {
        $(
            #[doc = concat!("[`", stringify!($constant), "`]: its row in the table.")]
            pub const $constant: Integration = $row;
        )*

        /// All of them, by the alphabet.
        pub const ALL: &[&Integration] = &[$(&$constant),*];
    };
}

integrations! {
    API_GATEWAY = Integration::new("apigateway", Icon::Door).by(Client::ApiGateway);
    ATHENA = Integration::new("athena", Icon::Chart);
    BATCH = Integration::new("batch", Icon::Batch);
    BEDROCK = Integration::new("bedrock", Icon::Brain);
    BEDROCK_AGENT_CORE = Integration::new("bedrockagentcore", Icon::Gear);
    CODE_BUILD = Integration::new("codebuild", Icon::Gear);
    DATA_BREW = Integration::new("databrew", Icon::Gear);
    DYNAMO_DB = Integration::new("dynamodb", Icon::Table).by(Client::DynamoDb);
    ECS = Integration::new("ecs", Icon::Container);
    EKS = Integration::new("eks", Icon::Container).except(Client::Eks, &["call", "runJob"]);
    EMR = Integration::new("elasticmapreduce", Icon::Gear);
    EMR_CONTAINERS = Integration::new("emr-containers", Icon::Gear);
    EMR_SERVERLESS = Integration::new("emr-serverless", Icon::Gear);
    EVENT_BRIDGE = Integration::new("events", Icon::Bus).feature("events");
    GLUE = Integration::new("glue", Icon::Gear);
    HTTP = Integration::new("http", Icon::Globe).by(Client::Http);
    LAMBDA = Integration::new("lambda", Icon::Function).by(Client::Lambda);
    MEDIA_CONVERT = Integration::new("mediaconvert", Icon::Gear);
    // Only stores of distributed Maps name it.
    S3 = Integration::new("s3", Icon::Bucket).by(Client::S3);
    SAGE_MAKER = Integration::new("sagemaker", Icon::Brain);
    SNS = Integration::new("sns", Icon::Horn).feature("sns");
    SQS = Integration::new("sqs", Icon::Queue).feature("sqs");
    STEP_FUNCTIONS = Integration::new("states", Icon::Machine).feature("states");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_by_the_alphabet() {
        assert!(ALL.is_sorted_by_key(|integration| integration.name));
        assert_eq!(Integration::of("sqs"), Some(&SQS));
        assert_eq!(EKS.client_of("createCluster"), Client::Aws);
        assert_eq!([EKS.client_of("call"), EMR.client_of("addStep")], [Client::Eks, Client::Aws]);
        assert_eq!(Integration::of("nothing"), None);
    }
}
