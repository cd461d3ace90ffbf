import { createContext, useContext } from 'react';

interface DocumentContext {
  nonce: string | undefined;
  requestId: string;
  /** Whether scripts go with the page. */
  scripted: boolean;
}

/** Request data for the document that no loader may send. In the browser it is empty: browsers hide nonces from scripts. */
export const RequestContext = createContext<DocumentContext>({ nonce: undefined, requestId: '', scripted: true });

export const useNonce = () => useContext(RequestContext).nonce;
/** The request id, to quote in a report and find in the log. Empty in the browser. */
export const useRequestId = () => useContext(RequestContext).requestId;
/** Whether the page is sent without scripts; nothing on it may then wait for them. */
export const useScripted = () => useContext(RequestContext).scripted;
