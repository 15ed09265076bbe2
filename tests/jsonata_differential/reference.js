// Compares a report of the test `differential` with the reference implementation.
//
// usage: node reference.js REPORT.jsonl [FOLDER_OF_JSONATA [RECORDING.jsonl]]
//
// Into the recording goes what the reference returns, as far as we agree. The report is what `ASL_DIFFERENTIAL_REPORT=.. cargo test -p asl-jsonata-differential` writes. The exit code is 1 where something differs for no cause that is known.
'use strict';
const fs = require('fs');
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');

// How long an evaluation may take. What takes longer is left out.
const PATIENCE = 5000;

// As JSON: functions are empty texts, numbers that JSON does not have are null.
function plain(value) {
    if (typeof value === 'function') return '';
    if (value === undefined || typeof value === 'number' && !Number.isFinite(value)) return null;
    if (Array.isArray(value)) return value.map(plain);
    if (value === null || typeof value !== 'object') return value;
    if (value._jsonata_function || value._jsonata_lambda) return '';
    return Object.fromEntries(Object.entries(value).filter(entry => entry[1] !== undefined).map(([key, member]) => [key, plain(member)]));
}

// What the reference does by accident, which is not done here.
const CAUSES = [
    ['members and elements are evaluated at the same time, and of two that fail either may be told',
        (line, theirs) => 'error' in line.ours && 'error' in theirs && /[\[{]/.test(line.expression)],
    ['a call at the end of a function gets built-in functions as they are, and breaks on them',
        (line, theirs) => /(func\.apply|comp) is not a function/.test(theirs.error)],
    ['a built-in function that is applied to some of its arguments does not check them',
        line => /\$\w+\((\?|[^()]*, *\?)/.test(line.expression)],
    ['the parent of what several expressions in parentheses come to',
        line => /;/.test(line.expression) && /%(?! )/.test(line.expression)],
    ['an array of the document that has no elements gets an undefined one when it is grouped',
        (line, theirs) => same(JSON.parse(JSON.stringify(line.ours)), JSON.parse(JSON.stringify(theirs).replace(/\[null\]/g, '[]')))],
    ['what a step binds is missing from what a path in parentheses or a filter comes to, and the reference breaks on it',
        (line, theirs) => /[@#]\$/.test(line.expression) && /^TypeError: (input\.map is not a function|Cannot read properties of undefined \(reading '(@|length|map)'\))/.test(theirs.error)],
    ['an infinite number is an error where its truth is asked, by a check that is made for operands',
        (line, theirs) => theirs.error === 'D1001' && 'result' in line.ours && /\//.test(line.expression) && /\b(and|or)\b|\$(not|boolean|filter|single)\b|\?/.test(line.expression)],
    ['digits are counted from another zero than they have, which makes code points that do not exist',
        (line, theirs) => /^RangeError: Invalid code point/.test(theirs.error)],
    ['a moment that is none, or a time zone that is none, makes a text all the same, or ends in too deep a recursion',
        (line, theirs) => /\$fromMillis\(/.test(line.expression) && (/8\.64e15 \+ 1|, ""\)|"Z"\)/.test(line.expression)) && ('result' in theirs || /^RangeError/.test(theirs.error))],
    ['a function that is the context, and no argument, is an object, which is true',
        line => /\.\$(not|boolean)\(\)/.test(line.expression) && /(function|λ)\(|\$\w+\]/.test(line.expression)],
    ['a function is written into a text', (line, theirs) => /async function/.test(theirs.result)],
    ['keys that are whole numbers come first, whatever their order',
        (line, theirs) => /"\d+":/.test(line.expression + line.document) && Array.isArray(theirs.result) && same(sorted(line.ours.result), sorted(theirs.result))],
    ['half of a character beyond the 16-bit ones is a text',
        (line, theirs) => /\\ud[89a-f]/.test(JSON.stringify(theirs))],
];

// Without the order of elements.
function sorted(value) {
    return Array.isArray(value) ? value.map(element => JSON.stringify(element)).sort() : undefined;
}

async function reference(jsonata, line) {
    let expression;
    try {
        expression = jsonata(line.expression);
    } catch (error) {
        return { error: error.code || String(error), at: 'compile' };
    }
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

// What the reference ends in by breaking has no code; then any error will do.
function agree(ours, theirs) {
    if ('error' in ours && 'error' in theirs) return ours.error === theirs.error || theirs.error.includes(' ');
    if ('error' in ours || 'error' in theirs) return false;
    if (ours.undefined || theirs.undefined) return ours.undefined === theirs.undefined;
    return same(ours.result, theirs.result);
}

// Evaluates lines from one on in a thread, which can be ended if an evaluation goes on without end; returns how far it came.
function evaluate(lines, from, told) {
    return new Promise(resolve => {
        const worker = new Worker(__filename, { workerData: { lines: lines.slice(from), folder: process.argv[3] || 'jsonata' } });
        let next = from;
        const stop = () => worker.terminate().then(() => resolve(next));
        let timer = setTimeout(stop, PATIENCE);
        worker.on('message', theirs => {
            clearTimeout(timer);
            told(lines[next], theirs);
            next += 1;
            if (next < lines.length) timer = setTimeout(stop, PATIENCE); else stop();
        });
    });
}

async function main() {
    const lines = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(text => JSON.parse(text));
    const kinds = { value: 0, nothing: 0, error: 0 };
    const alarms = new Set();
    const recording = [];
    const explained = {};
    let different = 0;
    let endless = 0;
    const told = (line, theirs) => {
        kinds['result' in theirs ? 'value' : 'error' in theirs ? 'error' : 'nothing'] += 1;
        if (line.errors && !('error' in theirs)) alarms.add(`${line.errors} in ${line.expression}`);
        if (agree(line.ours, theirs)) {
            recording.push(JSON.stringify({ expression: line.expression, document: line.document, reference: theirs }));
            return;
        }
        const cause = CAUSES.find(([, explains]) => explains(line, theirs));
        if (cause) {
            explained[cause[0]] = (explained[cause[0]] || 0) + 1;
            return;
        }
        different += 1;
        console.log(`${line.expression}\n  on ${line.document}\n  ours: ${JSON.stringify(line.ours)}\n  reference: ${JSON.stringify(theirs)}\n`);
    };
    for (let next = 0; next < lines.length;) {
        next = await evaluate(lines, next, told);
        if (next < lines.length) {
            console.log(`${lines[next].expression}\n  is without end in the reference\n`);
            endless += 1;
            next += 1;
        }
    }
    if (process.argv[4]) fs.writeFileSync(process.argv[4], recording.join('\n') + '\n');
    console.log(`errors found by the compiler that are not reached with this data:\n${[...alarms].join('\n')}\n`);
    for (const [cause, count] of Object.entries(explained)) console.log(`${count} differ because there ${cause}`);
    console.log(`${lines.length} evaluations (${kinds.value} values, ${kinds.nothing} without one, ${kinds.error} errors, ${endless} without end): ${different} differ for no such cause`);
    process.exitCode = different > 0 ? 1 : 0;
}

async function serve() {
    const jsonata = require(workerData.folder);
    for (const line of workerData.lines) parentPort.postMessage(await reference(jsonata, line));
}

if (isMainThread) main(); else serve();
