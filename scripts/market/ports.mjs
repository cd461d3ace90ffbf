// The three ports of a market: PORT, STRIPE_SANDBOX_PORT, REPLICATE_SANDBOX_PORT.
import { createServer } from 'node:net';
import { freePort } from '../postgres.mjs';
import { Stop } from '../stop.mjs';

const USUAL = { PORT: 3000, STRIPE_SANDBOX_PORT: 3001, REPLICATE_SANDBOX_PORT: 3002 };

/** @throws Stop when a port is taken for longer than `patienceMs`. */
export async function choosePorts(patienceMs) {
  const ports = {};
  for (const [name, usual] of Object.entries(USUAL)) {
    const port = Number(process.env[name] || usual);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Stop(`${name} is not a port number: set it to one between 1 and 65535.`);
    ports[name] = port === 0 ? await freePort() : port;
    await untilFree(name, ports[name], patienceMs);
  }
  return ports;
}

/** Processes left by a killed start need a moment to exit. */
async function untilFree(name, port, patienceMs) {
  const limit = Date.now() + patienceMs;
  for (;;) {
    const problem = await tryPort(port);
    if (problem === null) return;
    if (problem === 'EACCES') throw new Stop(`Port ${port} may not be used by this account: set ${name} to one above 1023.`);
    if (Date.now() >= limit) throw new Stop(`Port ${port} is taken by another program: end it, or set ${name} to a free port.`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

function tryPort(port) {
  return new Promise((done) => {
    const server = createServer();
    server.on('error', (error) => done(error.code ?? 'EADDRINUSE'));
    server.listen(port, process.env.HOST || '127.0.0.1', () => server.close(() => done(null)));
  });
}
