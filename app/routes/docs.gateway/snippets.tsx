import { useId } from 'react';
import { joinCode, snippetClients, createSnippet, type Snippet } from '~/components/client-snippets';

/** One for each client. */
export function Snippets({ baseUrl }: { baseUrl: string }) {
  return (
    <div className="stack-loose">
      {snippetClients.map((client) => (
        <SnippetBlock key={client} snippet={createSnippet(client, { baseUrl, accessKey: null })} />
      ))}
    </div>
  );
}

function SnippetBlock({ snippet }: { snippet: Snippet }) {
  const id = useId();
  return (
    <div>
      <h3 id={id} className="space-below-2">
        {snippet.name}
      </h3>
      <pre tabIndex={0} role="region" aria-labelledby={id}>
        <code>{joinCode(snippet)}</code>
      </pre>
    </div>
  );
}
