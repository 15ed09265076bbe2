//! `asl mcp`: the command as tools of an assistant, over the Model Context Protocol.
//!
//! In: calls of tools on the standard input. Out: what the command answers in JSON. Each tool is a command that there is already, run in a process
//! of its own, so that nothing is known here but which arguments it takes, and which files it may see.

mod call;
mod places;
mod tools;

use crate::answer::{Answers, Outcome};
use call::Caller;
use clap::Args;
use places::Places;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use std::path::PathBuf;

const ABOUT: &str = "Tools for workflows in the Amazon States Language (AWS Step Functions). Check a definition after every change and mend what is found; `explain` \
                     tells more about a code. `test` runs the tests beside a definition with mocked tasks; nothing is called on AWS.";

/// Serve an assistant: check, explain, draw, test and run definitions, over the Model Context Protocol
///
/// The protocol is spoken over the standard input and output. Files outside of the folder are not read, nothing is written unless `--write` is there, and
/// no task is done but by mocks.
///
/// Exit code: 0 when the assistant has gone, 2 if it cannot be spoken to.
#[derive(Debug, Args)]
#[command(after_help = "Example, for the settings of an assistant:\n\
\x20 { \"mcpServers\": { \"asl\": { \"command\": \"asl\", \"args\": [\"mcp\", \"workflows\"] } } }")]
pub(crate) struct Arguments {
    /// The folder whose files the tools may read
    #[arg(default_value = ".")]
    folder: PathBuf,

    /// Let tools change definitions in the folder: by `asl fmt`, and by `asl check --fix`
    #[arg(long)]
    write: bool,
}

impl Answers for Arguments {
    fn answer(&self) -> Result<Outcome, String> {
        let places = Places::new(&self.folder)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("no runtime can be started: {error}"))?;
        let server = Server { caller: Caller::new(places)?, writes: self.write };
        runtime.block_on(async {
            let serving = server.serve(rmcp::transport::stdio()).await;
            let serving = serving.map_err(|error| format!("the assistant cannot be spoken to: {error}"))?;
            serving.waiting().await.map_err(|error| format!("the server has ended: {error}"))?;
            Ok(Outcome::Fine)
        })
    }
}

struct Server {
    caller: Caller,
    writes: bool,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("asl", env!("CARGO_PKG_VERSION")))
            .with_instructions(ABOUT)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::known(self.writes).map(tools::Tool::described).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let tool = tools::known(self.writes).find(|tool| tool.name == request.name);
        let Some(tool) = tool else {
            return Err(ErrorData::invalid_params(format!("there is no tool `{}`", request.name), None));
        };
        let arguments = request.arguments.unwrap_or_default();
        // What is wrong with a call is for the assistant to read and to mend, and no error of the protocol.
        Ok(match self.caller.call(tool, &arguments).await {
            Ok(answer) => CallToolResult::success(vec![ContentBlock::text(answer)]),
            Err(reason) => CallToolResult::error(vec![ContentBlock::text(reason)]),
        }
        .into())
    }
}
