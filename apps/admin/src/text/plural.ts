const rules = new Intl.PluralRules('en')

/** The form of a phrase for a number, in the language of this catalogue. */
export function plural(count: number, forms: { one: string; other: string }): string {
  return rules.select(count) === 'one' ? forms.one : forms.other
}
