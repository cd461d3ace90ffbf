import { useId } from 'react';

/** One per client. The JavaScript client's base URL ends in /v1, the Python client's does not. */
function snippets(baseUrl: string) {
  return [
    {
      client: 'JavaScript',
      code: `import Replicate from "replicate";

const replicate = new Replicate({
  auth: process.env.CREDIT_MART_KEY,
  baseUrl: "${baseUrl}",
});

const output = await replicate.run("black-forest-labs/flux-schnell", {
  input: { prompt: "a meter, half burned" },
});`,
    },
    {
      client: 'Python',
      code: `import os
from replicate.client import Client

replicate = Client(
    api_token=os.environ["CREDIT_MART_KEY"],
    base_url="${baseUrl.replace(/\/v1$/, '')}",
)

output = replicate.run(
    "black-forest-labs/flux-schnell",
    input={"prompt": "a meter, half burned"},
)`,
    },
    {
      client: 'curl',
      code: `curl -s ${baseUrl}/models/black-forest-labs/flux-schnell/predictions \\
  -H "Authorization: Bearer $CREDIT_MART_KEY" \\
  -H "Content-Type: application/json" -H "Prefer: wait" \\
  -d '{"input": {"prompt": "a meter, half burned"}}'`,
    },
  ];
}

export function Snippets({ baseUrl }: { baseUrl: string }) {
  return (
    <div className="stack-loose">
      {snippets(baseUrl).map((snippet) => (
        <Snippet key={snippet.client} {...snippet} />
      ))}
    </div>
  );
}

function Snippet({ client, code }: { client: string; code: string }) {
  const id = useId();
  return (
    <div>
      <h3 id={id} className="mb-2">
        {client}
      </h3>
      <pre tabIndex={0} role="region" aria-labelledby={id}>
        <code>{code}</code>
      </pre>
    </div>
  );
}
