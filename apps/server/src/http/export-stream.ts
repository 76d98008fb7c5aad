import type { ExportFormat } from './export-format.ts'
import type { ExportPage, ExportTable } from './export-tables.ts'

export interface ExportStreamOptions {
  readonly table: ExportTable
  readonly format: ExportFormat
  /** read already, so that what is wrong could still be told */
  readonly first: ExportPage
  /** cuts the file off */
  readonly signal: AbortSignal
  /** called once, with the error that cut the file off or without one */
  readonly onEnd: (error?: unknown) => void
}

/**
 * The file, page by page as it is read: one page in memory, the next one only when the reader wants it. When a page
 * cannot be had the stream breaks: a file that is short must not look whole.
 */
export function streamExport(options: ExportStreamOptions): ReadableStream<Uint8Array> {
  const { table, format, first, signal, onEnd } = options
  const encoder = new TextEncoder()
  let page: ExportPage | null = first
  let text = format.header(table.names)

  const next = async () => {
    if (!page) return null
    const rows = page.rows.map((row) => format.row(table.names, row))
    const chunk = text + rows.join('')
    text = ''
    page = page.nextCursor === null ? null : await table.page(page.nextCursor, signal)
    return chunk
  }
  let stop: () => void = () => undefined
  const end = (error?: unknown) => {
    signal.removeEventListener('abort', stop)
    onEnd(error)
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = () => {
          controller.error(signal.reason)
          end(signal.reason)
        }
        signal.addEventListener('abort', stop, { once: true })
      },
      async pull(controller) {
        try {
          const chunk = await next()
          if (signal.aborted) return
          if (chunk !== null) controller.enqueue(encoder.encode(chunk))
          if (page) return
          controller.close()
          end()
        } catch (error) {
          if (signal.aborted) return
          controller.error(error)
          end(error)
        }
      },
      cancel: () => end(),
    },
    { highWaterMark: 0 },
  )
}
