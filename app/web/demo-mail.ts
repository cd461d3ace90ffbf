import type { Express } from 'express';
import type { Services } from '~/services.server';
import { outboxMailHtml } from '~/queries/admin/outbox.server';

/** The mail's own styles and nothing else: no script, no picture from elsewhere, and no frame but ours around it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** One mail of the demo's outbox as a mail program shows it, for the frame on its page. Production has no such address. */
export function mountDemoMail(app: Express, services: Services): void {
  if (services.env.mode === 'production') return;
  app.get('/dev/mail/:mailId/html', (req, res, next) => {
    outboxMailHtml(services.ctxFor({ kind: 'visitor' }), req.params.mailId).then((html) => {
      if (html === null) return next();
      res.set('Content-Security-Policy', POLICY).type('html');
      // Its links open in the page around the frame.
      res.send(html.replace('<head>', '<head><base target="_top">'));
    }, next);
  });
}
