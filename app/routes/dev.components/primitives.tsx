import {
  Badge,
  Breadcrumb,
  Button,
  Checkbox,
  CheckboxList,
  Chips,
  CopyField,
  DataTable,
  DateField,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  Field,
  LinkButton,
  MoneyField,
  Note,
  Pager,
  PercentField,
  RadioGroup,
  Section,
  SelectField,
  Stat,
  Stats,
  Steps,
  SumTable,
  Tabs,
  TextareaField,
  Timeline,
  Toast,
} from '~/components/ui';
import { sampleEvents } from './samples';

const levels = [
  { value: '', label: 'Any level' },
  { value: '4', label: 'L4 seasoned seller' },
];

export function Controls() {
  return (
    <>
      <Section title="Button" margin="One ember button in a view. 44 px high, 32 px in tables.">
        <div className="stack">
          <div className="actions">
            <Button variant="primary">Buy for $90.00</Button>
            <Button variant="primary" busy>
              Opening checkout
            </Button>
            <Button variant="primary" disabled>
              Disabled
            </Button>
            <Button>Save draft</Button>
            <Button disabled>Disabled</Button>
            <Button variant="quiet">Quiet</Button>
          </div>
          <div className="actions">
            <Button variant="danger">Reject</Button>
            <Button variant="danger-solid">Withdraw $1,500.00</Button>
            <LinkButton size="small" to="#">
              Buy
            </LinkButton>
            <Button size="small" variant="danger">
              Revoke
            </Button>
          </div>
        </div>
      </Section>
      <Section title="Field" margin="Label above, hint below, never a placeholder as a label.">
        <form className="form" method="post">
          <ErrorSummary
            errors={['The price changed since it was shown.']}
            fields={[
              { label: 'Discount (%)', name: 'discount', errors: ['Between 30 and 70.'] },
              { label: 'Replicate API token', name: 'token', errors: ['A Replicate token has 40 characters and begins with r8_.'] },
            ]}
          />
          <div className="form-pair">
            <MoneyField label="Face value (USD)" name="faceValue" defaultValue="2420.00" hint="Your balance at Replicate today." />
            <DateField label="Credit expires on" name="expiresOn" defaultValue="2027-04-30" hint="Prepaid credit lasts one year." />
            <PercentField label="Discount (%)" name="discount" defaultValue="75" errors={['Between 30 and 70.']} hint="30 to 70." />
            <Field label="Price per $1" name="price" unit="¢" defaultValue="41.0" />
            <SelectField label="Level" name="level" options={levels} defaultValue="4" />
            <Field label="Disabled" name="off" defaultValue="lst_4t9x" disabled />
          </div>
          <MoneyField label="Amount (USD of credit)" name="amount" defaultValue="200.00" big hint="$11.12 to $1,500.00." />
          <Field
            label="Replicate API token"
            name="token"
            secret
            mono
            errors={['A Replicate token has 40 characters and begins with r8_.']}
          />
          <Field label="Password" name="password" type="password" autoComplete="new-password" />
          <TextareaField label="Note to the seller" name="note" hint="The seller reads it." />
          <CopyField label="Access key" value="cmk_7f2Qv9Lx4T8bNc2WqK1zR5" />
          <Checkbox label="I own this credit and may let others use it." name="declares" errors={['Tick this to go on.']} />
          <RadioGroup
            label="Decision"
            name="decision"
            defaultValue="approve"
            options={[
              { value: 'approve', label: 'Approve' },
              { value: 'reject', label: 'Reject' },
            ]}
          />
          <CheckboxList
            label="Filter"
            name="filter"
            selected={['a']}
            options={[
              { value: 'a', label: 'L4 only' },
              { value: 'b', label: 'Expires in 30 days' },
            ]}
          />
        </form>
      </Section>
    </>
  );
}

const lines = [
  { price: '42.0¢', left: '$816.00', state: 'Active' },
  { price: '45.0¢', left: '$1,500.00', state: 'Paused' },
];

export function Words() {
  return (
    <>
      <Section title="Badge">
        <div className="actions">
          <Badge>Paid</Badge> <Badge tone="ink">Active</Badge> <Badge tone="save">58.0% off</Badge> <Badge tone="near">9 days left</Badge>{' '}
          <Badge tone="burn">Burning</Badge> <Badge tone="fail">Failed</Badge>
        </div>
      </Section>
      <Section title="Stat">
        <Stats>
          <Stat label="On sale" value="$16,166" note="11 lots" />
          <Stat label="Burned today" value="$26.34" note="until 14:05 UTC" tone="burn" />
          <Stat label="Next window ends" value="8 Dec" note="$816.00 to burn" tone="near" />
        </Stats>
      </Section>
      <Section title="Table" margin="Hairlines between rows, ink under the head, double rule under a total.">
        <div className="columns">
          <div>
            <DataTable
              caption="Two lots"
              rows={lines}
              rowKey={(line) => line.price}
              columns={[
                {
                  key: 'price',
                  head: 'Price',
                  rowHead: true,
                  cell: (line) => line.price,
                  sort: { to: '?sort=price', direction: 'ascending' },
                  total: 'Together',
                },
                { key: 'state', head: 'State', cell: (line) => <Badge>{line.state}</Badge>, total: '' },
                {
                  key: 'left',
                  head: 'Available',
                  numeric: true,
                  cell: (line) => line.left,
                  sort: { to: '?sort=left' },
                  total: '$2,316.00',
                },
                { key: 'act', head: 'Actions', headHidden: true, numeric: true, cell: () => <Button size="small">Edit</Button>, total: '' },
              ]}
            />
            <Pager nextTo="?after=2" previousTo="?before=1">
              Newest first
            </Pager>
          </div>
          <div className="stack">
            <Breadcrumb steps={[{ label: 'Replicate', to: '#' }, { label: 'lst_4t9x' }]} />
            <Tabs
              label="Client"
              tabs={[
                { label: 'Node.js', to: '?c=node', current: true },
                { label: 'Python', to: '?c=py', current: false },
                { label: 'curl', to: '?c=curl', current: false },
              ]}
            />
            <Chips
              chips={[
                { label: '50% or more', removeTo: '?a' },
                { label: 'L4 only', removeTo: '?b' },
              ]}
              clearTo="?"
            />
            <div className="panel">
              <h2>Buy from this lot</h2>
              <SumTable
                caption="Order"
                lines={[
                  { label: 'Face value', value: '$200.00' },
                  { label: 'You save (55.0%)', value: '−$110.00', kind: 'save' },
                  { label: 'You pay', value: '$90.00', kind: 'total' },
                ]}
              />
              <Button variant="primary" size="wide">
                Buy for $90.00
              </Button>
              <ul className="fine-print">
                <li>Card only.</li>
                <li>Held until burned.</li>
              </ul>
            </div>
          </div>
        </div>
      </Section>
      <Section title="Note and toast">
        <div className="stack">
          <Note title="The price moved.">$1,000.00 now costs $436.80 instead of $425.52.</Note>
          <Note tone="near" title="At $33.81 a day, $275.04 will be unburned on 8 Dec 2026.">
            What is left goes to the seller.
          </Note>
          <Note tone="fail" title="Your card was declined.">
            Nothing was charged.
          </Note>
          <Toast inline>Price changed to 44.0¢ per $1.</Toast>
          <Toast inline tone="fail">
            The token was not accepted. Nothing was saved.
          </Toast>
        </div>
      </Section>
      <Section title="Facts, steps, time">
        <div className="stack-loose">
          <DefinitionList
            facts={[
              { term: 'Face value', value: '$2,400.00', note: '$900.00 sold, $1,500.00 available' },
              { term: 'Minimum purchase', value: '$11.12 of credit' },
            ]}
          />
          <Steps
            steps={[
              { title: 'You pay', text: 'By card, once.' },
              { title: 'Each run burns', text: 'We meter a run at Replicate’s price.' },
            ]}
          />
          <Timeline events={sampleEvents} />
        </div>
      </Section>
      <Section title="Empty">
        <div className="stack">
          <EmptyState title="No offers" action={<LinkButton to="#">Browse 11 lots</LinkButton>}>
            An offer stays open for 48 hours.
          </EmptyState>
        </div>
      </Section>
    </>
  );
}
