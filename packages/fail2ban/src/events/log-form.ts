import { cleanText } from '@bangui/shared'
import { readEnd } from '../host/log-tail.ts'

/** Notices a log that fail2ban writes in a form of the user's (`logtarget = …[format=…]`), of which nothing can be read. */
export interface LogForm {
  /** Takes in a line that was read. */
  see(text: string): void
  /** Looks at the last lines of a log of which none was read yet. */
  look(path: string): Promise<void>
  /** Returns a line of an unknown form, cleaned; null where the form is the usual one, or not known yet. */
  strange(): string | null
}

const usual =
  /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[,.]\d{3})? )?fail2ban(?:\.\w+)? {0,24}\[\d{1,10}\]: [A-Z]{4,9} {1,8}/
/** Words that only fail2ban logs: other lines without the usual beginning continue a long message. */
const itsWords =
  /(?:\[(?:[^\]]|\](?! )){1,255}\] (?:Ban|Restore Ban|Unban|Found) \S.{0,99}|Jail '[^']{1,255}' started|Starting Fail2ban v\S{1,40})$/u
/** as far as its words reach from the end of a line */
const MAX_WORDS = 400
const MAX_SAMPLE = 120
const LOOK_BYTES = 8 * 1024

/** Creates a {@link LogForm} that has seen no line. */
export function createLogForm(): LogForm {
  let hasSeen = false
  let sample: string | null = null
  const see = (text: string) => {
    hasSeen = true
    if (usual.test(text)) sample = null
    else if (itsWords.test(text.trimEnd().slice(-MAX_WORDS))) sample ??= cleanText(text).slice(0, MAX_SAMPLE)
  }
  return {
    see,
    async look(path) {
      if (hasSeen) return
      hasSeen = true
      const { text } = await readEnd(path, LOOK_BYTES).catch(() => ({ text: '' }))
      for (const line of text.split('\n')) see(line)
    },
    strange: () => sample,
  }
}
