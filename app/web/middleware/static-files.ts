import { resolve } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** What the browser build wrote. Names under /assets carry a hash of their content and never change; the rest may, within the hour. */
export function staticFiles(folder = resolve('build/client')): RequestHandler[] {
  const assets = Router();
  assets.use('/assets', express.static(`${folder}/assets`, { immutable: true, maxAge: '1y', index: false, redirect: false }));
  assets.use('/assets', (_req, res) => {
    res.status(404).type('text/plain').send('There is no such file.\n');
  });
  return [assets, express.static(folder, { maxAge: '1h', index: false, redirect: false })];
}
