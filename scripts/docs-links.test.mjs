import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Pages that say where things are: those of docs, of the root, and the README beside each part of the code. */
const folders = ['app', 'bench', 'db', 'docs', 'sandbox', 'scripts', 'tests', '.'];
const pages = folders.flatMap((folder) => markdownIn(folder, folder !== '.'));

function markdownIn(folder, deep) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return deep && entry.name !== 'node_modules' ? markdownIn(path, true) : [];
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Every `[text](target)` outside code blocks, with the file it leads to; addresses of other sites and parts of the page itself are left out. */
function linksOf(page) {
  const prose = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)]
    .map(([, text, target]) => ({ text, target: target.replace(/#.*$/, '') }))
    .filter(({ target }) => target !== '' && !/^[a-z]+:/.test(target))
    .map(({ text, target }) => ({ text, file: normalize(join(dirname(page), target)) }));
}

/** Links of the form [`name`](file): names of what the file declares. */
const namesOf = (page) => linksOf(page).flatMap(({ text, file }) => (/^`\w+`$/.test(text) ? [{ name: text.slice(1, -1), file }] : []));

function declares(file, name) {
  return new RegExp(`\\b(?:function|const|class|interface|type)\\s+${name}\\b`, 'i').test(readFileSync(file, 'utf8'));
}

describe('links of the documentation', () => {
  it('are looked at on all pages, those of every module among them', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/tour.md', 'app/modules/ledger/README.md']));
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(100);
  });

  it.each(pages)('of %s lead to files that exist', (page) => {
    expect(linksOf(page).filter(({ file }) => !existsSync(file))).toEqual([]);
  });

  it('of the tour name functions that stand in those files', () => {
    const names = namesOf('docs/tour.md');
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter(({ file, name }) => !existsSync(file) || !declares(file, name))).toEqual([]);
  });

  it('would be found wrong if they were', () => {
    expect(declares('app/workflows/start-checkout.server.ts', 'startCheckout')).toBe(true);
    expect(declares('app/workflows/start-checkout.server.ts', 'openCheckout')).toBe(false);
  });
});
