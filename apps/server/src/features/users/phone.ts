import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'

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
  const number = parsePhoneNumberFromString(trimmed, region as CountryCode | undefined)
  return number?.isValid() ? number.number : undefined
}
