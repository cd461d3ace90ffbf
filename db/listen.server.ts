import postgres from 'postgres';

export interface Listener {
  close(): Promise<void>;
}

/**
 * Listens to a NOTIFY channel on its own connection. `heard` is also called after each (re)connect, since notices may have been missed.
 * A transaction pooler does not pass notices on, so connect past it.
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
