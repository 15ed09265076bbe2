// Drives the console in a browser, as people do: `node browser.cjs ENDPOINT [FOLDER FOR SCREENSHOTS]`. Ends with 77 where there is no browser.
const fs = require("fs");
const path = require("path");
const assert = require("assert");

let chromium, axe;
try {
  ({ chromium } = require("playwright-core"));
  axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
} catch {
  process.exit(77);
}
const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(p => p && fs.existsSync(p));
if (!executablePath) process.exit(77);

const [endpoint, screens] = process.argv.slice(2);
const machine = name => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
const api = async (action, body) => {
  const r = await fetch(endpoint, { method: "POST", headers: { "X-Amz-Target": "AWSStepFunctions." + action }, body: JSON.stringify(body) });
  const answer = await r.json();
  assert(r.ok, `${action}: ${JSON.stringify(answer)}`);
  return answer;
};
const start = async (name, input, execution) => (await api("StartExecution", { stateMachineArn: machine(name), input: JSON.stringify(input), name: execution })).executionArn;
const place = arn => { const [m, n] = arn.split(":").slice(6); return `${endpoint}/executions/${encodeURIComponent(m)}/${encodeURIComponent(n)}`; };
const order = (total, heavy) => ({ order: "A-20417", total, heavy, customer: "c-8812", lines: [{ sku: "LAMP-02", quantity: 1 }, { sku: "TABLE-11", quantity: 1 }, { sku: "CHAIR-07", quantity: 4 }] });

let browser;
const broken = [];
const tab = async options => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120000);
  // What the policy refuses, and what fails in the script, is an error of the test.
  page.on("console", m => { if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) broken.push(m.text()); });
  page.on("pageerror", e => broken.push(String(e)));
  // Everything comes from the server alone.
  page.on("request", r => { if (!r.url().startsWith(endpoint) && !r.url().startsWith("data:")) broken.push("asks " + r.url()); });
  page.on("dialog", d => { broken.push("a dialog: " + d.message()); d.dismiss(); });
  return page;
};
const shoot = async (page, name) => { if (screens) await page.screenshot({ path: path.join(screens, name + ".png"), fullPage: !name.endsWith("-top") }); };
/// Whether everybody can use a page, and none is wider than the window.
const fair = async (page, name) => {
  // By a debugger, which no policy of a page concerns.
  await page.evaluate(axe + ";0");
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const said = found.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | ")}`);
  assert.deepStrictEqual(said, [], `axe on ${name}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(wide <= 0, `${name} is ${wide} px wider than the window`);
};
const says = (page, selector, text) => page.locator(selector).filter({ hasText: text }).first().waitFor();
/// The same of a page that does not change by itself.
const comesToSay = async (page, selector, text) => { while (!(await page.locator(selector).first().innerText()).includes(text)) await page.reload(); };
const only = process.env.ONLY;

const steps = {
  async "a failure is told first, and its states are looked at"() {
    const page = await tab();
    await page.goto(endpoint);
    await says(page, "h1", "Machines");
    await fair(page, "machines");
    await page.getByRole("link", { name: "order", exact: true }).click();
    await page.locator(".asl .state").first().waitFor();
    await fair(page, "a machine");
    await shoot(page, "machine");
    await page.getByLabel("Name (one is made").fill("failing");
    await page.getByRole("textbox", { name: "Input" }).fill(JSON.stringify(order(900, true)));
    await page.getByRole("button", { name: "Start" }).click();
    await says(page, "#status", "Failed");
    await says(page, "#banner .what", "CarrierRejected");
    await says(page, "#inspect h2", "Ship parcel");
    await says(page, "#banner .path", "Cancel order");
    assert.match(await page.locator(".asl .sel > a").getAttribute("aria-label"), /^Ship parcel.*, failed$/);
    await fair(page, "a failure");
    await shoot(page, "failed");
    await shoot(page, "failed-top");
    const width = async () => (await page.locator("#inspect").boundingBox()).width, before = await width();
    await page.locator(".divider").focus();
    await page.keyboard.press("ArrowLeft");
    assert.strictEqual(await width(), before + 24, "the divider moves");
    await page.reload();
    assert.strictEqual(await width(), before + 24, "the divider stays where it is");
    await page.locator(".asl a[data-state='Validate order']").click();
    await says(page, "#inspect h2", "Validate order");
    assert.match(page.url(), /state=Validate/);
    await page.locator(".tl a.lab", { hasText: "Fulfil" }).click();
    await says(page, "#inspect h2", "Fulfil");
    await page.locator("h1").click();
    await page.keyboard.press("]");
    await says(page, "#inspect h2", "Ship parcel");
    await page.keyboard.press("Escape");
    await says(page, "#inspect .up", "Execution");
    await page.getByLabel("Filter events").fill("TaskFailed");
    assert((await page.locator("#event-rows tr:visible").count()) >= 1);
    const row = page.locator("#event-rows tr:visible").first();
    assert.match(await row.textContent(), /Failed/);
    await row.locator(".tog").click();
    await says(page, "#event-rows tr.x", "errorMessage");
    await page.getByLabel("Filter events").fill("");
    await page.getByText("Redrive…").click();
    await fair(page, "a dialog");
    await shoot(page, "redrive-top");
    await page.getByRole("button", { name: "Redrive", exact: true }).click();
    await says(page, ".head .tag", "redriven 1×");
    await says(page, "#status", "Failed");
    await page.getByRole("link", { name: "Start again" }).click();
    assert.match(await page.getByRole("textbox", { name: "Input" }).inputValue(), /LAMP-02/);
    await page.context().close();
  },

  async "a token is sent, and what waits goes on"() {
    const page = await tab();
    const arn = await start("order", order(1900, false), "large");
    await page.goto(place(arn));
    await says(page, "#banner", "waits for its task token");
    await page.locator(".asl .running[class*=task]").first().waitFor();
    await shoot(page, "running-top");
    await page.goto(place(arn) + "?state=Wait+for+approval");
    await page.locator("#inspect form").waitFor();
    assert((await page.getByLabel("Task token").inputValue()).length > 15);
    await fair(page, "a running execution");
    await page.getByRole("button", { name: "Send success" }).click();
    await says(page, "#status", "Succeeded");
    await page.locator(".asl a[data-state='Confirm order'][aria-label$=', succeeded']").waitFor();
    await fair(page, "a success");
    await shoot(page, "succeeded");
    await page.context().close();
  },

  async "what happens is seen while it happens, and stopped"() {
    const page = await tab();
    const activity = (await api("CreateActivity", { name: "Work" })).activityArn;
    const arn = await start("pause", { a: 1 }, "live");
    await page.goto(place(arn));
    await says(page, "#status", "Running");
    await page.locator(".asl a[data-state='Work'][aria-label$=', running']").waitFor();
    await page.locator(".asl a[data-state='First']").click();
    await says(page, "#inspect h2", "First");
    const loads = []; page.on("framenavigated", () => loads.push(1));
    const task = await api("GetActivityTask", { activityArn: activity });
    await api("SendTaskSuccess", { taskToken: task.taskToken, output: "{}" });
    await page.locator(".asl a[data-state='Work'][aria-label$=', succeeded']").waitFor();
    await page.locator(".asl a[data-state='More work'][aria-label$=', running']").waitFor();
    await says(page, "#event-rows", "More work");
    await says(page, "#rows", "More work");
    // What was chosen stays chosen.
    await says(page, "#inspect h2", "First");
    assert.strictEqual(loads.length, 0, "the page was loaded again");
    await page.goto(endpoint + "/activities");
    await says(page, "td", "1");
    await fair(page, "activities");
    await shoot(page, "activities-top");
    await page.goto(place(arn));
    await page.getByText("Stop…").click();
    await page.getByLabel("Error (optional)").fill("OperatorStop");
    await page.getByRole("button", { name: "Stop execution" }).click();
    await says(page, "#status", "Stopped");
    await says(page, "#banner", "OperatorStop");
    await shoot(page, "stopped-top");
    await page.context().close();
  },

  async "an execution is watched from its start to its end"() {
    const page = await tab();
    const activity = (await api("CreateActivity", { name: "Work" })).activityArn;
    const arn = await start("pause", { a: 1 }, "watched");
    await page.goto(place(arn));
    const loads = []; page.on("framenavigated", () => loads.push(1));
    for (const state of ["Work", "More work"]) {
      await page.locator(`.asl a[data-state='${state}'][aria-label$=', running']`).waitFor();
      const task = await api("GetActivityTask", { activityArn: activity });
      await api("SendTaskSuccess", { taskToken: task.taskToken, output: "{}" });
      await page.locator(`.asl a[data-state='${state}'][aria-label$=', succeeded']`).waitFor();
    }
    await says(page, "#status", "Succeeded");
    await says(page, "#event-rows", "ExecutionSucceeded");
    await says(page, "#live", "ended");
    assert.strictEqual(loads.length, 0, "the page was loaded again");
    await page.context().close();
  },

  async "nothing moves for those who want no motion"() {
    await api("CreateActivity", { name: "Work" });
    const arn = await start("pause", {}, "moving");
    for (const [reducedMotion, moves] of [["no-preference", true], ["reduce", false]]) {
      const page = await tab({ reducedMotion });
      await page.goto(place(arn));
      await page.locator(".asl a[aria-label$=', running']").waitFor();
      const moving = await page.evaluate(() => document.getAnimations().length > 0);
      assert.strictEqual(moving, moves, reducedMotion);
      await page.context().close();
    }
    await api("StopExecution", { executionArn: arn });
  },

  async "ten thousand iterations are looked at"() {
    const page = await tab();
    const items = Array.from({ length: 10000 }, (_, n) => (n % 2500 === 117 ? 13 : 20));
    const arn = await start("many", { items }, "ten-thousand");
    await page.goto(place(arn));
    // An execution may have 25,000 events, so that not all of them have their turn.
    await says(page, "#status", "Failed");
    await says(page, "#banner", "25000");
    await page.goto(place(arn) + "?state=Each");
    const cells = page.locator("#inspect .cells");
    assert.match(await cells.getAttribute("aria-label"), /^10,000 iterations, 2 failed, a cell for each in order$/);
    const html = await (await fetch(place(arn) + "?state=Each")).text();
    assert(html.length < 120 * 1024, `${html.length} bytes`);
    await fair(page, "a Map of ten thousand");
    await shoot(page, "ten-thousand");
    // Iterations of two states fold, and show those with errors.
    const item = page.locator(".tl .lane-row", { hasText: "#117" });
    await item.waitFor();
    await page.getByLabel("Inside of #117", { exact: true }).click();
    await page.locator(".tl a.lab:visible", { hasText: "#117 Bad luck" }).waitFor({ state: "hidden" });
    await page.getByRole("link", { name: "All iterations" }).click();
    await says(page, ".stats", "5,83");
    await says(page, "#errors", "ended in Bad luck");
    await fair(page, "iterations");
    await shoot(page, "iterations");
    await page.getByRole("link", { name: "Failed" }).click();
    assert.strictEqual(await page.locator("section[aria-label='Iterations'] tbody tr").count(), 2);
    // The failed one in the first row of cells, in the middle of its cell.
    const all = page.locator(".cells"), size = await all.boundingBox(), across = +(await all.getAttribute("data-columns"));
    await all.click({ position: { x: size.width / across * 117.5, y: size.width / across / 2 } });
    await says(page, "#inspect h2", "Bad luck");
    await says(page, "#inspect .up", "item 117");
    await page.goBack();
    await page.getByLabel("Number", { exact: true }).fill("2617");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await says(page, "#inspect .up", "item 2617");
    await page.context().close();
  },

  async "a large machine is folded, and what is looked at is open"() {
    const page = await tab();
    const branch = (name, next) => ({ StartAt: name, States: { [name]: { Type: "Pass", Next: next }, [next]: { Type: "Pass", End: true } } });
    const States = { Done: { Type: "Succeed" } };
    for (let n = 0; n < 60; n++) States[`Group ${n}`] = { Type: "Parallel", Branches: [branch(`A${n}`, `B${n}`), branch(`C${n}`, `D${n}`)], ResultPath: null, Next: n < 59 ? `Group ${n + 1}` : "Done" };
    const definition = JSON.stringify({ StartAt: "Group 0", States });
    await api("CreateStateMachine", { name: "large", definition, roleArn: "arn:aws:iam::000000000000:role/r" });
    const arn = await start("large", {}, "large");
    await page.goto(place(arn));
    await says(page, "#status", "Succeeded");
    await page.reload();
    await page.locator(".asl a[data-state='Group 7'][aria-label$=', succeeded']").waitFor();
    assert.strictEqual(await page.locator(".asl a[data-state='A7']").count(), 0);
    await page.locator(".asl a[data-state='Group 7']").click();
    await page.locator(".asl a[data-state='A7'][aria-label$=', succeeded']").waitFor();
    await page.locator(".asl a[data-state='D7']").click();
    await says(page, "#inspect h2", "D7");
    await page.locator(".asl .sel > a[data-state='D7']").waitFor();
    // A state of another scope, by the timeline.
    await page.locator(".tl a.lab:visible", { hasText: "B3" }).click();
    await page.locator(".asl .sel > a[data-state='B3']").waitFor();
    await fair(page, "a large machine");
    await page.goto(endpoint + "/machines/large/edit");
    await page.locator(".edit .asl a[data-state='Group 2']").click();
    await page.locator(".edit .asl a[data-state='C2']").waitFor();
    assert.match(await page.locator("#caret").textContent(), /^Line 1,/);
    await page.context().close();
  },

  async "a machine is run with mocks before it is saved"() {
    const page = await tab();
    await page.goto(endpoint + "/machines/order/edit");
    const mocks = page.getByLabel("Mocks:");
    assert.match(await mocks.inputValue(), /"Ship parcel"/, "the tasks are there to be filled in");
    await page.getByLabel("Input of the machine").fill(JSON.stringify(order(900, true)));
    await mocks.fill(JSON.stringify({ "Reserve stock": { result: {} }, "Ship parcel": { error: "CarrierRejected", cause: "too heavy" } }));
    await page.getByRole("button", { name: "Run the machine" }).click();
    await says(page, "#ran", "has no task: it is a Map state");
    const done = { result: { Payload: {} } };
    const all = { "Validate order": done, "Reserve line": done, "Ship parcel": { error: "CarrierRejected", cause: "too heavy" }, "Send invoice": done, "Release stock": done };
    await mocks.fill(JSON.stringify(all));
    await page.getByRole("button", { name: "Run the machine" }).click();
    await says(page, "#ran #banner", "CarrierRejected");
    await page.locator(".edit .asl a[data-state='Ship parcel'][aria-label$=', failed']").waitFor();
    await says(page, "#ran .inspect:visible h2", "Ship parcel");
    await page.locator(".edit .asl a[data-state='Validate order']").click();
    await says(page, "#ran .inspect:visible h2", "Validate order");
    await fair(page, "a run with mocks");
    await shoot(page, "rehearsed");
    // The text is not saved, and what came is known to be of another one.
    const text = page.getByRole("textbox", { name: "Definition" });
    await text.focus(); await page.keyboard.press("Control+End"); await page.keyboard.type(" ");
    await page.locator("#ran[data-stale]").waitFor();
    const kept = (await api("ListExecutions", { stateMachineArn: machine("order") })).executions.length;
    await page.goto(endpoint + "/machines/order");
    assert.strictEqual((await api("ListExecutions", { stateMachineArn: machine("order") })).executions.length, kept);
    // What an execution was given and what its tasks answered is where a change of the text is tried with.
    const arn = await start("order", order(900, true), "to-be-mended");
    await page.goto(place(arn));
    await says(page, "#status", "Failed");
    await page.getByLabel("More actions").click();
    await page.getByRole("link", { name: "Edit, and run with its answers" }).click();
    assert.match(await page.getByLabel("Input of the machine").inputValue(), /LAMP-02/);
    await page.getByRole("button", { name: "Run the machine" }).click();
    await says(page, "#ran #banner", "CarrierRejected");
    await page.context().close();
  },

  async "a long execution is a small page"() {
    const page = await tab();
    const items = Array.from({ length: 1500 }, (_, n) => (n % 400 === 7 ? 13 : n + 20));
    const arn = await start("many", { items }, "many");
    await page.goto(place(arn));
    await says(page, "#status", "Succeeded");
    await page.reload();
    const html = await (await fetch(place(arn))).text();
    assert(html.length < 120 * 1024, `${html.length} bytes`);
    const zipped = require("zlib").gzipSync(html).length;
    assert(zipped < 15 * 1024, `${zipped} bytes with gzip`);
    const events = await page.locator("#event-count").textContent();
    assert(+events.replace(",", "") > 7000, events);
    await says(page, ".tl", "1,496 of 1,500, 4 failed");
    await page.locator("#more").click();
    await says(page, "#event-rows", "MapIteration");
    await page.goto(place(arn) + "?q=MapIterationFailed#events");
    assert.strictEqual(await page.locator("#event-rows tr").count(), 4);
    await fair(page, "a long execution");
    await shoot(page, "many");
    await page.context().close();
  },

  async "nothing in data becomes markup"() {
    const page = await tab();
    const long = "x".repeat(200000);
    const arn = await start("hostile", { error: "<b>Bold\u202e", cause: "\u001b[31m</script><img src=x onerror=alert(3)>" + "y".repeat(3000), long, "<i>": "<u>" }, "hostile");
    for (const at of [place(arn), place(arn) + "?visit=0", endpoint, endpoint + "/machines/hostile", endpoint + "/machines/hostile/edit", endpoint + "/executions"]) {
      await page.goto(at);
      if (at.includes("/executions/")) await page.locator("#event-rows tr").first().waitFor();
      const found = await page.evaluate(() => [...document.querySelectorAll("main script, main img, main b > svg, main [onload], main [onerror], main u:not(.src u)")].map(n => n.outerHTML));
      assert.deepStrictEqual(found, [], at);
      await fair(page, at);
    }
    await page.goto(place(arn));
    await says(page, "#status", "Failed");
    await shoot(page, "hostile");
    await page.context().close();
  },

  async "a mistake is seen while one types, and mended"() {
    const page = await tab();
    await page.goto(endpoint + "/new");
    await fair(page, "the editor");
    const text = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Next: "Shp" }, Ship: { Type: "Pass", Result: { ok: true }, End: true } } }, null, 2);
    await page.getByRole("textbox", { name: "Definition" }).fill(text);
    await says(page, "#found", "does not exist");
    await page.locator("#save:disabled").waitFor();
    await shoot(page, "editor");
    await fair(page, "the editor with a mistake");
    await page.keyboard.press("F8");
    await page.getByRole("button", { name: "Fix: Ship" }).click();
    await says(page, "#counts", "no problems");
    assert.strictEqual(await page.getByRole("textbox", { name: "Definition" }).inputValue(), text.replace("Shp", "Ship"));
    await page.getByLabel("Name").fill("mended");
    await page.locator("#save:enabled").click();
    await says(page, "h1", "mended");
    await page.getByRole("link", { name: "Edit" }).click();
    await page.locator("select[name=state]").selectOption("Ship");
    await page.getByRole("button", { name: "Run the state" }).click();
    await says(page, "#tried", "SUCCEEDED");
    await shoot(page, "tried");
    await page.goto(endpoint + "/machines/mended");
    await page.getByRole("button", { name: "Start" }).click();
    await says(page, "#status", "Succeeded");
    await page.context().close();
  },

  async "a history from elsewhere is drawn"() {
    const page = await tab();
    const arn = await start("order", order(900, true), "taken-away");
    await page.goto(place(arn));
    await says(page, "#status", "Failed");
    const history = await (await fetch(place(arn) + "/history.json")).text();
    assert(JSON.parse(history).events.length > 20);
    const test = await (await fetch(place(arn) + "/test.json")).json();
    assert.strictEqual(test.cases[0].mocks["Ship parcel"][0].error, "CarrierRejected");
    await page.goto(endpoint + "/open");
    await fair(page, "a form for a history");
    await page.getByLabel("History, as JSON").fill(history);
    await page.locator("select[name=machine]").selectOption("order");
    await page.getByRole("button", { name: "Draw it" }).click();
    await says(page, "#banner", "CarrierRejected");
    await page.locator(".asl a[data-state='Ship parcel'][aria-label$=', failed']").waitFor();
    await fair(page, "a history");
    await page.locator(".asl a[data-state='Validate order']").click();
    await says(page, ".inspect:visible h2", "Validate order");
    await shoot(page, "opened");
    await page.context().close();
  },

  async "the items of a Map Run are counted, and its limits changed"() {
    const page = await tab();
    const activity = (await api("CreateActivity", { name: "Hand" })).activityArn;
    const arn = await start("parts", { items: Array.from({ length: 60 }, (_, n) => n) }, "sixty");
    const task = await api("GetActivityTask", { activityArn: activity });
    const run = (await api("ListMapRuns", { executionArn: arn })).mapRuns[0].mapRunArn;
    // All but the one that waits.
    while ((await api("DescribeMapRun", { mapRunArn: run })).itemCounts.running > 1) await new Promise(r => setTimeout(r, 50));
    await page.goto(place(arn) + "?state=Parts");
    await page.getByRole("link", { name: "Items and their executions" }).click();
    await says(page, "#status", "Running");
    await says(page, ".stats", "51");
    await says(page, "#errors", "Part.Refused");
    assert.match(await page.locator(".cells").getAttribute("aria-label"), /executions, 8 failed/);
    assert.strictEqual(await page.locator(".cells path.bad").count(), 1);
    await page.getByLabel("Number", { exact: true }).fill("3");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await says(page, "#status", "Succeeded");
    await page.goBack();
    const cells = page.locator(".cells"), size = await cells.boundingBox(), across = +(await cells.getAttribute("data-columns"));
    // The fourth child, in the middle of its cell.
    await cells.click({ position: { x: size.width / across * 3.5, y: size.width / across / 2 } });
    await page.waitForURL(/executions/);
    await page.goBack();
    await fair(page, "a Map Run");
    await shoot(page, "map-run");
    await page.getByText("Change limits…").click();
    await fair(page, "limits of a Map Run");
    await page.getByLabel("At once").fill("5");
    await page.getByRole("button", { name: "Change", exact: true }).click();
    await says(page, ".facts", "At once5");
    await page.getByRole("link", { name: "Failed" }).click();
    assert.strictEqual(await page.locator("section[aria-label='Child executions'] tbody tr").count(), 8);
    await api("SendTaskSuccess", { taskToken: task.taskToken, output: "{}" });
    await page.goto(place(arn));
    await says(page, "#status", "Succeeded");
    await page.context().close();
  },

  async "executions are found by the time of their start"() {
    const page = await tab();
    await start("order", order(900, true), "early");
    await page.goto(endpoint + "/executions?machine=order");
    await fair(page, "starts");
    const bar = page.locator(".starts a").last();
    const said = await bar.getAttribute("aria-label");
    assert.match(said, /^[1-9][0-9]* executions? from .*, [0-9]+ failed$/);
    await bar.click();
    await page.waitForURL(/from=.*until=/);
    assert.strictEqual(await page.locator("section[aria-label='Executions'] tbody tr").count(), +said.match(/^[0-9]+/)[0]);
    await page.context().close();
  },

  async "the input is asked for by its schema"() {
    for (const javaScriptEnabled of [true, false]) {
      const page = await tab({ javaScriptEnabled });
      await page.goto(endpoint + "/machines/booking");
      if (javaScriptEnabled) { await fair(page, "an input by its schema"); await shoot(page, "asked"); }
      await page.getByLabel("Name of the booking").fill("Ana");
      // It is that of the last execution, if there was one.
      await page.getByLabel("guests (required)").fill("");
      await page.getByRole("button", { name: "Start", exact: true }).click();
      await says(page, ".note.bad", "`guests` is required".replace(/`/g, ""));
      assert.strictEqual(await page.getByLabel("Name of the booking").inputValue(), "Ana", "what was written is not lost");
      await page.getByLabel("guests (required)").fill("2");
      await page.locator("[name='in.room']").selectOption("double");
      await page.getByRole("button", { name: "Start", exact: true }).click();
      await page.waitForURL(/executions/);
      await comesToSay(page, "#status", "Succeeded");
      const { output } = await api("DescribeExecution", { executionArn: (await api("ListExecutions", { stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:booking" })).executions[0].executionArn });
      assert.deepStrictEqual(JSON.parse(output), { name: "Ana", guests: 2, room: "double", booked: { label: "Ana for 2" } });
      await page.context().close();
    }
  },

  async "two versions are compared"() {
    const page = await tab();
    const definition = text => JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Comment: text, End: true } } });
    const roleArn = "arn:aws:iam::000000000000:role/r";
    const made = await api("CreateStateMachine", { name: "changing", definition: definition("as it was"), roleArn, publish: true });
    await api("UpdateStateMachine", { stateMachineArn: made.stateMachineArn, definition: definition("as it is"), publish: true });
    await page.goto(endpoint + "/machines/changing");
    await page.getByRole("link", { name: "Compare" }).click();
    await says(page, "#changes", "They are the same");
    await page.getByLabel("From").selectOption("1");
    await page.getByRole("button", { name: "Compare" }).click();
    await says(page, "#changes .old", "as it was");
    await says(page, "#changes .new", "as it is");
    await fair(page, "two versions");
    await shoot(page, "versions");
    await page.context().close();
  },

  async "it is the same in the dark, on a phone, without script and without motion"() {
    await start("order", order(900, true), "everywhere");
    for (const [name, options] of Object.entries({
      dark: { colorScheme: "dark" },
      narrow: { viewport: { width: 390, height: 844 } },
      "narrow-dark": { viewport: { width: 390, height: 844 }, colorScheme: "dark" },
      "no-script": { javaScriptEnabled: false },
      still: { reducedMotion: "reduce" },
    })) {
      const page = await tab(options);
      for (const at of ["/", "/machines/order", "/executions", "/executions?status=FAILED", "/executions/order/everywhere", "/machines/order/edit", "/activities", "/executions/order/nothing"]) {
        await page.goto(endpoint + at);
        await page.locator("h1").first().waitFor();
        if (name.startsWith("narrow") || name === "dark") await fair(page, `${at} ${name}`);
        await shoot(page, name + at.replace(/\W+/g, "-"));
      }
      if (name === "no-script") {
        await page.goto(endpoint + "/new");
        const broken = JSON.stringify({ StartAt: "Shp", States: { Ship: { Type: "Succeed" } } });
        await page.getByRole("textbox", { name: "Definition" }).fill(broken);
        await page.getByRole("button", { name: "Check" }).click();
        await page.getByRole("button", { name: "Fix: Ship" }).click();
        await says(page, "#counts", "no problems");
        assert.match(await page.getByRole("textbox", { name: "Definition" }).inputValue(), /"StartAt":"Ship"/);
        await page.goto(endpoint + "/executions/order/everywhere");
        await page.locator(".tl a.lab", { hasText: "Validate order" }).click();
        await says(page, "#inspect h2", "Validate order");
        await page.locator("#event-rows .tog").first().click();
        await says(page, "#event-rows tr.x", "LAMP-02");
        await page.goto(endpoint + "/machines/order");
        await page.getByRole("button", { name: "Start" }).click();
        await says(page, "h1", "-");
      }
      await page.context().close();
    }
  },
};

(async () => {
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  for (const [name, step] of Object.entries(steps)) {
    if (only && !name.includes(only)) continue;
    await step().catch(e => { throw new Error(`${name}: ${e.stack}`); });
    assert.deepStrictEqual(broken, [], name);
    console.log("ok: " + name);
  }
  await browser.close();
})().catch(e => { console.error(e); process.exit(1); });
