/** True for a reply that asks for the previous question. */
export const isBack = (text: string): boolean => /^(?:go back|back|zurück|zurueck)[.!]?$/iu.test(text.trim());
