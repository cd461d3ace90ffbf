import type { CSSProperties } from 'react';

/** The colours of the light theme (tokens.css): a picture has no theme. */
const colours = { paper: '#f6f4ef', ink: '#1a1917', soft: '#4a4741', bar: '#24221f', save: '#1c6a3b', saved: '#dfeddf', ember: '#bb3808' };

interface PictureProps {
  title: string;
  line: string;
  /** The lot bar: what is paid and what is saved, in the words that stand in it. */
  bar: { discountBps: number; pay: string; save: string } | null;
}

const sheet: CSSProperties = {
  display: 'flex',
  flexDirection: 'column',
  justifyContent: 'space-between',
  width: '100%',
  height: '100%',
  boxSizing: 'border-box',
  padding: 64,
  background: colours.paper,
  color: colours.ink,
  fontFamily: 'Archivo',
};

/** The picture of a page: the name, what the page says, its figures as a lot bar. Drawn by satori, which knows flex boxes only. */
export function Picture({ title, line, bar }: PictureProps) {
  return (
    <div style={sheet}>
      <div style={{ display: 'flex', alignItems: 'center', fontSize: 34, fontWeight: 600 }}>
        <div style={{ display: 'flex', width: 44, height: 22, marginRight: 18 }}>
          <div style={{ width: 26, background: colours.bar }} />
          <div style={{ width: 18, background: colours.ember }} />
        </div>
        Credit Mart
      </div>
      <div style={{ display: 'flex', flexDirection: 'column' }}>
        <div style={{ display: 'flex', fontSize: title.length > 60 ? 60 : 74, fontWeight: 600, lineHeight: 1.05, letterSpacing: -2 }}>
          {title}
        </div>
        <div style={{ display: 'flex', marginTop: 24, fontSize: 32, lineHeight: 1.3, color: colours.soft }}>{line}</div>
      </div>
      {bar ? <Bar {...bar} /> : <div style={{ display: 'flex', height: 6, background: colours.bar }} />}
    </div>
  );
}

function Bar({ discountBps, pay, save }: NonNullable<PictureProps['bar']>) {
  const part: CSSProperties = {
    display: 'flex',
    boxSizing: 'border-box',
    alignItems: 'center',
    height: 120,
    paddingLeft: 24,
    fontSize: 44,
    fontWeight: 600,
  };
  return (
    <div style={{ display: 'flex', width: '100%' }}>
      <div style={{ ...part, width: `${(10_000 - discountBps) / 100}%`, background: colours.bar, color: colours.paper }}>{pay}</div>
      <div style={{ ...part, width: `${discountBps / 100}%`, background: colours.saved, color: colours.save }}>{save}</div>
    </div>
  );
}
