import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Breadcrumb, Link, PageHead, Section, Time } from '~/components/ui';
import { findGuide, guides } from '~/content/guides.server';
import { guidesLike, neighboursOf, oldSources, withAddresses, type Guide } from '~/content/guide';
import { breadcrumbData, pageMeta, structured } from '~/pages/head';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';
import { findFigures } from './figures.server';
import { LivePart } from './live-parts';
import { NoSuchGuide } from './no-such-guide';
import { Sources } from './sources';

export const meta: MetaFunction<typeof loader> = ({ data: page }) => {
  if (!page?.guide) return [{ title: 'No such guide · Credit Mart' }, { name: 'robots', content: 'noindex' }];
  return [...pageMeta(page.guide), ...structuredData(page.guide, page.origin)];
};

function structuredData({ slug, title, description, published, reviewed, questions }: Guide, origin: string) {
  const url = origin + paths.guide(slug);
  const publisher = { '@type': 'Organization', name: 'Credit Mart', url: origin };
  return [
    breadcrumbData(origin, [
      { label: 'Guides', path: paths.guides() },
      { label: title, path: paths.guide(slug) },
    ]),
    structured('Article', {
      headline: title,
      description,
      url,
      datePublished: published,
      dateModified: reviewed,
      author: publisher,
      publisher,
    }),
    ...(questions.length === 0
      ? []
      : [
          structured('FAQPage', {
            mainEntity: questions.map(({ question, answer }) => ({
              '@type': 'Question',
              name: question,
              acceptedAnswer: { '@type': 'Answer', text: answer },
            })),
          }),
        ]),
  ];
}

export async function loader(args: LoaderFunctionArgs) {
  const ctx = await requestCtx(args);
  const { slug = '' } = args.params;
  const guide = findGuide(slug);
  if (!guide) {
    const suggestions = guidesLike(guides, slug).map(({ slug: address, title, description }) => ({ slug: address, title, description }));
    return data({ guide: null, suggestions }, { status: 404 });
  }
  const { previous, next } = neighboursOf(guides, slug);
  const addresses = { gateway: ctx.config.publicUrl + paths.gatewayBase(), market: ctx.config.publicUrl };
  const figures = await findFigures(ctx, guide, new URL(args.request.url).searchParams);
  const { markdown: _text, ...shown } = guide;
  const page = {
    guide: { ...shown, parts: guide.parts.map((part) => ('html' in part ? { html: withAddresses(part.html, addresses) } : part)) } as Guide,
    previous: previous && { slug: previous.slug, title: previous.title },
    next: next && { slug: next.slug, title: next.title },
    old: oldSources(guide, ctx.now).map(({ url }) => url),
    origin: ctx.config.publicUrl,
    gatewayUrl: addresses.gateway,
    figures,
  };
  return data(page, { status: figures.errors ? 422 : 200 });
}

export default function GuidePage() {
  const page = useLoaderData<typeof loader>();
  if (page.guide === null) return <NoSuchGuide suggestions={page.suggestions} />;
  const { guide, previous, next } = page;
  return (
    <article>
      <PageHead
        above={<Breadcrumb steps={[{ label: 'Guides', to: paths.guides() }, { label: guide.category }]} />}
        title={guide.title}
        lead={guide.description}
      >
        <p className="muted space-above-4">
          <small>
            Published <Time at={guide.published} show="day" />, reviewed <Time at={guide.reviewed} show="day" /> · {guide.readingMinutes}{' '}
            minutes to read
          </small>
        </p>
      </PageHead>
      <section className="row" aria-label="The guide">
        <nav className="row-margin guide-contents" aria-labelledby="contents">
          <h2 id="contents">Contents</h2>
          <ol>
            {guide.contents.map(({ id, text }) => (
              <li key={id}>
                <a href={`#${id}`}>{text}</a>
              </li>
            ))}
            <li>
              <a href="#sources">Sources</a>
            </li>
          </ol>
        </nav>
        <div className="row-entry guide">
          {guide.parts.map((part, at) =>
            'html' in part ? (
              <div key={at} dangerouslySetInnerHTML={{ __html: part.html }} />
            ) : (
              <LivePart key={at} name={part.live} slug={guide.slug} gatewayUrl={page.gatewayUrl} figures={page.figures} />
            ),
          )}
        </div>
      </section>
      <Section title="Sources" margin="Where each fact comes from, and when we last looked." id="sources">
        <Sources sources={guide.sources} old={page.old} />
      </Section>
      <nav className="guide-steps" aria-label="More guides">
        {previous && (
          <Link to={paths.guide(previous.slug)} rel="prev">
            <small className="muted">Previous guide</small> {previous.title}
          </Link>
        )}
        {next && (
          <Link to={paths.guide(next.slug)} rel="next">
            <small className="muted">Next guide</small> {next.title}
          </Link>
        )}
      </nav>
      <p className="muted space-above-5">
        <small>
          <Link to={paths.guides()}>All guides</Link> · <a href={paths.guideMarkdown(guide.slug)}>This guide as Markdown</a>
        </small>
      </p>
    </article>
  );
}
