import { EmptyState, Link, LinkButton, Section } from '~/components/ui';
import { paths } from '~/paths';

/** For an address that no guide has: those that resemble it. */
export function NoSuchGuide({ suggestions }: { suggestions: readonly { slug: string; title: string; description: string }[] }) {
  return (
    <>
      <EmptyState as="h1" code="404" title="There is no guide here" action={<LinkButton to={paths.guides()}>All guides</LinkButton>}>
        The address may be mistyped. These come closest.
      </EmptyState>
      <Section title="Perhaps one of these">
        <ul className="guide-list">
          {suggestions.map(({ slug, title, description }) => (
            <li key={slug}>
              <h3>
                <Link to={paths.guide(slug)}>{title}</Link>
              </h3>
              <p>{description}</p>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
