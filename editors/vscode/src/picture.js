// The picture of a definition. In: the command `asl` and a text. Out: a page for a panel, in which nothing runs and nothing is loaded.
const { execFile } = require("node:child_process");

/// A machine that takes longer to draw is not drawn.
const PATIENCE = 10_000;
const LARGEST = 16 * 1024 * 1024;

/// Draws the text of a definition: the SVG, or why there is none. Errors of the definition do not matter, as far as its states can be read.
function draw(command, text, folder) {
  return new Promise(done => {
    const child = execFile(command, ["graph", "-", "--format", "svg"], { cwd: folder, timeout: PATIENCE, maxBuffer: LARGEST }, (error, svg, said) => {
      if (svg.includes("<svg")) done({ svg });
      else if (error?.code === "ENOENT") done({ why: missing(command) });
      else done({ why: said.trim() || "There is nothing to draw." });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(text);
  });
}

/// What is said where the command is not installed.
function missing(command) {
  return `The command “${command}” is not there. Install it with “cargo install asl-cli”, or set “asl.command” to where it is.`;
}

const escaped = text => text.replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/// The page of a panel.
function page({ svg, why }) {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<style>body { padding: 16px; color: var(--vscode-editor-foreground); background: var(--vscode-editor-background); } svg { max-width: 100%; height: auto; }</style>
</head><body>${svg ?? `<p>${escaped(why ?? "")}</p>`}</body></html>`;
}

module.exports = { draw, missing, page };
