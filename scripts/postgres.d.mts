export interface EmbeddedPostgres {
  port: number;
  folder: string;
  /** Whether a server left over by a killed process was joined. */
  joined: boolean;
  url: (database?: string) => string;
  stop: () => Promise<void>;
}

export function startPostgres(options: {
  folder: string;
  password: string;
  durable: boolean;
  note?: (line: string) => void;
}): Promise<EmbeddedPostgres>;
export function freePort(): Promise<number>;
