import type { AddBlocklistInput } from '@bangui/shared'

/** As the server has it (`MAX_UPLOAD_BYTES`), whose file of models is too large for a page. */
const MAX_UPLOAD_BYTES = 3_000_000

/** Returns a file as it is sent: one that is too large as it is gets packed. @throws Error with a sentence */
export async function readUpload(file: File): Promise<NonNullable<AddBlocklistInput['upload']>> {
  const isPacked = /\.(?:gz|zip)$/i.test(file.name)
  const packs = file.size > MAX_UPLOAD_BYTES && !isPacked && 'CompressionStream' in window
  const stream = packs ? file.stream().pipeThrough(new CompressionStream('gzip')) : file.stream()
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  if (bytes.length > MAX_UPLOAD_BYTES)
    throw new Error('The file is larger than 3 MB, also when it is packed.')
  return { name: packs ? `${file.name}.gz` : file.name, content: toBase64(bytes) }
}

/** A long list of arguments would be too long for the stack. */
const BYTES_AT_ONCE = 32_768

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE)
    text += String.fromCodePoint(...bytes.subarray(at, at + BYTES_AT_ONCE))
  return btoa(text)
}
