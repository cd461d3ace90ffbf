import { createContext, useContext } from 'react';

interface DocumentContext {
  nonce: string | undefined;
  requestId: string;
  /** Whether scripts go with the page. */
  scripted: boolean;
}

/** What the document needs of its request and no loader may hand out. The browser hides nonces from scripts, and where this is read there, scripts run. */
export const RequestContext = createContext<DocumentContext>({ nonce: undefined, requestId: '', scripted: true });

export const useNonce = () => useContext(RequestContext).nonce;
/** What a person quotes when something broke; in the log it leads to the cause. Empty once the browser has taken over. */
export const useRequestId = () => useContext(RequestContext).requestId;
/** Where no scripts go with the page, nothing of it waits for them. */
export const useScripted = () => useContext(RequestContext).scripted;
