import { createContext, type JSX, useContext } from 'solid-js'
import { api, type Api } from './client.ts'

const ApiContext = createContext<Api>(api)

/** Provides another API to its children: for tests and previews. */
export function ApiProvider(props: { api: Api; children: JSX.Element }): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- a provider keeps the API that it was made with
  return <ApiContext.Provider value={props.api}>{props.children}</ApiContext.Provider>
}

/** Returns the API of the pages. */
export const useApi = (): Api => useContext(ApiContext)
