const files = import.meta.glob<string>('./workflows/*.json', { eager: true, query: '?raw', import: 'default' });

/** The market that the files name, so that each is valid as it stands. */
export const PLACEHOLDER_ORIGIN = 'https://credit-mart.example';

/** Workflows that guides hand out, by file name. */
export const workflows: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, text]) => [path.replace('./workflows/', ''), text]),
);

/** One of them, pointed at this market; null where there is none of the name. */
export function workflowFor(origin: string, name: string | undefined): string | null {
  return workflows.get(name ?? '')?.replaceAll(PLACEHOLDER_ORIGIN, origin) ?? null;
}
