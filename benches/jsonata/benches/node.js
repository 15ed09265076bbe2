// Measures expressions with JSONata on Node.
//
// In, on the standard input: {"package", "quick", "bindings": [..], "exprs": {name: text}}. Out: {name: {"ns": .., "results": [..]}}.
// With {"machine": [sum, next, more], "input"} also: the loop of a machine, as {"machine": {"ns": .., "acc": ..}}.
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
    if (input.machine) {
        const [sum, next, more] = input.machine.map((text) => jsonata(text));
        const { items, n } = input.input;
        const rounds = [];
        let acc;
        const until = Date.now() + (input.quick ? 100 : 3000);
        do {
            const start = process.hrtime.bigint();
            let i = 0;
            acc = 0;
            do {
                const seen = { acc, i, items, n };
                acc = await sum.evaluate(undefined, seen);
                i = await next.evaluate(undefined, seen);
            } while (await more.evaluate(undefined, { acc, i, items, n }));
            rounds.push(Number(process.hrtime.bigint() - start) / n);
        } while (Date.now() < until || rounds.length < 3);
        rounds.sort((one, other) => one - other);
        output.machine = { ns: rounds[rounds.length >> 1], acc };
    }
    console.log(JSON.stringify(output));
})();
