import { MAX_LIST_BYTES, type ListExpectation } from '@bangui/shared'
import { FetchError } from '../../lib/fetch-error.ts'
import type { FetchAnswer, FetchPublic } from '../../lib/fetch-public.ts'
import { ListError } from './list-error.ts'
import { parseAll, readList, type ReadList } from './read-list.ts'

/** How long the download of a list may take. */
const FETCH_TIMEOUT_MS = 120_000
const MAX_REDIRECTS = 5

/** What a server said about the version that it sent last. */
export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
}

export interface FetchedList extends Validators {
  readonly list: ReadList
}

export interface ListRequest {
  readonly url: string
  readonly expected: ListExpectation
  readonly signal: AbortSignal
  /** of the version that is stored: the same one is not sent again @default none is stored */
  readonly validators?: Validators | undefined
}

/** Fetches a list and reads it; undefined: it has not changed. @throws ListError with a sentence; the reason of the signal */
export async function fetchList(
  fetchPublic: FetchPublic,
  { url, expected, signal, validators }: ListRequest,
): Promise<FetchedList | undefined> {
  return withSentence(signal, async () => {
    const answer = await ask(fetchPublic, url, { signal, validators })
    if (answer.status === 304 && validators) {
      answer.close()
      return undefined
    }
    requireContent(answer)
    const list = await readList(answer.body, expected, signal)
    const { etag = null, 'last-modified': lastModified = null } = answer.headers
    return { list, etag, lastModified }
  })
}

/** Fetches and parses a list for a preview, whatever it contains. @throws ListError; the reason of the signal */
export const fetchAnything = (
  fetchPublic: FetchPublic,
  { url, expected, signal }: Omit<ListRequest, 'validators'>,
): Promise<ReadList> =>
  withSentence(signal, async () => {
    const answer = await ask(fetchPublic, url, { signal })
    requireContent(answer)
    return parseAll(answer.body, expected, signal)
  })

function ask(
  fetchPublic: FetchPublic,
  url: string,
  { signal, validators }: Pick<ListRequest, 'signal' | 'validators'>,
): Promise<FetchAnswer> {
  return fetchPublic({
    url,
    headers: {
      accept: 'text/plain, text/csv, */*;q=0.5',
      'user-agent': 'BanGUI',
      ...(validators?.etag && { 'if-none-match': validators.etag }),
      ...(validators?.lastModified && { 'if-modified-since': validators.lastModified }),
    },
    maxBytes: MAX_LIST_BYTES,
    timeoutMs: FETCH_TIMEOUT_MS,
    maxRedirects: MAX_REDIRECTS,
    signal,
  })
}

function requireContent(answer: FetchAnswer): void {
  if (answer.status === 200) return
  answer.close()
  throw new ListError(`${new URL(answer.url).host} answered with status ${answer.status} instead of a list.`)
}

async function withSentence<TResult>(signal: AbortSignal, work: () => Promise<TResult>): Promise<TResult> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof FetchError ? new ListError(error.message, { cause: error }) : error
  }
}
