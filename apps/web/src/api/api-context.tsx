import { createContext, type JSX, useContext } from 'solid-js'
import { api, type Api } from './client.ts'

const ApiContext = createContext<Api>(api)

/** Gives another API to what is inside: for tests and previews. */
export function ApiProvider(props: { api: Api; children: JSX.Element }): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the API never changes
  return <ApiContext.Provider value={props.api}>{props.children}</ApiContext.Provider>
}

/** The API that pages ask. */
export const useApi = (): Api => useContext(ApiContext)
