import { snippetClients, createSnippet, type SnippetClient } from '~/components/client-snippets';
import { Tabs } from '~/components/ui';
import { paths } from '~/paths';

export function isClient(value: string | null): value is SnippetClient {
  return snippetClients.some((client) => client === value);
}

interface ExampleProps {
  checkoutId: string;
  client: SnippetClient;
  /** Null when the key can no longer be shown. */
  accessKey: string | null;
  baseUrl: string;
}

/** The two lines to change in each client. */
export function ClientExamples({ checkoutId, client, accessKey, baseUrl }: ExampleProps) {
  const tabs = snippetClients.map((each) => ({
    label: createSnippet(each, { accessKey, baseUrl }).name,
    to: paths.checkoutComplete(checkoutId, { client: each }),
    current: each === client,
  }));
  const { name, parts } = createSnippet(client, { accessKey, baseUrl });
  return (
    <div className="space-above-6">
      <Tabs label="Client" tabs={tabs} />
      <pre tabIndex={0} aria-label={`${name} example`}>
        <code>
          {parts.before}
          <span className="added">{parts.ours}</span>
          {parts.after}
        </code>
      </pre>
    </div>
  );
}
