// Stops an embedded PostgreSQL when the process that started it is killed (SIGKILL). argv: folder, uid or '', gid or '', remove?
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const [program, folder, uid, gid, remove] = process.argv.slice(2);
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('SIGHUP', () => {});
process.on('disconnect', () => {
  const account = uid ? { uid: Number(uid), gid: Number(gid) } : {};
  spawnSync(program, ['stop', '-D', folder, '-m', 'immediate', '-w', '-t', '20'], { ...account, cwd: '/', stdio: 'ignore' });
  if (remove) rmSync(remove, { recursive: true, force: true });
  process.exit(0);
});
process.on('message', () => process.exit(0));
