import { resolve } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** Serves the browser build. Files under /assets carry a content hash and never change; others are cached for an hour. */
export function staticFiles(folder = resolve('build/client')): RequestHandler[] {
  const assets = Router();
  assets.use('/assets', express.static(`${folder}/assets`, { immutable: true, maxAge: '1y', index: false, redirect: false }));
  assets.use('/assets', (_req, res) => {
    res.status(404).type('text/plain').send('There is no such file.\n');
  });
  return [assets, express.static(folder, { maxAge: '1h', index: false, redirect: false })];
}
