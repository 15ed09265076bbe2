// Test files: where their cases are. In: the text of a `*.test.json`. Out: the name of each case, and the line that it is on.

/// The names of the cases of a test file, with their lines, counted from 0. A file that is being written is read as far as it can be.
function cases(text) {
  const found = [];
  // Where each array or object that is open began: its key.
  const open = [];
  let key, line = 0;
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]|\n/g;
  for (let match; (match = token.exec(text)); ) {
    const [whole, string, colon] = match;
    if (whole === "\n") line++;
    else if (whole === "{" || whole === "[") { open.push(key); key = undefined; }
    else if (whole === "}" || whole === "]") { open.pop(); key = undefined; }
    else if (colon) { key = string; line += whole.split("\n").length - 1; }
    else {
      // The name of an object in the array `cases` of the file.
      if (key === "name" && open.length === 3 && open[1] === "cases") found.push({ name: unquoted(whole), line });
      key = undefined;
    }
  }
  return found;
}

function unquoted(string) {
  try { return JSON.parse(string); } catch { return string.slice(1, -1); }
}

module.exports = { cases };
