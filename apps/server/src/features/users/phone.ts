import { createRequire } from 'node:module'
import type { CountryCode } from 'libphonenumber-js/max'

const require = createRequire(import.meta.url)

/** Digits with the usual marks between them. */
const nationalForm = /^(?=(?:\D*\d){3})[\d ().\-/#*,;]{3,40}$/

/**
 * The number as it is kept: E.164 where its country is known, as sent where it
 * is national and no region is configured; `undefined` when it is no number.
 */
export function normalizePhoneNumber(text: string, region: string | undefined): string | undefined {
  const trimmed = text.normalize('NFKC').trim()
  if (!trimmed.startsWith('+') && region === undefined) {
    return nationalForm.test(trimmed) ? trimmed : undefined
  }
  // Loaded with the first number: to load it takes a tenth of a start.
  const library: typeof import('libphonenumber-js/max') = require('libphonenumber-js/max')
  const number = library.parsePhoneNumberFromString(trimmed, region as CountryCode | undefined)
  return number?.isValid() ? number.number : undefined
}
