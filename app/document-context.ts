import { createContext, useContext } from 'react';

/** What the document needs of its request and no loader may hand out: empty in the browser, which hides nonces from scripts. */
export const RequestContext = createContext<{ nonce: string | undefined; requestId: string }>({ nonce: undefined, requestId: '' });

export const useNonce = () => useContext(RequestContext).nonce;
/** What a person quotes when something broke; in the log it leads to the cause. Empty once the browser has taken over. */
export const useRequestId = () => useContext(RequestContext).requestId;
