import { Tabs } from '~/components/ui';
import { paths } from '~/paths';

export const clients = ['node', 'python', 'ai-sdk', 'curl'] as const;
export type Client = (typeof clients)[number];

const names: Record<Client, string> = { node: 'Node.js', python: 'Python', 'ai-sdk': 'AI SDK', curl: 'curl' };

export function isClient(value: string | null): value is Client {
  return clients.some((client) => client === value);
}

interface ExampleProps {
  /** Null when the key can no longer be shown. */
  accessKey: string | null;
  baseUrl: string;
}

/** How each client is pointed at the market: two lines change. Python's client adds the version itself. */
export function ClientExamples({ checkoutId, client, accessKey, baseUrl }: ExampleProps & { checkoutId: string; client: Client }) {
  const tabs = clients.map((each) => ({
    label: names[each],
    to: paths.checkoutComplete(checkoutId, { client: each }),
    current: each === client,
  }));
  return (
    <div className="mt-8">
      <Tabs label="Client" tabs={tabs} />
      <pre tabIndex={0} aria-label={`${names[client]} example`}>
        <code>{exampleOf(client, { accessKey, baseUrl })}</code>
      </pre>
    </div>
  );
}

function exampleOf(client: Client, { accessKey, baseUrl }: ExampleProps) {
  const key = accessKey ?? 'your access key';
  const root = baseUrl.replace(/\/v1$/, '');
  switch (client) {
    case 'node':
      return (
        <>
          {'import Replicate from "replicate";\n\nconst replicate = new Replicate({\n'}
          <span className="added">{`  auth: "${key}",\n  baseUrl: "${baseUrl}",`}</span>
          {
            '\n});\n\nconst [image] = await replicate.run("black-forest-labs/flux-schnell", {\n  input: { prompt: "a lighthouse in fog" },\n});'
          }
        </>
      );
    case 'python':
      return (
        <>
          {'import replicate\n\nclient = replicate.Client(\n'}
          <span className="added">{`    api_token="${key}",\n    base_url="${root}",`}</span>
          {'\n)\n\nimage = client.run("black-forest-labs/flux-schnell",\n    input={"prompt": "a lighthouse in fog"})'}
        </>
      );
    case 'ai-sdk':
      return (
        <>
          {'import { createReplicate } from "@ai-sdk/replicate";\n\nconst replicate = createReplicate({\n'}
          <span className="added">{`  apiToken: "${key}",\n  baseURL: "${baseUrl}",`}</span>
          {'\n});'}
        </>
      );
    case 'curl':
      return (
        <>
          <span className="added">{`curl ${baseUrl}/models/black-forest-labs/flux-schnell/predictions \\\n  -H "Authorization: Bearer ${key}" \\`}</span>
          {'\n  -H "Content-Type: application/json" \\\n  -d \'{"input": {"prompt": "a lighthouse in fog"}}\''}
        </>
      );
  }
}
