/** The documents that rules cite, as libs/conformance shortens them. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  J: 'OCPP-J 1.6',
  JE: 'OCPP-J 1.6 errata',
  S: 'OCPP 1.6',
  E: 'OCPP 1.6 errata',
  W: 'OCPP 1.6 security white paper',
};

/** `J 4.1.1` → `OCPP-J 1.6, 4.1.1`: what a person finds it by. */
export const sectionText = (cited: string): string =>
  cited.replace(/\b(JE|J|S|E|W) (?=[\dA])/g, (_, document: string) => `${DOCUMENTS[document] ?? document}, `);
