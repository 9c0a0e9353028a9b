import { createClient } from '@rollcall/sdk'
import { recordingFetch } from './calls.ts'

/**
 * The one client of the panel. The refresh token is in a cookie that no script reads, the access
 * token in memory: a script that gets in finds nothing to take away (ASVS 14.3.3).
 */
export const client = createClient({
  baseUrl: window.location.origin,
  mode: 'cookie',
  fetch: recordingFetch,
})
