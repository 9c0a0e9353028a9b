/** What a client can be made of: `createClientOf({ auth, users }, { baseUrl })`. */
export { auth } from './auth.ts'
export * from './generated/parts.gen.ts'
