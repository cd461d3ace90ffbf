// `npm run psql`: SQL on a market's database, as the application's user. It runs psql where the system has one, else the console below.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { marketSettings, printDatabase } from './market-settings.mjs';

const HELP = String.raw`End a statement with ";". \d lists the tables, \d name the columns of one, \q quits.`;
const TABLES = `select table_name from information_schema.tables where table_schema = 'public' order by 1`;

const { DATABASE_URL } = marketSettings();
printDatabase(DATABASE_URL);
if (spawnSync('psql', ['--version']).status === 0) runPsql(new URL(DATABASE_URL));
else await runConsole();

/** The password goes by the environment: arguments are readable by every user of the machine. */
function runPsql({ hostname, port, username, password, pathname }) {
  const env = {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
  process.on('SIGINT', () => {});
  spawn('psql', process.argv.slice(2), { stdio: 'inherit', env }).on('exit', (code) => process.exit(code ?? 1));
}

async function runConsole() {
  const { default: postgres } = await import('postgres');
  const sql = postgres(DATABASE_URL, { max: 1, onnotice: ({ message }) => process.stdout.write(`${message}\n`) });
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: '=> ', terminal: process.stdin.isTTY });
  process.stdout.write(`There is no psql on this machine: this is a small console. ${HELP}\n`);
  let statement = '';
  input.prompt();
  for await (const line of input) {
    const [word, name] = line.trim().split(/\s+/, 2);
    if (word === '\\q') break;
    statement = word?.startsWith('\\') ? described(word, name) : `${statement}${line}\n`;
    if (statement.trim().endsWith(';')) {
      await show(sql, statement);
      statement = '';
    }
    input.setPrompt(statement.trim() === '' ? '=> ' : '-> ');
    input.prompt();
  }
  input.close();
  await sql.end();
}

function described(word, name) {
  if (word !== '\\d') {
    process.stdout.write(`${HELP}\n`);
    return '';
  }
  if (!name) return `${TABLES};`;
  const quoted = `'${name.replace(/[;']/g, '')}'`;
  return `select column_name, data_type, is_nullable from information_schema.columns where table_name = ${quoted} order by ordinal_position;`;
}

async function show(sql, statement) {
  try {
    const results = await sql.unsafe(statement);
    const rows = results.columns ? results : (results.at?.(-1) ?? []);
    if (rows.columns) console.table(rows.map((row) => ({ ...row })));
    process.stdout.write(`${results.command ?? 'OK'} ${results.count ?? ''}\n`);
  } catch (error) {
    process.stdout.write(`${error.severity ?? 'ERROR'}: ${error.message}\n`);
  }
}
