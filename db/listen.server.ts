import postgres from 'postgres';

export interface Listener {
  close(): Promise<void>;
}

/**
 * Hears a NOTIFY channel on a connection of its own. `heard` is called for each notice and each time the connection has been made
 * (again), since what was said meanwhile is lost. A transaction pooler passes no notices on: connect past it.
 */
export async function listenTo(databaseUrl: string, channel: string, heard: () => void): Promise<Listener> {
  const client = postgres(databaseUrl, {
    max: 1,
    onnotice: () => undefined,
    fetch_types: false,
    connection: { application_name: 'credit-mart-listener' },
  });
  await client.listen(channel, heard, heard);
  return { close: () => client.end({ timeout: 1 }) };
}
