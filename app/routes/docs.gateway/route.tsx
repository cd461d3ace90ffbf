import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { CopyField, DataTable, Link, PageHead, Section } from '~/components/ui';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { findPriceList } from '~/queries/market/price-list.server';
import { shownPolicy } from '~/queries/market/market-cache.server';
import { requestCtx } from '~/pages/request-context.server';
import { endpoints, refusals } from './facts';
import { Snippets } from './snippets';

export const meta: MetaFunction = () =>
  pageMeta({
    title: 'Gateway',
    description: 'Point a Replicate client at Credit Mart: the base URL, examples, prices of the models, and what each answer means.',
  });

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const { mendHours } = (await shownPolicy(ctx)).rules;
  return { baseUrl: `${ctx.config.publicUrl}${paths.gatewayBase()}`, prices: await findPriceList(ctx), mendHours };
}

export default function GatewayDocs() {
  const { baseUrl, prices, mendHours } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Point your client here"
        lead="The gateway speaks Replicate’s HTTP API. Change the base URL and the token; the rest of your code stays as it is."
      />
      <Section title="Base URL" margin="The key comes with your first purchase; the wallet makes more.">
        <div className="form">
          <CopyField label="Base URL" value={baseUrl} />
        </div>
        <div className="space-above-5">
          <Snippets baseUrl={baseUrl} />
        </div>
        <div className="prose space-above-5">
          <p>
            Without a change of code: Python’s client 1.x reads <code>REPLICATE_BASE_URL</code> and <code>REPLICATE_API_TOKEN</code> from
            the environment. The JavaScript client and the AI SDK read no variable for the base URL: pass <code>baseUrl</code> or{' '}
            <code>baseURL</code>. A client that adds <code>/v1</code> by itself may be given it all the same.
          </p>
          <p>
            Over http the official clients give the address of an output file as a text; over https they give a <code>FileOutput</code>.
          </p>
        </div>
      </Section>
      <Section title="What it answers" margin="Replicate’s other operations are 501; any other route is 404.">
        <DataTable
          caption="Supported endpoints"
          captionHidden
          rows={endpoints}
          rowKey={(row) => row.route}
          columns={[
            { key: 'route', head: 'Endpoint', rowHead: true, cell: (row) => <span className="mono break-words">{row.route}</span> },
            { key: 'note', head: 'Note', cell: (row) => row.note },
          ]}
        />
        <div className="prose space-above-5">
          <p>
            <code>Prefer: wait</code> is honoured. A <code>webhook</code> of your own is refused with 422 for now: poll, or wait. Send an{' '}
            <code>Idempotency-Key</code> to be sure that a repeated create runs once.
          </p>
          <p>
            Do not use <code>stream()</code>: streams are not relayed yet. Python’s is refused before anything runs. That of the JavaScript
            client 1.x looks like <code>predictions.create()</code> to us: the run is made and paid, and the client then says that it cannot
            stream. Use <code>run()</code>, or poll.
          </p>
        </div>
      </Section>
      <Section title="Errors" margin="The body is JSON with title, detail and status, as Replicate’s.">
        <DataTable
          caption="Errors"
          captionHidden
          rows={refusals}
          rowKey={(row) => row.status}
          columns={[
            { key: 'status', head: 'Status', rowHead: true, cell: (row) => row.status },
            { key: 'means', head: 'Means', cell: (row) => row.means },
            { key: 'then', head: 'What to do', cell: (row) => row.then },
          ]}
        />
      </Section>
      <Section title="What a run costs" margin="Before a run starts, the most it can cost is set aside; at its end only its cost is taken.">
        <div className="prose">
          <p>
            Replicate does not say what a prediction cost. We compute it from the prediction’s metrics and the prices below, and round up
            once per run, to a billionth of a dollar. It can differ from Replicate’s own invoice; you pay what our meter says.
          </p>
          <p>Failed runs cost nothing. A canceled run of a model priced by the second costs the seconds it used.</p>
        </div>
      </Section>
      <Section title="Models and prices" margin={`${prices.length} models. Any other is refused with 422 before it starts.`} id="prices">
        <DataTable
          caption="Prices at face value"
          captionHidden
          rows={prices}
          rowKey={(row) => row.model}
          columns={[
            { key: 'model', head: 'Model', rowHead: true, cell: (row) => <span className="mono break-words">{row.model}</span> },
            {
              key: 'price',
              head: 'Price',
              cell: (row) =>
                row.prices.map((line) => (
                  <span className="sub" key={line}>
                    {line}
                  </span>
                )),
            },
            { key: 'seen', head: 'Seen', cell: (row) => row.seen },
          ]}
        />
      </Section>
      <Section title="When a lot fails">
        <div className="prose">
          <p>
            If Replicate refuses the seller’s token or says its credit is spent, the lot is paused and what you bought from it is frozen.
            Your next call is served from another lot of your wallet, if you have one; otherwise it is answered with 402.
          </p>
          <p>
            The seller has {mendHours} hours to mend it. You may take the refund of the unburned part at once, on the purchase’s page under{' '}
            <Link to={paths.transactions()}>Purchases</Link>; after that it is refunded by itself.
          </p>
        </div>
      </Section>
      <Section title="Who sees your inputs">
        <div className="prose">
          <p>
            The seller of the lot: its Replicate dashboard lists every prediction with inputs, outputs and logs for about an hour. Replicate
            itself, under its own terms. Do not send what the seller must not see.
          </p>
          <p>
            A create that holds an access key or a Replicate token is refused before anything is sent. Do not use{' '}
            <code>fileEncodingStrategy: &quot;data-uri&quot;</code> of the JavaScript client: up to version 1.4.0 it sends its own settings,
            your key included, as the input.
          </p>
          <p>
            We keep a run’s model, times, cost and state. Its answer is kept for repeated polls for an hour after the end, then removed.
          </p>
        </div>
      </Section>
    </>
  );
}
