// The extension: a client of `asl lsp`, the picture of a definition beside its text, and commands that run it and its tests.
const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { cases } = require("./cases");
const { draw, missing, page } = require("./picture");

const LANGUAGES = ["asl", "asl-yaml"];
/// Between the last letter and a new picture.
const PAUSE = 300;

let client;

const settings = () => vscode.workspace.getConfiguration("asl");
const command = () => settings().get("command") || "asl";
const isDefinition = document => document && LANGUAGES.includes(document.languageId);

async function startServer() {
  const selector = [...LANGUAGES.map(language => ({ language })), ...settings().get("templates").map(pattern => ({ scheme: "file", pattern }))];
  const server = { command: command(), args: ["lsp", ...settings().get("options")], options: { cwd: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath } };
  client = new LanguageClient("asl", "Amazon States Language", server, { documentSelector: selector });
  try {
    await client.start();
  } catch {
    client = undefined;
    vscode.window.showErrorMessage(missing(command()));
  }
}

async function restartServer() {
  await client?.stop().catch(() => {});
  await startServer();
}

/// The panel with the picture of the definition that is being edited.
class Picture {
  static open(document) {
    Picture.panel ??= new Picture();
    Picture.panel.show(document);
  }

  constructor() {
    this.view = vscode.window.createWebviewPanel("asl.picture", "Picture", { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, { enableScripts: false });
    const heard = [
      vscode.workspace.onDidChangeTextDocument(e => e.document === this.document && this.soon()),
      vscode.window.onDidChangeActiveTextEditor(editor => isDefinition(editor?.document) && this.show(editor.document)),
    ];
    this.view.onDidDispose(() => {
      heard.forEach(one => one.dispose());
      clearTimeout(this.timer);
      Picture.panel = undefined;
    });
  }

  show(document) {
    this.document = document;
    this.view.title = "Picture of " + path.basename(document.fileName);
    this.soon(0);
  }

  soon(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.redraw(), pause);
  }

  async redraw() {
    const { document } = this;
    const version = document.version;
    const drawn = await draw(command(), document.getText(), path.dirname(document.fileName));
    // What is being typed has a mistake now and then: the last picture stays until there is another.
    if (document !== this.document || document.version !== version || (this.svg && !drawn.svg && document === this.shown)) return;
    this.shown = document;
    this.svg = drawn.svg;
    this.view.webview.html = page(drawn);
  }
}

/// Runs the command in a terminal, without a shell that could read anything into its arguments.
function inTerminal(name, args, folder) {
  const terminal = vscode.window.createTerminal({ name, shellPath: command(), shellArgs: args, cwd: folder });
  terminal.show(true);
}

async function run(context) {
  const document = vscode.window.activeTextEditor?.document;
  if (!isDefinition(document)) return;
  const key = "input:" + document.uri.toString();
  const input = await vscode.window.showInputBox({ title: "Input of the execution, as JSON", value: context.workspaceState.get(key, "{}"), validateInput: why });
  if (input === undefined) return;
  await context.workspaceState.update(key, input);
  await document.save();
  inTerminal("asl run", ["run", document.fileName, "--input", input], path.dirname(document.fileName));
}

function why(text) {
  try { JSON.parse(text); } catch (error) { return error.message; }
}

async function test(file, name) {
  const target = file ?? vscode.window.activeTextEditor?.document.fileName;
  if (!target) return;
  await vscode.workspace.saveAll(false);
  inTerminal("asl test", ["test", target, ...(name === undefined ? [] : ["--filter", name])], path.dirname(target));
}

/// “Run” above each case of a test file.
const lenses = {
  provideCodeLenses: document => cases(document.getText()).map(({ name, line }) => {
    const range = new vscode.Range(line, 0, line, 0);
    return new vscode.CodeLens(range, { title: "$(play) Run", command: "asl.test", arguments: [document.fileName, name] });
  }),
};

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("asl.picture", () => {
      const document = vscode.window.activeTextEditor?.document;
      if (isDefinition(document)) Picture.open(document);
    }),
    vscode.commands.registerCommand("asl.run", () => run(context)),
    vscode.commands.registerCommand("asl.test", test),
    vscode.commands.registerCommand("asl.restart", restartServer),
    vscode.languages.registerCodeLensProvider({ scheme: "file", pattern: "**/*.test.json" }, lenses),
    vscode.workspace.onDidChangeConfiguration(e => e.affectsConfiguration("asl") && restartServer()),
  );
  await startServer();
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate };
