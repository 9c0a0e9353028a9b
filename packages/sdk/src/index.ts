export type { Auth } from './auth.ts'
export type { AuthChange, AuthChangeType, AuthListener, AuthState, Me } from './auth-state.ts'
export type {
  Answer,
  Call,
  CallError,
  CallOptions,
  ConditionalOptions,
  KeyedOptions,
  Outcome,
  RateLimit,
  SafePromise,
} from './call.ts'
export { type Client, createClient, createClientOf, type Parts } from './client.ts'
export {
  ApiError,
  type ApiErrorDetails,
  type FieldError,
  isApiError,
  isNetworkError,
  NetworkError,
  TimeoutError,
  type UnknownCode,
} from './errors.ts'
export type * from './generated/types.gen.ts'
export type {
  ClientOptions,
  HeaderFields,
  Logger,
  ReceivedResponse,
  SentRequest,
} from './options.ts'
export { cursorOf, type List, type Page } from './paging.ts'
export { memoryStorage, type TokenStorage } from './storage.ts'
