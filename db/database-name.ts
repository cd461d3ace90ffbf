/** Host, port and name of a database, without credentials. */
export function databaseName(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}:${port || 5432}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}

/** Each command prints which database it will use. */
export function sayDatabase(url: string): void {
  process.stdout.write(`Database: ${databaseName(url)}\n`);
}

/** What to do if a pooler is between us and PostgreSQL. */
export function poolerSentence(url: string): string {
  return `${databaseName(url)} is a connection pooler, which this version cannot work behind: set DATABASE_URL (and DATABASE_OWNER_URL) to PostgreSQL itself, and DATABASE_POOL to the connections that each process may have.`;
}
