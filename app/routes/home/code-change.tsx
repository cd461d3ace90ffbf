/** The official client before and after. */
export function CodeChange({ gatewayUrl }: { gatewayUrl: string }) {
  return (
    <pre tabIndex={0} aria-label="Code change">
      <code>
        {'import Replicate from "replicate";\n\nconst replicate = new Replicate({\n'}
        <span className="removed">{'  auth: process.env.REPLICATE_API_TOKEN,'}</span>
        {'\n'}
        <span className="added">{'  auth: process.env.CREDIT_MART_KEY,'}</span>
        {'\n'}
        <span className="added">{`  baseUrl: "${gatewayUrl}",`}</span>
        {'\n});\n\nawait replicate.run("black-forest-labs/flux-1.1-pro", { input: { prompt } });'}
      </code>
    </pre>
  );
}
