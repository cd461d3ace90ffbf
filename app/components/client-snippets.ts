/** Complete programs that use the market through each client. A test runs them. */
export const snippetClients = ['node', 'python', 'ai-sdk', 'curl'] as const;
export type SnippetClient = (typeof snippetClients)[number];

export interface Snippet {
  name: string;
  /** The code before, in and after our part, which pages emphasize. */
  parts: { before: string; ours: string; after: string };
}

interface SnippetOptions {
  /** Ends in /v1. */
  baseUrl: string;
  /** Null: the code reads it from CREDIT_MART_KEY. */
  accessKey: string | null;
}

const MODEL = 'black-forest-labs/flux-schnell';
const PROMPT = 'a meter, half burned';

export function createSnippet(client: SnippetClient, options: SnippetOptions): Snippet {
  switch (client) {
    case 'node':
      return node(options);
    case 'python':
      return python(options);
    case 'ai-sdk':
      return aiSdk(options);
    case 'curl':
      return curl(options);
  }
}

export function joinCode({ parts }: Snippet): string {
  return parts.before + parts.ours + parts.after;
}

const keyInScript = ({ accessKey }: SnippetOptions) => (accessKey === null ? 'process.env.CREDIT_MART_KEY' : `"${accessKey}"`);

function node(options: SnippetOptions): Snippet {
  return {
    name: 'Node.js',
    parts: {
      before: 'import Replicate from "replicate";\n\nconst replicate = new Replicate({\n',
      ours: `  auth: ${keyInScript(options)},\n  baseUrl: "${options.baseUrl}",`,
      after: `\n});\n\nconst [image] = await replicate.run("${MODEL}", {\n  input: { prompt: "${PROMPT}" },\n});\nconsole.log(String(image));`,
    },
  };
}

function python({ baseUrl, accessKey }: SnippetOptions): Snippet {
  const key = accessKey === null ? 'os.environ["CREDIT_MART_KEY"]' : `"${accessKey}"`;
  return {
    name: 'Python',
    parts: {
      before: `${accessKey === null ? 'import os\n' : ''}from replicate.client import Client\n\nreplicate = Client(\n`,
      // This client adds /v1 by itself.
      ours: `    api_token=${key},\n    base_url="${baseUrl.replace(/\/v1$/, '')}",`,
      after: `\n)\n\nimages = replicate.run(\n    "${MODEL}",\n    input={"prompt": "${PROMPT}"},\n)\nprint(images[0])`,
    },
  };
}

function aiSdk(options: SnippetOptions): Snippet {
  return {
    name: 'AI SDK',
    parts: {
      before:
        'import { createReplicate } from "@ai-sdk/replicate";\nimport { generateImage } from "ai";\n\nconst replicate = createReplicate({\n',
      ours: `  apiToken: ${keyInScript(options)},\n  baseURL: "${options.baseUrl}",`,
      after: `\n});\n\nconst { image } = await generateImage({\n  model: replicate.image("${MODEL}"),\n  prompt: "${PROMPT}",\n});\nconsole.log(image.mediaType, image.uint8Array.length, "bytes");`,
    },
  };
}

function curl({ baseUrl, accessKey }: SnippetOptions): Snippet {
  return {
    name: 'curl',
    parts: {
      before: '',
      ours: `curl -s ${baseUrl}/models/${MODEL}/predictions \\\n  -H "Authorization: Bearer ${accessKey ?? '$CREDIT_MART_KEY'}" \\`,
      after: `\n  -H "Content-Type: application/json" -H "Prefer: wait" \\\n  -d '{"input": {"prompt": "${PROMPT}"}}'`,
    },
  };
}
