/**
 * Characters that are invisible, break a line, or change the direction of writing: DEL and the C1 controls, format
 * characters (bidi marks, zero-width ones), everything that Unicode lets a program ignore, and the separators of lines
 * and paragraphs.
 */
const hidden = String.raw`\u007F-\u009F\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}`

const hiddenOnly = new RegExp(`[${hidden}]`, 'gu')
/** with the C0 controls, but without line feed and tab */
const unwanted = new RegExp(`[\\u0000-\\u0008\\u000B-\\u001F${hidden}]`, 'gu')

const terminalSequences = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\](?:[^\u0007\u001B\n]*(?:\u0007|\u001B\\))?|.)/g

/**
 * Returns a text from elsewhere, such as a log line or the output of a program, that is safe to show: without terminal
 * sequences, and without control or hidden characters except line feeds and tabs.
 */
export const cleanText = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll(terminalSequences, '').replaceAll(unwanted, '').trim()

/**
 * Returns a name, or a sentence that contains names, for display: control and hidden characters except line feeds and
 * tabs are written as escapes, so that two names never look alike. The raw name stays the key.
 */
export const showHidden = (text: string): string =>
  text.replaceAll(unwanted, (character) => `\\u{${codeOf(character)}}`)

/** Returns JSON text with its hidden characters as JSON escapes; it parses to the same value. */
export const escapeHidden = (line: string): string =>
  line.replaceAll(hiddenOnly, (character) =>
    character
      .split('')
      .map((unit) => `\\u${codeOf(unit).padStart(4, '0')}`)
      .join(''),
  )

const codeOf = (character: string) => (character.codePointAt(0) ?? 0).toString(16)
