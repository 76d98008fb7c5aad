import { type Api, createApi } from './create-api.ts'

export type { Api } from './create-api.ts'

/** The API of the server that this page came from, under any base path. */
export const api: Api = createApi({ url: new URL('trpc', document.baseURI).href })
