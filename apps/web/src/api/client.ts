import { type Api, createApi } from './create-api.ts'

export type { Api } from './create-api.ts'

/** The API of the server that this page came from, under whatever path that is. */
export const api: Api = createApi({ url: new URL('trpc', document.baseURI).href })
