const assert = require("node:assert");
const { test } = require("node:test");
const { cases } = require("../src/cases");

test("cases are found by their names and lines", () => {
  const text = `{
  "mocks": { "name": "no case" },
  "cases": [
    { "name": "first \\"one\\"", "input": { "name": "not this", "cases": [{ "name": "nor this" }] } },
    {
      "expect": {},
      "name":
        "second"
    }
  ]
}`;
  assert.deepStrictEqual(cases(text), [{ name: 'first "one"', line: 3 }, { name: "second", line: 7 }]);
});

test("a file that is being written is read as far as it can be", () => {
  assert.deepStrictEqual(cases('{"cases": [{"name": "a"}, {"name": "b'), [{ name: "a", line: 0 }]);
  for (const text of ["", "[", "]]]}", '{"cases": "name"}', '"\\']) assert.deepStrictEqual(cases(text), []);
});
