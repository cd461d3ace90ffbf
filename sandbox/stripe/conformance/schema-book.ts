import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectsInScope, rootTypes } from './operations';
import { schemaFromTypes, type SchemaBook } from './schema-from-types';

/** Raise it when schema generation changes. */
const WRITER = 3;

function installedStripeVersion(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules/stripe/package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** The schemas of all Stripe requests, answers and events that we use: built once per SDK version, then cached. */
export function loadSchemaBook(root = process.cwd()): SchemaBook {
  const types = rootTypes();
  const mark = createHash('sha256')
    .update(JSON.stringify([WRITER, types, [...objectsInScope]]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(root, 'node_modules/.cache/stripe-sandbox');
  const file = join(folder, `schema-${installedStripeVersion(root)}-${mark}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as SchemaBook;
  const book = schemaFromTypes(join(root, '__stripe-types.ts'), types, objectsInScope);
  mkdirSync(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(book));
  renameSync(draft, file);
  return book;
}
