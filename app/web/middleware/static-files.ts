import { resolve } from 'node:path';
import express, { type Express } from 'express';

/** What the browser build wrote. Names under /assets carry a hash of their content and never change; the rest may, within the hour. */
export function mountStaticFiles(app: Express, folder = resolve('build/client')): void {
  app.use('/assets', express.static(`${folder}/assets`, { immutable: true, maxAge: '1y', index: false, redirect: false }));
  app.use('/assets', (_req, res) => {
    res.status(404).type('text/plain').send('There is no such file.\n');
  });
  app.use(express.static(folder, { maxAge: '1h', index: false, redirect: false }));
}
