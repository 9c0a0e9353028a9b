/**
 * As much of Next.js as the README of the SDK uses, with the same types and the same refusals: the
 * real one weighs more than all else that is installed here.
 */
export const nextStub = {
  'node_modules/next/package.json': JSON.stringify({
    name: 'next',
    type: 'module',
    exports: Object.fromEntries(
      ['headers', 'navigation', 'server'].map((name) => [
        `./${name}`,
        { types: `./${name}.d.ts`, default: `./${name}.js` },
      ]),
    ),
  }),

  'node_modules/next/headers.d.ts': `
    interface CookieOptions {
      httpOnly?: boolean
      secure?: boolean
      sameSite?: true | false | 'lax' | 'strict' | 'none'
      path?: string
      maxAge?: number
    }
    export interface Cookies {
      get(name: string): { name: string; value: string } | undefined
      set(name: string, value: string, options?: CookieOptions): unknown
    }
    export function cookies(): Promise<Cookies>`,

  'node_modules/next/headers.js': `
    export async function cookies() {
      const { values, isReadOnly } = globalThis.next
      return {
        get: (name) => values.has(name) ? { name, value: values.get(name) } : undefined,
        set(name, value) {
          if (isReadOnly) throw new Error('Cookies can only be modified in a Server Action.')
          if (value) values.set(name, value)
          else values.delete(name)
        },
      }
    }`,

  'node_modules/next/navigation.d.ts': `export function redirect(url: string): never`,

  'node_modules/next/navigation.js': `
    export function redirect(url) {
      throw Object.assign(new Error('NEXT_REDIRECT'), { url })
    }`,

  'node_modules/next/server.d.ts': `
    import type { Cookies } from './headers.js'
    export declare class NextRequest extends Request {
      readonly cookies: Pick<Cookies, 'get'> & { set(name: string, value: string): unknown }
    }
    export declare class NextResponse extends Response {
      readonly cookies: Cookies
      static next(init?: { request?: { headers?: Headers } }): NextResponse
    }`,

  'node_modules/next/server.js': `
    export class NextResponse {
      headers = new Headers()
      cookies = { set: (name, value) => globalThis.next.values.set(name, value) }
      static next = () => new NextResponse()
    }`,
}
