import type { Express } from 'express';
import type { Readiness } from '~/web/readiness';

/** `/healthz`: the process runs. `/readyz`: it may receive traffic, or what is missing, a line per check. */
export function mountHealth(app: Express, readiness: () => Promise<Readiness>): void {
  app.get('/healthz', (_req, res) => {
    res.type('text/plain').send('ok\n');
  });
  app.get('/readyz', (_req, res, next) => {
    readiness().then(({ ready, text }) => {
      res
        .status(ready ? 200 : 503)
        .set('Cache-Control', 'no-store')
        .type('text/plain')
        .send(text);
    }, next);
  });
}
