import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Pages for developers: docs, the root, and the README beside each part of the code. Guides for visitors link within the site instead. */
const folders = ['app', 'bench', 'db', 'docs', 'sandbox', 'scripts', 'tests', '.'];
const pages = folders.flatMap((folder) => markdownIn(folder, folder !== '.'));

function markdownIn(folder, deep) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return deep && !['node_modules', 'guides'].includes(entry.name) ? markdownIn(path, true) : [];
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** A page's text without code blocks. */
const readProse = (page) => readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');

/** Every `[text](target)` outside code blocks, with its file and heading, except links to other sites. */
function readLinks(page) {
  return [...readProse(page).matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)]
    .map(([, text, target]) => ({ text, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .map(({ text, target }) => {
      const [path, heading] = target.split('#');
      return { text, file: path === '' ? page : normalize(join(dirname(page), path)), heading };
    });
}

/** The anchors that GitHub makes for a page's headings. */
function readAnchors(page) {
  return [...readProse(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

const leadsSomewhere = ({ file, heading }) =>
  existsSync(file) && (!heading || !file.endsWith('.md') || readAnchors(file).includes(heading));

/** Every `name.md` and `name.md#heading` in the code, relative to the root of the project. */
function citationsIn(folder) {
  return filesIn(folder).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/(?<![\w/.}:$-])(\w[\w./-]*\.md)(?:#([\w-]+))?/g)].map(([, target, heading]) => ({
      from: path,
      file: [target, join(dirname(path), target)].find((file) => existsSync(file)) ?? target,
      heading,
    })),
  );
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|mjs|css|sql)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Links of the form [`name`](file): the file must declare the name. */
const readNames = (page) => readLinks(page).flatMap(({ text, file }) => (/^`\w+`$/.test(text) ? [{ name: text.slice(1, -1), file }] : []));

function declares(file, name) {
  return new RegExp(`\\b(?:function|const|class|interface|type)\\s+${name}\\b`, 'i').test(readFileSync(file, 'utf8'));
}

describe('links in the documentation', () => {
  it('are checked on all pages, including those of every module', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/tour.md', 'app/modules/ledger/README.md']));
    expect(pages.flatMap(readLinks).length).toBeGreaterThan(100);
  });

  it.each(pages)('in %s lead to files and headings that exist', (page) => {
    expect(readLinks(page).filter((link) => !leadsSomewhere(link))).toEqual([]);
  });

  it('in code comments lead to documents and headings that exist', () => {
    const citations = ['app', 'bench', 'db', 'sandbox', 'tests'].flatMap(citationsIn);
    expect(citations.length).toBeGreaterThan(20);
    expect(citations.filter((citation) => !leadsSomewhere(citation))).toEqual([]);
  });

  it('in the tour name functions that their files declare', () => {
    const names = readNames('docs/tour.md');
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter(({ file, name }) => !existsSync(file) || !declares(file, name))).toEqual([]);
  });

  it('never name a migration, whose text a later one may replace', () => {
    expect(pages.flatMap(readLinks).filter(({ file }) => /^migrations\/\d/.test(file))).toEqual([]);
  });

  it('are reported when they are wrong', () => {
    expect(declares('app/workflows/paying/start-checkout.server.ts', 'startCheckout')).toBe(true);
    expect(declares('app/workflows/paying/start-checkout.server.ts', 'openCheckout')).toBe(false);
    expect(leadsSomewhere({ file: 'docs/money.md', heading: 'the-flow' })).toBe(true);
    expect(leadsSomewhere({ file: 'docs/money.md', heading: 'no-such-heading' })).toBe(false);
  });
});
