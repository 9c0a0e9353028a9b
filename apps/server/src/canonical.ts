/**
 * The form in which names and addresses are compared: NFKC and case folded.
 * Databases fold ASCII alone, so it is computed here and kept in a column.
 */
export function canonical(text: string): string {
  // Upper case first folds what lower case alone leaves apart, such as ß and ς.
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
}
