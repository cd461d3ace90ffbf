import type { Express } from 'express';
import type { Services } from '~/services.server';
import { outboxMailHtml } from '~/queries/admin/outbox.server';

/** Allows the mail's inline styles; no scripts, no external images, and only our own page as a frame. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** The HTML of one mail in the demo's outbox, for the frame on its page. Not in production. */
export function mountDemoMail(app: Express, services: Services): void {
  if (services.env.mode === 'production') return;
  app.get('/dev/mail/:mailId/html', (req, res, next) => {
    outboxMailHtml(services.ctxFor({ kind: 'visitor' }), req.params.mailId).then((html) => {
      if (html === null) return next();
      res.set('Content-Security-Policy', POLICY).type('html');
      // Links open in the page around the frame.
      res.send(html.replace('<head>', '<head><base target="_top">'));
    }, next);
  });
}
