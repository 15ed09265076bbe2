const assert = require("node:assert");
const { test } = require("node:test");
const { draw, page } = require("../src/picture");

const command = process.env.ASL || "asl";

test("a definition is drawn, also with mistakes", async () => {
  const { svg } = await draw(command, '{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 1, "Next": "B" } } }', __dirname);
  assert.match(svg, /<svg/);
  assert.match(svg, /<text class="title"[^>]*>A</);
});

test("what cannot be read says why", async () => {
  const { svg, why } = await draw(command, "{", __dirname);
  assert.strictEqual(svg, undefined);
  assert.match(why, /error/);
});

test("a command that is missing is named", async () => {
  const { why } = await draw("/nowhere/asl", "{}", __dirname);
  assert.match(why, /nowhere.*asl\.command/);
});

test("nothing that is said becomes markup", () => {
  assert.match(page({ why: "<img src=x onerror=alert(1)>" }), /&lt;img/);
  assert.match(page({ svg: "<svg></svg>" }), /default-src 'none'/);
});
