//! The proc-macro front end of the compiler: finds the definition, calls [`asl_compiler::compile`], and reports in rustc's own way.
//!
//! Users reach it as `asl_runtime::asl_machine!`, and `asl_runtime::jsonata!` beside it.

mod input;
mod jsonata;
mod locate;
mod report;

use input::Input;
use proc_macro2::TokenStream;
use quote::quote;

/// Compiles a state machine of the Amazon States Language into a module of this program.
///
/// ```ignore
/// use asl_runtime::asl_machine;
///
/// asl_machine!("machine.json");
/// asl_machine!(pub mod fetch = "flows/fetch.asl.json", http_result = "body", allow = ["aws-needs-connection"]);
/// ```
///
/// The path is taken from the folder of the source file that calls the macro, as in `include_str!`; a change of the definition
/// compiles it anew. It may be a template that holds or names the definition: of SAM, CloudFormation or the CDK, of the Serverless Framework, or a
/// plan of Terraform. The module is named after the file, or as the call says, and has
///
/// - `State`, an enum of all states, which can be matched on, printed, and read and written with serde by the names in the definition;
/// - `Machine`, the pure machine, for hosts and for stepping by hand;
/// - `run(&host, input)`, `run_json(&host, text)` and `start(&host, input)`, which run executions on a host: the input is a `Value`, or of any type
///   that serde serializes;
/// - `Input`, a type for the input, where a schema describes it.
///
/// After the path:
///
/// | argument | meaning |
/// | --- | --- |
/// | `machine = "Order"` | which state machine of a template, after which the module is named; a template with one needs none |
/// | `http_result = "body"` | the result of `http:invoke` is the body of the response alone; by default `"envelope"`, as on AWS |
/// | `profile = "aws"` | what only AWS would refuse is an error; by default `"local"`, a warning |
/// | `machine_type = "express"` | what an Express workflow cannot have is reported; by default `"standard"` |
/// | `input = "input.schema.json"` | a JSON Schema (2020-12) of the input of executions: paths into it are checked from the first state on, and the module has it as the type `Input` |
/// | `allow = ["code", ..]` | switches warnings off by their codes |
/// | `substitutions = { Name = value, .. }` | what to put in place of `${Name}` in the definition: strings and other JSON |
/// | `crate = path` | the crate `asl-runtime`, where it was renamed |
///
/// What the call does not say, the table `[definitions]` of the nearest `asl.toml` says, in the folder of the definition or in one around it:
/// `profile`, `http_result`, `machine_type` and `input`. What it allows and substitutes is added to what the call does.
#[proc_macro]
pub fn asl_machine(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match syn::parse::<Input>(tokens) {
        Ok(input) => expand(&input).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

/// Compiles a JSONata expression, the language of `"QueryLanguage": "JSONata"` in its version 2.0.6.
///
/// ```ignore
/// use asl_runtime::jsonata;
///
/// let total = jsonata!("Account.Order.Product.(Price * Quantity) ~> $sum()");
/// let total = total.evaluate(&order)?;
/// ```
///
/// The macro returns an `asl_runtime::jsonata::Compiled`, which evaluates on a `Value`, or on anything that serde serializes, with
/// values for variables if there are any. It can be the value of a constant. Faults in the expression are errors of the compiler, at
/// their place in it, and so is what can never succeed: `"a" + 1`, `$summ(Price)`. There is no `$eval`.
///
/// After the expression may follow `crate = path`, the crate `asl-runtime`, where it was renamed.
#[proc_macro]
pub fn jsonata(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match syn::parse::<jsonata::Input>(tokens) {
        Ok(input) => jsonata::expand(&input).into(),
        Err(error) => error.into_compile_error().into(),
    }
}

fn expand(input: &Input) -> TokenStream {
    let mut module = input.module();
    let definition = match locate::definition(&input.path, input.machine.as_ref()) {
        Ok(definition) => definition,
        Err(reason) => {
            let stub = asl_compiler::emit_stub(&module);
            let error = report::compile_error(reason.span(), &reason.to_string());
            return quote!(#error #stub);
        }
    };
    let project = locate::project(&input.path, &definition);
    let (project, mut options) = match project.and_then(|found| Ok((input.options(&found.says)?, found))) {
        Ok((options, project)) => (project, options),
        Err(reason) => {
            let stub = asl_compiler::emit_stub(&module);
            let error = report::compile_error(input.path.span(), &reason);
            return quote!(#error #stub);
        }
    };
    let schema = match &input.input {
        Some(path) => Some((locate::read("schema", path), path)),
        None => project.schema().map(|file| (file, &input.path)),
    };
    let schema = schema.map(|(file, path)| read_schema(file, path, &mut options, &mut module));
    let compilation = asl_compiler::compile(&definition.source, &options, &module);
    let problems = report::report(&definition.source, &compilation.diagnostics, input.path.span());
    let machine = compilation.into_module(&module);
    let tracking = definition.tracked.iter().chain(&project.tracked).map(|path| track(path, &module.runtime));
    quote!(#problems #machine #(#tracking)* #schema)
}

/// Takes the schema of the machine's input into the options and the module; returns its problems, which are shown at `path`, and what tracks
/// it.
fn read_schema(
    file: Result<locate::Located, String>,
    path: &syn::LitStr,
    options: &mut asl_compiler::Options,
    module: &mut asl_compiler::Module,
) -> TokenStream {
    let file = match file {
        Ok(file) => file,
        Err(reason) => return report::compile_error(path.span(), &reason),
    };
    let schema = asl_compiler::shape::schema::read(&file.source);
    options.input = schema.shape;
    *module = module.clone().with_input(&file.source);
    let problems = report::report(&file.source, &schema.diagnostics, path.span());
    let tracking = file.tracked.as_ref().map(|path| track(path, &module.runtime));
    quote!(#problems #tracking)
}

/// Makes the compiler look at a file again when it changes. The bytes do not reach the program.
fn track(path: &syn::LitStr, runtime: &TokenStream) -> TokenStream {
    let core = quote!(#runtime::__private::core);
    quote!(const _: &[#core::primitive::u8] = #core::include_bytes!(#path);)
}
