import { createClient } from '@rollcall/sdk'

export const client = createClient({ baseUrl: location.origin, mode: 'cookie' })
