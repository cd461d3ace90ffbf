import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Checkbox, RadioGroup } from './choice-fields';
import { ErrorSummary } from './error-summary';
import { Field, MoneyField } from './field';

const field = {
  id: 'f1-discount',
  name: 'discount',
  errorId: 'f1-discount-error',
  descriptionId: 'f1-discount-description',
  initialValue: '75',
  errors: ['Between 30 and 70.'],
};

describe('a field', () => {
  it('is tied to its label, its error and its hint, and keeps what was typed', () => {
    const html = renderToStaticMarkup(<Field label="Discount (%)" hint="30 to 70." field={field} />);
    expect(html).toContain('<label for="f1-discount">Discount (%)</label>');
    expect(html).toContain('aria-invalid="true" aria-describedby="f1-discount-error f1-discount-description"');
    expect(html).toContain('id="f1-discount-error"');
    expect(html).toContain('id="f1-discount-description"');
    expect(html).toContain('value="75"');
  });

  it('claims no error and no hint when there is none', () => {
    const html = renderToStaticMarkup(<MoneyField label="Face value (USD)" name="faceValue" defaultValue="2420.00" />);
    expect(html).toContain('id="field-faceValue"');
    expect(html).not.toMatch(/aria-(invalid|describedby)/);
    expect(renderToStaticMarkup(<MoneyField label="Face value (USD)" name="faceValue" errors={[]} />)).not.toContain('field-bad');
  });

  it('never sends a password or a token back to the page', () => {
    const password = renderToStaticMarkup(<Field label="Password" type="password" name="password" defaultValue="correct horse" />);
    const token = renderToStaticMarkup(<Field label="Replicate API token" secret field={{ ...field, initialValue: 'r8_secret' }} />);
    expect(password).not.toContain('correct horse');
    expect(token).not.toContain('r8_secret');
  });

  it('comes back ticked when it was sent ticked', () => {
    expect(renderToStaticMarkup(<Checkbox label="I own this credit" name="declares" field={{ ...field, initialValue: 'on' }} />)).toContain(
      'checked',
    );
    expect(renderToStaticMarkup(<Checkbox label="I own this credit" name="declares" />)).not.toContain('checked');
  });

  it('gives a group’s first radio the id that an error summary links to', () => {
    const options = [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ];
    expect(renderToStaticMarkup(<RadioGroup label="Decision" name="decision" options={options} />)).toContain('id="field-decision"');
  });
});

describe('the error summary', () => {
  it('links each mistake to its field', () => {
    const html = renderToStaticMarkup(
      <ErrorSummary
        errors={['Sold out.']}
        fields={[
          { label: 'Discount (%)', field },
          { label: 'Email', name: 'email', errors: ['Missing.'] },
        ]}
      />,
    );
    expect(html).toContain('3 things to correct');
    expect(html).toContain('href="#f1-discount"');
    expect(html).toContain('href="#field-email"');
  });

  it('is not there when all is well', () => {
    expect(renderToStaticMarkup(<ErrorSummary fields={[{ label: 'Email', name: 'email', errors: [] }]} />)).toBe('');
  });
});
