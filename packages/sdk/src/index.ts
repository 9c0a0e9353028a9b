export type { Auth } from './auth.ts'
export type { Answer, Call, CallOptions, ConditionalOptions } from './call.ts'
export { type Client, type ClientOptions, createClient } from './client.ts'
export {
  ApiError,
  type ApiErrorDetails,
  type FieldError,
  isApiError,
  NetworkError,
  type UnknownCode,
} from './errors.ts'
export type * from './generated/types.gen.ts'
export type { List, Page } from './paging.ts'
export { memoryStorage, type TokenStorage } from './storage.ts'
