import { useId } from 'react';
import { codeOf, snippetClients, snippetOf, type Snippet } from '~/components/client-snippets';

/** One for each client. */
export function Snippets({ baseUrl }: { baseUrl: string }) {
  return (
    <div className="stack-loose">
      {snippetClients.map((client) => (
        <SnippetOf key={client} snippet={snippetOf(client, { baseUrl, accessKey: null })} />
      ))}
    </div>
  );
}

function SnippetOf({ snippet }: { snippet: Snippet }) {
  const id = useId();
  return (
    <div>
      <h3 id={id} className="space-below-2">
        {snippet.name}
      </h3>
      <pre tabIndex={0} role="region" aria-labelledby={id}>
        <code>{codeOf(snippet)}</code>
      </pre>
    </div>
  );
}
