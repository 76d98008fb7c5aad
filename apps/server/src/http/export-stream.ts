import type { ExportFormat } from './export-format.ts'
import type { ExportPage, ExportTable } from './export-tables.ts'

export interface ExportStreamOptions {
  readonly table: ExportTable
  readonly format: ExportFormat
  /** already read, so that an error could still be returned */
  readonly first: ExportPage
  /** cuts the file off */
  readonly signal: AbortSignal
  /** ends the connection, in the middle of the file */
  readonly cut: () => void
  /** called once, with the error that cut the file off or without one */
  readonly onEnd: (error?: unknown) => void
}

/**
 * The file, page by page as it is read: one page in memory, the next one only when the reader wants it. When a page
 * cannot be had the connection is cut: a file that is short must not look whole. (The stream itself never fails: the
 * adapter would write the error's words into the file, and on the console.)
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
  let isOver = false
  const end = (error?: unknown) => {
    if (isOver) return
    isOver = true
    signal.removeEventListener('abort', abandon)
    if (error !== undefined) options.cut()
    onEnd(error)
  }
  const abandon = () => end(signal.reason)
  signal.addEventListener('abort', abandon, { once: true })
  if (signal.aborted) abandon()

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = await next()
          if (isOver) return
          if (chunk !== null) controller.enqueue(encoder.encode(chunk))
          if (page) return
          controller.close()
          end()
        } catch (error) {
          end(error)
        }
      },
      cancel: () => end(),
    },
    { highWaterMark: 0 },
  )
}
