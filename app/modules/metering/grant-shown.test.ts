import fc from 'fast-check';
import { expect, it } from 'vitest';
import { centsToNano, formatCents, nanoToCents, usdNano } from '~/platform/money';
import { grantShown } from './grant-shown';

it('shows $299.61 left and $0.39 burned of $300.00', () => {
  const burned = 387_400_000n;
  const shown = grantShown({ availableNano: usdNano(300) - burned, authorizedNano: 0n, capturedNano: burned, returnedNano: 0n });
  expect([formatCents(shown.leftCents), formatCents(shown.burnedCents)]).toEqual(['$299.61', '$0.39']);
});

it('always adds up to what was bought, and shows nothing burned until something is', () => {
  const cuts = fc.tuple(fc.bigInt(0n, 10n ** 6n), fc.bigInt(0n, 10n ** 6n), fc.bigInt(0n, 10n ** 6n));
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 7n), cuts, (boughtCents, [a, b, c]) => {
      const bought = centsToNano(boughtCents);
      const part = (share: bigint) => (bought * share) / 3_000_001n;
      const [authorizedNano, capturedNano, returnedNano] = [part(a), part(b), part(c)];
      const availableNano = bought - authorizedNano - capturedNano - returnedNano;
      const shown = grantShown({ availableNano, authorizedNano, capturedNano, returnedNano });
      expect(shown.leftCents + shown.setAsideCents + shown.burnedCents + shown.returnedCents).toBe(boughtCents);
      expect(shown.leftCents).toBe(nanoToCents(availableNano, 'down'));
      if (capturedNano === 0n) expect(shown.burnedCents).toBe(0n);
    }),
  );
});
