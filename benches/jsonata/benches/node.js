// Measures expressions with JSONata on Node.
//
// In, on the standard input: {"package", "quick", "bindings": [..], "exprs": {name: text}}. Out: {name: {"ns": .., "results": [..]}}.
'use strict';
(async () => {
    const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));
    const jsonata = require(input.package);
    const output = {};
    // All but `i` is shared.
    const bindings = input.bindings.map(({ i }) => ({ ...input.bindings[0], i }));
    for (const [name, text] of Object.entries(input.exprs)) {
        const expression = jsonata(text);
        const results = [];
        for (const each of bindings) results.push(await expression.evaluate(undefined, each));
        const rounds = [];
        const until = Date.now() + (input.quick ? 100 : 1500);
        do {
            const start = process.hrtime.bigint();
            for (const each of bindings) await expression.evaluate(undefined, each);
            rounds.push(Number(process.hrtime.bigint() - start) / bindings.length);
        } while (Date.now() < until || rounds.length < 5);
        rounds.sort((one, other) => one - other);
        output[name] = { ns: rounds[rounds.length >> 1], results };
    }
    console.log(JSON.stringify(output));
})();
