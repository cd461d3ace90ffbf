import type { RequestHandler } from 'express';

/** Refuses a body above the cap before reading it: 413, or 411 without a Content-Length. */
export function bodyCap(bytes: number): RequestHandler {
  return (req, res, next) => {
    const length = req.headers['content-length'];
    if (length === undefined && req.headers['transfer-encoding'] !== undefined) {
      res.status(411).type('text/plain').send('Send this with a Content-Length.\n');
    } else if (length !== undefined && Number(length) > bytes) {
      res
        .status(413)
        .set('Connection', 'close')
        .type('text/plain')
        .send(`This is too large: at most ${Math.floor(bytes / 1024)} kB.\n`);
    } else {
      next();
    }
  };
}
