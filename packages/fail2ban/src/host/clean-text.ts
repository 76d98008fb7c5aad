const terminalSequences = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\](?:[^\u0007\u001B\n]*(?:\u0007|\u001B\\))?|.)/g

const controlCharacters =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g

/** Text of a tool or a log made fit to show: no terminal sequences, control or direction characters but line breaks and tabs. */
export const cleanText = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll(terminalSequences, '').replaceAll(controlCharacters, '').trim()

/** The first and last part of a text that is longer than `limit` characters, with a note of what is left out. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const half = Math.floor(limit / 2)
  return `${text.slice(0, half)}\n[${text.length - 2 * half} characters left out]\n${text.slice(-half)}`
}
