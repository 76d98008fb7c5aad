/** Returns a new operation id; `crypto.randomUUID` is missing on a page that is not served over HTTPS. */
export function createOperationId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
