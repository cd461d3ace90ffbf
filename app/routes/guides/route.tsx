import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Link, PageHead, Section, Time } from '~/components/ui';
import { guideCategories } from '~/content/guide';
import { guides } from '~/content/guides.server';
import { pageMeta } from '~/pages/head';
import { paths } from '~/paths';
import { requestCtx } from '~/pages/request-context.server';

export const meta: MetaFunction = () =>
  pageMeta({
    title: 'Guides to Replicate credit',
    description:
      'Free runs, prepaid credit and its expiry, rate limits, model prices, moving an app, and selling what is left. Every fact with its source.',
  });

export async function loader(args: LoaderFunctionArgs) {
  await requestCtx(args);
  const shown = guides.map(({ slug, title, description, category, reviewed, readingMinutes }) => ({
    slug,
    title,
    description,
    category,
    reviewed,
    readingMinutes,
  }));
  return { byCategory: guideCategories.map((category) => ({ category, guides: shown.filter((guide) => guide.category === category) })) };
}

export default function Guides() {
  const { byCategory } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHead
        title="Guides"
        lead="What Replicate credit is, what it costs, and how to use or sell it. Each fact names its source and the day we checked it."
      >
        <p className="space-above-4">
          <a href={paths.guidesFeed()}>New guides by RSS</a>
        </p>
      </PageHead>
      {byCategory.map(({ category, guides: ofCategory }) => (
        <Section key={category} title={category}>
          <ul className="guide-list">
            {ofCategory.map((guide) => (
              <li key={guide.slug}>
                <h3>
                  <Link to={paths.guide(guide.slug)}>{guide.title}</Link>
                </h3>
                <p>{guide.description}</p>
                <p className="muted">
                  <small>
                    Reviewed <Time at={guide.reviewed} show="day" /> · {guide.readingMinutes} minutes to read
                  </small>
                </p>
              </li>
            ))}
          </ul>
        </Section>
      ))}
    </>
  );
}
