import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { configQueries } from './queries.ts'

/** Returns what the whole page of the configuration needs to know. */
export function createSources() {
  const api = useApi()
  const parts = useQuery(() => configQueries.parts(api))
  const files = useQuery(() => configQueries.files(api))
  const options = useQuery(() => configQueries.options(api))
  const problem = () => {
    const query = [parts, files].find(({ isError }) => isError)
    return query && describeError(query.error).message
  }
  return {
    options,
    problem,
    isLoading: () => parts.isPending || files.isPending,
    tree: () => ({
      jails: parts.data?.jails,
      filters: parts.data?.filters,
      actions: parts.data?.actions,
      files: files.data?.files,
      options: options.data,
    }),
    header: () => ({
      jails: parts.data?.jails,
      filters: parts.data?.filters,
      actions: parts.data?.actions,
      configDir: files.data?.configDir,
      write: files.data?.write,
    }),
  }
}

/** What the whole page of the configuration needs to know. */
export type Sources = ReturnType<typeof createSources>
