import type { Express } from 'express';
import { sql } from 'drizzle-orm';
import type { Services } from '~/services.server';

/** `/healthz`: the process answers. `/readyz`: it can also reach its database, so it may be sent traffic. */
export function mountHealth(app: Express, services: Services, isStopping: () => boolean): void {
  app.get('/healthz', (_req, res) => {
    res.type('text/plain').send('ok\n');
  });
  app.get('/readyz', (_req, res) => {
    const answer = (ready: boolean) =>
      res
        .status(ready ? 200 : 503)
        .type('text/plain')
        .send(ready ? 'ready\n' : 'not ready\n');
    if (isStopping()) {
      answer(false);
      return;
    }
    services.db.execute(sql`select 1`).then(
      () => answer(true),
      () => answer(false),
    );
  });
}
