// Compares a report of the test `differential` with the reference implementation.
//
// usage: node reference.js REPORT.jsonl [FOLDER_OF_JSONATA]
//
// The report is what `ASL_DIFFERENTIAL_REPORT=.. cargo test -p asl-jsonata-differential` writes. The exit code is 1 where something differs.
'use strict';
const fs = require('fs');
const jsonata = require(process.argv[3] || 'jsonata');

// As JSON: functions are empty texts, numbers that JSON does not have are null.
function plain(value) {
    if (typeof value === 'function') return '';
    if (value === undefined || typeof value === 'number' && !Number.isFinite(value)) return null;
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== 'object') return value;
    if (value._jsonata_function || value._jsonata_lambda) return '';
    return Object.fromEntries(Object.entries(value).filter(entry => entry[1] !== undefined).map(([key, member]) => [key, plain(member)]));
}

async function reference(line) {
    let expression;
    try {
        expression = jsonata(line.expression);
    } catch (error) {
        return { error: error.code, at: 'compile' };
    }
    const started = Date.now();
    const guard = () => { if (Date.now() - started > 5000) throw { code: 'U1001' }; };
    expression.assign(Symbol.for('jsonata.__evaluate_entry'), guard);
    try {
        const result = await expression.evaluate(JSON.parse(line.document));
        return result === undefined ? { undefined: true } : { result: plain(result) };
    } catch (error) {
        return { error: error.code || String(error) };
    }
}

function same(one, other) {
    if (typeof one === 'number' && typeof other === 'number') {
        return Math.abs(one - other) <= 1e-12 * Math.max(Math.abs(one), Math.abs(other));
    }
    if (Array.isArray(one) && Array.isArray(other)) {
        return one.length === other.length && one.every((element, index) => same(element, other[index]));
    }
    if (one && other && typeof one === 'object' && typeof other === 'object' && !Array.isArray(one) && !Array.isArray(other)) {
        const keys = Object.keys(one);
        return keys.length === Object.keys(other).length && keys.every(key => key in other && same(one[key], other[key]));
    }
    return one === other;
}

function agree(ours, theirs) {
    if ('error' in ours || 'error' in theirs) return ours.error === theirs.error;
    if (ours.undefined || theirs.undefined) return ours.undefined === theirs.undefined;
    return same(ours.result, theirs.result);
}

(async () => {
    const lines = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(text => JSON.parse(text));
    const kinds = { value: 0, nothing: 0, error: 0 };
    const alarms = [];
    let different = 0;
    for (const line of lines) {
        const theirs = await reference(line);
        kinds['result' in theirs ? 'value' : 'error' in theirs ? 'error' : 'nothing'] += 1;
        if (line.errors && !('error' in theirs)) alarms.push(`${line.errors} in ${line.expression}`);
        if (agree(line.ours, theirs)) continue;
        different += 1;
        console.log(`${line.expression}\n  on ${line.document}\n  ours: ${JSON.stringify(line.ours)}\n  reference: ${JSON.stringify(theirs)}\n`);
    }
    console.log(`errors found by the compiler that are not reached with this data:\n${[...new Set(alarms)].join('\n')}\n`);
    console.log(`${lines.length} evaluations (${kinds.value} values, ${kinds.nothing} without one, ${kinds.error} errors): ${different} differ`);
    process.exitCode = different > 0 ? 1 : 0;
})();
