export interface EmbeddedPostgres {
  port: number;
  folder: string;
  /** Whether a server left over by a killed process was joined. */
  joined: boolean;
  url: (database?: string) => string;
  stop: () => Promise<void>;
  /** Ends it as a power cut would; starting it again on its folder and port recovers. */
  cutPower: () => Promise<void>;
}

export function startPostgres(options: {
  folder: string;
  password: string;
  durable: boolean;
  port?: number;
  note?: (line: string) => void;
}): Promise<EmbeddedPostgres>;
export function freePort(): Promise<number>;
