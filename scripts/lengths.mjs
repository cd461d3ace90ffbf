/**
 * Prints the lengths of files and functions: median, 90th percentile, and the ten longest of each.
 *
 * A file's length is its lines; a function's, from the line it begins on to the line it ends on. Functions and methods that have a name
 * count, outermost first found: callbacks are part of the function they stand in. Those of `*.test` files do not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const FOLDERS = ['app', 'db', 'sandbox', 'tests', 'bench'];
const AIMS = { files: { median: 70, ninthDecile: 200 }, functions: { median: 15, ninthDecile: 45 } };

const paths = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !name.endsWith('.d.ts') && !name.includes('node_modules'))
    .map((name) => join(folder, name)),
);
const files = [];
const functions = [];
for (const path of paths) {
  const text = readFileSync(path, 'utf8');
  files.push({ name: path, lines: text.trimEnd().split('\n').length });
  if (!/\.test\.tsx?$/.test(path)) functions.push(...functionsOf(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)));
}

function functionsOf(source) {
  const found = [];
  const lineOf = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node) => {
    const name = ts.isFunctionLike(node) && node.body ? nameOf(node) : null;
    if (name === null) return ts.forEachChild(node, visit);
    const from = lineOf(node.getStart(source));
    found.push({ name: `${source.fileName}:${from} ${name}`, lines: lineOf(node.end) - from + 1 });
  };
  visit(source);
  return found;
}

function nameOf(node) {
  const { parent } = node;
  const named = node.name ?? (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name : undefined);
  return named?.getText() ?? (ts.isConstructorDeclaration(node) ? 'constructor' : null);
}

function report(what, measured, aim) {
  const sorted = measured.toSorted((a, b) => a.lines - b.lines);
  const at = (share) => sorted[Math.floor((sorted.length - 1) * share)]?.lines ?? 0;
  console.log(`${what}: ${sorted.length}, median ${at(0.5)} (aim ${aim.median}), ninth decile ${at(0.9)} (aim ${aim.ninthDecile})`);
  for (const { name, lines } of sorted.slice(-10).reverse()) console.log(`  ${String(lines).padStart(4)}  ${name}`);
  return at(0.5) <= aim.median && at(0.9) <= aim.ninthDecile;
}

const within = [report('files', files, AIMS.files), report('functions', functions, AIMS.functions)];
if (within.includes(false)) process.exitCode = 1;
