// `npm run db:studio`: drizzle's table browser on a market's database, as the application's user.
import { spawn } from 'node:child_process';
import { marketSettings, printDatabase } from './market-settings.mjs';

const settings = marketSettings();
printDatabase(settings.DATABASE_URL);
const child = spawn(process.execPath, ['node_modules/drizzle-kit/bin.cjs', 'studio', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, DATABASE_URL: settings.DATABASE_URL },
});
process.on('SIGINT', () => {});
child.on('exit', (code) => process.exit(code ?? 1));
