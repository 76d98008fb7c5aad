import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** The built web interface. */
export interface WebFiles {
  /** identifies this build: its page names every file by a hash of its content */
  readonly build: string
  /** Returns the file of a path; null: there is none. */
  find(path: string, request: Request): Response | null
  /** The page that starts the interface. */
  page(): Response
}

interface WebFile {
  readonly type: string
  readonly etag: string
  readonly content: Uint8Array<ArrayBuffer>
  /** the same, compressed: by `br` and `gz` */
  readonly encoded: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/**
 * Returns the files of a build, read once (less than a megabyte): nothing else is served, whatever the path, and a new
 * build does not break open pages. Null when nothing is built there.
 */
export function openWebFiles(webDir: string, basePath: string): WebFiles | null {
  const files = listFiles(webDir)
  const index = files.get('index.html')
  if (!index) return null
  const build = index.etag.replaceAll('"', '')
  const page = withHead(Buffer.from(index.content).toString(), { basePath, build })
  files.delete('index.html')

  return {
    build,
    find(path, request) {
      const file = files.get(path)
      return file ? answer(file, path, request) : null
    },
    page: () =>
      new Response(page, { headers: { 'content-type': types['.html'] ?? '', 'cache-control': 'no-store' } }),
  }
}

function listFiles(webDir: string): Map<string, WebFile> {
  const files = new Map<string, WebFile>()
  const names = readNames(webDir)
  for (const name of names) {
    const path = join(webDir, name)
    if (/\.(br|gz)$/.test(name) || !statSync(path).isFile()) continue
    const content = readFileSync(path)
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
    const suffixes = ['br', 'gz'].filter((suffix) => names.includes(`${name}.${suffix}`))
    const encoded = new Map(suffixes.map((suffix) => [suffix, readFileSync(`${path}.${suffix}`)]))
    const type = types[extname(name)] ?? 'application/octet-stream'
    files.set(name.replaceAll(sep, '/'), { type, etag, content, encoded })
  }
  return files
}

function readNames(webDir: string): string[] {
  try {
    return readdirSync(webDir, { recursive: true, encoding: 'utf8' })
  } catch {
    // no folder: nothing is built
    return []
  }
}

function answer(file: WebFile, path: string, request: Request): Response {
  const headers = new Headers({
    'content-type': file.type,
    'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
  })
  if (file.encoded.size > 0) headers.set('vary', 'accept-encoding')
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (known.some((tag) => tag.trim().replace(/^W\//, '') === file.etag))
    return new Response(null, { status: 304, headers })
  const encoding = chooseEncoding(file, request.headers.get('accept-encoding') ?? '')
  if (encoding) headers.set('content-encoding', encoding === 'gz' ? 'gzip' : encoding)
  return new Response((encoding && file.encoded.get(encoding)) || file.content, { headers })
}

function chooseEncoding(file: WebFile, accepted: string): string | undefined {
  const wanted = accepted
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';'))
    .filter(([, quality]) => !/q=0(\.0*)?\s*$/.test(quality ?? ''))
  const names = new Set(wanted.map(([name]) => name?.trim()))
  return [...file.encoded.keys()].find((encoding) => names.has(encoding === 'gz' ? 'gzip' : encoding))
}

/** Every relative address of the page starts at the base path: the element has to come before all of them. The page knows its build. */
const withHead = (html: string, { basePath, build }: { basePath: string; build: string }) =>
  html
    .replace(/\s*<base\b[^>]*>/i, '')
    .replace(
      /<head\b[^>]*>/i,
      (head) =>
        `${head}\n    <base href="${basePath}" />\n    <meta name="bangui-build" content="${build}" />`,
    )
